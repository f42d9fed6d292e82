"""From a trained net and an n-gram part to the shipped folder: quantise, blend, calibrate, find thresholds, write.

Blend, calibration and thresholds are fitted on validation films, with the very 8-bit model that ships.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.genres.calibration import (
    apply_platt,
    best_common_threshold,
    best_thresholds,
    fit_platt,
    fit_temperature,
    softmax,
)
from cinefile.genres.labels import IMDB27_LABELS, MIAD_LABELS
from cinefile.genres.shipped import KIND
from cinefile.genres.training import corpus
from cinefile.genres.training.films import Film
from cinefile.genres.training.ngram_part import FEATURES, NgramPart
from cinefile.text.compose import compose
from cinefile.text.encoder import OnnxModel
from cinefile.text.export import Heads, write_encoder
from cinefile.text.graph import BertShape, Weights
from cinefile.text.ngrams import NgramScores

_NGRAM_SHARES = np.linspace(0.0, 0.9, 19)
_EPS = 1e-12


def assemble(
    target: Path,
    weights: Weights,
    shape: BertShape,
    heads: Heads,
    tokenizer: Path,
    ngrams: NgramPart,
    validation: Sequence[Film],
    *,
    features: int = FEATURES,
    max_tokens: int = 256,
    card: str = "",
    quantise: bool = True,
) -> dict[str, Any]:
    """Write the shipped tagger and return what was chosen.

    Args:
        target: the folder to write.
        weights: the encoder's arrays under their Hugging Face names.
        shape: its configuration.
        heads: ``multilabel`` and ``classes``, each (matrix, bias).
        tokenizer: its ``tokenizer.json``.
        ngrams: the n-gram part, in full.
        validation: films that neither part was trained on.
        features: n-grams that are kept.
        quantise: False for the full-precision twin that the 8-bit one is compared with.
    """
    kept = ngrams.pruned(features)
    table = kept.table()
    with tempfile.TemporaryDirectory() as scratch:
        facts = {"max_tokens": max_tokens}
        plain = write_encoder(
            Path(scratch) / "model", weights, shape, tokenizer, heads=heads, facts=facts, quantise=quantise
        )
        model = OnnxModel(plain)
        chosen = {
            "multilabel": _multilabel([f for f in validation if f.source == "miad"], model, table),
            "imdb27": _one_of([f for f in validation if f.source == "imdb"], model, table),
        }
    document = {"max_tokens": max_tokens, "ngrams": 2, "heads": chosen}
    write_encoder(
        target,
        weights,
        shape,
        tokenizer,
        heads=heads,
        kind=KIND,
        facts=document,
        arrays=kept.arrays(),
        card=card,
        quantise=quantise,
    )
    return chosen


def _texts(films: Sequence[Film]) -> tuple[list[str], list[str]]:
    return [compose(f.plot, f.title, f.year) for f in films], [compose(f.plot) for f in films]


def _multilabel(films: Sequence[Film], model: OnnxModel, table: NgramScores) -> dict[str, Any]:
    y, _ = corpus.targets(films)
    encoded, counted = [], []
    for texts in _texts(films):
        encoded.append(model.run(texts, ["multilabel"])["multilabel"])
        counted.append(table.scores(texts)[:, : len(MIAD_LABELS)])
    # People tag with and without title and year: the fit has to serve both.
    both, targets = [np.concatenate(v) for v in (encoded, counted)], np.concatenate([y, y])
    losses = {}
    for share in _NGRAM_SHARES:
        logits = (1 - share) * both[0] + share * both[1]
        p = apply_platt(logits, fit_platt(logits, targets))
        losses[share] = float(-(targets * np.log(p + _EPS) + (1 - targets) * np.log(1 - p + _EPS)).mean())
    share = min(losses, key=losses.__getitem__)
    logits = (1 - share) * both[0] + share * both[1]
    pairs = fit_platt(logits, targets)
    probabilities = apply_platt(logits, pairs)
    return {
        "labels": list(MIAD_LABELS),
        "one_of": False,
        "output": "multilabel",
        "weights": [round(float(1 - share), 4), round(float(share), 4)],
        "ngram_columns": [0, len(MIAD_LABELS)],
        "platt": pairs.round(5).tolist(),
        "thresholds": best_thresholds(probabilities).round(4).tolist(),
        "threshold": round(best_common_threshold(probabilities), 4),
        "validation_log_loss": {f"{s:.2f}": round(v, 5) for s, v in losses.items()},
    }


def _one_of(films: Sequence[Film], model: OnnxModel, table: NgramScores) -> dict[str, Any]:
    classes = corpus.classes(films)
    texts, _ = _texts(films)
    encoded = model.run(texts, ["classes"])["classes"]
    counted: NDArray[np.float32] = table.scores(texts)[:, len(MIAD_LABELS) :]
    rows = np.arange(len(films))
    losses, temperatures = {}, {}
    for share in _NGRAM_SHARES:
        logits = (1 - share) * encoded + share * counted
        temperatures[share] = fit_temperature(logits, classes)
        p = softmax(logits / np.float32(temperatures[share]))
        losses[share] = float(-np.log(p[rows, classes] + _EPS).mean())
    share = min(losses, key=losses.__getitem__)
    probabilities = softmax(((1 - share) * encoded + share * counted) / np.float32(temperatures[share]))
    return {
        "labels": list(IMDB27_LABELS),
        "one_of": True,
        "output": "classes",
        "weights": [round(float(1 - share), 4), round(float(share), 4)],
        "ngram_columns": [len(MIAD_LABELS), len(MIAD_LABELS) + len(IMDB27_LABELS)],
        "temperature": round(temperatures[share], 4),
        "thresholds": best_thresholds(probabilities).round(4).tolist(),
        "threshold": round(best_common_threshold(probabilities), 4),
        "validation_log_loss": {f"{s:.2f}": round(v, 5) for s, v in losses.items()},
    }
