"""Figures of taggers: AUC, F1, log loss, accuracy, calibration, and bootstrapped intervals over films. Numpy only."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Targets = NDArray[np.float32]


def auc(scores: NDArray[np.floating], y: Targets) -> float:
    """Area under the ROC curve of one label, ties counted half; NaN where only one class occurs."""
    positive = float(y.sum())
    negative = len(y) - positive
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[y > 0].sum() - positive * (positive + 1) / 2) / (positive * negative))


def macro_auc(scores: NDArray[np.floating], y: Targets) -> float:
    """Mean AUC over the labels that occur and do not always occur."""
    return float(np.nanmean([auc(scores[:, j], y[:, j]) for j in range(y.shape[1])]))


def flattened_auc(scores: NDArray[np.floating], y: Targets) -> float:
    """AUC over all (film, label) pairs as one list, as two of the published figures were computed."""
    return auc(scores.ravel(), y.ravel())


def f1_scores(chosen: NDArray[np.bool_], y: Targets) -> tuple[float, float]:
    """Macro and micro F1; a label neither predicted nor present counts 0."""
    true = (chosen & (y > 0)).sum(axis=0).astype(float)
    total = chosen.sum(axis=0) + (y > 0).sum(axis=0)
    each = 2 * true / np.maximum(total, 1)
    return float(each.mean()), float(2 * true.sum() / max(1, total.sum()))


def log_loss(p: Floats, y: Targets) -> float:
    """Mean binary cross-entropy over all (film, label) pairs, nats."""
    q = np.clip(p, 1e-12, 1 - 1e-12)
    return float(-(y * np.log(q) + (1 - y) * np.log(1 - q)).mean())


def class_figures(p: Floats, classes: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy, macro F1 over the classes that occur, and log loss of one-of-N predictions."""
    chosen = p.argmax(axis=1)
    f1 = []
    for c in np.unique(classes):
        hit = float(((chosen == c) & (classes == c)).sum())
        f1.append(2 * hit / float((chosen == c).sum() + (classes == c).sum()))
    loss = -np.log(np.maximum(p[np.arange(len(p)), classes], 1e-12)).mean()
    return {"accuracy": float((chosen == classes).mean()), "macro_f1": float(np.mean(f1)), "log_loss": float(loss)}


def confusion(p: Floats, classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts by true (row) and predicted (column) class."""
    found = np.zeros((p.shape[1], p.shape[1]), dtype=np.int64)
    np.add.at(found, (classes, p.argmax(axis=1)), 1)
    return found


def interval(
    figure: Callable[[NDArray[np.intp]], float], films: int, *, draws: int = 500, seed: int = 0
) -> tuple[float, float]:
    """95% interval of a figure by the percentile bootstrap over films.

    Args:
        figure: the figure on the films whose row numbers it is given.
        films: number of films.
        draws: bootstrap samples.
    """
    rng = np.random.default_rng(seed)
    values = [figure(rng.integers(0, films, films)) for _ in range(draws)]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def precision_recall(scores: NDArray[np.floating], y: Targets) -> tuple[Floats, Floats]:
    """Recall and precision at every cut, from the highest score down; equal scores fall together.

    Args:
        scores: (rows,) of one label, or of several laid end to end.
        y: 0/1 targets of the same shape, of which at least one is 1.
    """
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(y[order])[last]
    return hits / hits[-1], hits / (last + 1)


def average_precision(scores: NDArray[np.floating], y: Targets) -> float:
    """Mean precision over the recall gained at each cut (no interpolation)."""
    recall, precision = precision_recall(scores, y)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))
