"""Make the shipped model folder from a trained network: quantise, blend, calibrate, choose thresholds, write."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
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
from cinefile.genres.models.shipped import KIND
from cinefile.genres.training import corpus
from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS, LabelledFilm
from cinefile.genres.training.loop import Examples, predict
from cinefile.genres.training.network import TaggerNet
from cinefile.genres.training.ngram_part import FEATURES, NgramPart
from cinefile.text.encoder import OnnxModel, compose
from cinefile.text.ngrams import NgramScores
from cinefile.text.onnx_export import BertShape, Heads, Weights, write_encoder

_WEIGHT = 0.5
_NGRAM_SHARE = 0.35
_LIMIT = 256


def fill_unknown(
    data: Examples, films: Sequence[LabelledFilm], net: TaggerNet, ngrams: NgramPart, validation: Sequence[LabelledFilm]
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

    def logits(some: Sequence[LabelledFilm], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
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


_NGRAM_SHARES = np.linspace(0.0, 0.9, 19)
_EPS = 1e-12


def assemble(
    target: Path,
    weights: Weights,
    shape: BertShape,
    heads: Heads,
    tokenizer: Path,
    ngrams: NgramPart,
    validation: Sequence[LabelledFilm],
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
            "imdb27": _one_of([f for f in validation if f.source == "imdb27"], model, table),
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


def _texts(films: Sequence[LabelledFilm]) -> tuple[list[str], list[str]]:
    return [compose(f.plot, f.title, f.year) for f in films], [compose(f.plot) for f in films]


def _multilabel(films: Sequence[LabelledFilm], model: OnnxModel, table: NgramScores) -> dict[str, Any]:
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


def _one_of(films: Sequence[LabelledFilm], model: OnnxModel, table: NgramScores) -> dict[str, Any]:
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
