"""Labels that a source knows nothing about, filled in by the model as it stands. Needs the extra [train].

TMDB has no "Biography", "Sport" or "Film-Noir"; left out of the loss, these labels learn from few films. The
tagger's own calibrated probabilities (net and n-grams together) serve as soft targets at half weight: self-training, as
in Xie et al., "Self-training with Noisy Student" (2020), where dropped tokens are the noise.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cinefile.genres.calibration import apply_platt, fit_platt
from cinefile.genres.labels import MIAD_LABELS
from cinefile.genres.training import corpus
from cinefile.genres.training.films import Film
from cinefile.genres.training.loop import Examples, predict
from cinefile.genres.training.net import TaggerNet
from cinefile.genres.training.ngram_part import FEATURES, NgramPart
from cinefile.text.compose import compose

_WEIGHT = 0.5
_NGRAM_SHARE = 0.35
_LIMIT = 256


def fill_unknown(
    data: Examples, films: Sequence[Film], net: TaggerNet, ngrams: NgramPart, validation: Sequence[Film]
) -> Examples:
    """`data` with soft targets where its weights are 0.

    Args:
        data: examples of `films`.
        net: the net as it stands.
        ngrams: the n-gram part.
        validation: held-out films; those of MIAD calibrate the probabilities.
    """
    held = [f for f in validation if f.source == "miad"]
    tokenised = data.films.others(held)
    table = ngrams.pruned(FEATURES).table()

    def logits(some: Sequence[Film], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        counted = table.scores([compose(f.plot, f.title, f.year) for f in some])[:, : len(MIAD_LABELS)]
        return np.float32(1 - _NGRAM_SHARE) * vectors + np.float32(_NGRAM_SHARE) * counted

    pairs = fit_platt(logits(held, predict(net, tokenised, _LIMIT)[0]), corpus.targets(held)[0])
    rows = np.flatnonzero((data.weight == 0).any(axis=1))
    some = [films[int(i)] for i in rows]
    guessed = apply_platt(logits(some, predict(net, data.films.others(some), _LIMIT)[0]), pairs)
    y, weight = data.y.copy(), data.weight.copy()
    unknown = weight[rows] == 0
    y[rows] = np.where(unknown, guessed, y[rows])
    weight[rows] = np.where(unknown, _WEIGHT, weight[rows])
    return replace(data, y=y, weight=weight)
