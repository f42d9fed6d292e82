"""The shipped tagger: one encoder and one n-gram table, one pass, two heads. No torch, no scikit-learn.

A label's logit is a weighted sum of the encoder's and the n-gram table's; Platt scaling (multi-label) or a temperature
(one of N), both fitted on validation films, makes probabilities of it.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import ModelError
from cinefile.genres.calibration import apply_platt, softmax
from cinefile.genres.genre_tagger import Floats, PlotTagger
from cinefile.modelfiles import ModelFolder
from cinefile.text.encoder import OnnxModel
from cinefile.text.ngrams import NgramScores

KIND = "tagger"


class ShippedTagger(PlotTagger):
    """Genres of plots.

    Args:
        folder: a model folder of kind ``tagger``.
        head: which label set: ``multilabel`` or ``imdb27``.
        threads: threads to use; None takes the setting ``threads``.

    Raises:
        ModelError: the folder is missing or damaged, or has no such head.
    """

    def __init__(self, folder: str | Path, head: str = "multilabel", *, threads: int | None = None) -> None:
        files = ModelFolder(folder, kind=KIND)
        self.folder, self.head = files.path, head
        try:
            facts: dict[str, Any] = files.facts["heads"][head]
            self.labels: list[str] = list(facts["labels"])
            self.one_of: bool = facts["one_of"]
            self._encoder_weight, self._ngram_weight = facts["weights"]
            self._columns = slice(*facts["ngram_columns"])
            self._output: str = facts["output"]
            self._pairs = np.array(facts.get("platt", []))
            self._temperature = float(facts.get("temperature", 1.0))
            self.thresholds: dict[str, float] = dict(zip(self.labels, facts["thresholds"], strict=True))
            self.threshold: float = facts["threshold"]
            longest = int(files.facts["ngrams"])
        except (KeyError, ValueError) as error:
            raise ModelError(f"{files.path} is no tagger with a head {head!r}: {error}.") from error
        arrays = files.arrays()
        vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
        table = (arrays["idf"], arrays["weights"], arrays["scale"], arrays["bias"])
        self._ngrams = NgramScores(vocabulary, *table, longest=longest)
        self._files, self._threads = files, threads

    @cached_property
    def _model(self) -> OnnxModel:
        return OnnxModel(self._files, threads=self._threads)

    def card(self) -> str:
        """What it was trained on, how good it is, and on which terms."""
        return self._files.card()

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `PlotTagger.logits`."""
        encoded = self._model.run(texts, [self._output])[self._output]
        table = self._ngrams.scores(texts)[:, self._columns]
        return np.float32(self._encoder_weight) * encoded + np.float32(self._ngram_weight) * table

    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """Calibrated probabilities of what `logits` gives, (texts, labels)."""
        if self.one_of:
            return softmax(logits / np.float32(self._temperature))
        return apply_platt(logits, self._pairs)
