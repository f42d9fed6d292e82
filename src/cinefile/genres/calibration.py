"""From logits to probabilities people can use: Platt scaling, thresholds by expected F1, calibration error. Numpy only.

Platt scaling: Platt, "Probabilistic outputs for support vector machines" (1999), here with each label's pair of numbers
drawn towards the pair that fits all labels together, since rare labels have few rows to fit on. Thresholds: for
calibrated probabilities the F1 that a threshold will have can be reckoned without labels (Lipton et al., "Optimal
thresholding of classifiers to maximize F1 measure", 2014), which is far steadier than counting hits on few rows.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def expit(x: NDArray[np.floating[Any]]) -> Floats:
    """The logistic function. Not SciPy's, whose import takes a quarter of a second of every `cinefile tag`."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=np.float64)))


def fit_platt(logits: NDArray[np.float32], y: NDArray[np.float32], prior: float = 4.0) -> Floats:
    """Slope and offset per label, (labels, 2).

    Args:
        logits: (rows, labels).
        y: 0/1 targets, (rows, labels).
        prior: how strongly a label's pair is drawn to the common one.
    """
    common = _newton(logits.ravel(), y.ravel(), np.array([1.0, 0.0]), 1e-3)
    columns = range(logits.shape[1])
    return np.stack([_newton(logits[:, j], y[:, j], common, prior) for j in columns])


def _newton(z: NDArray[np.float32], y: NDArray[np.float32], centre: Floats, prior: float, steps: int = 30) -> Floats:
    x = np.stack([z, np.ones_like(z)], axis=1).astype(np.float64)
    pair = centre.copy()
    for _ in range(steps):
        p = expit(x @ pair)
        gradient = x.T @ (p - y) + prior * (pair - centre)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + prior * np.eye(2)
        move = np.linalg.solve(hessian, gradient)
        pair -= np.clip(move, -1, 1)
        if np.abs(move).max() < 1e-8:
            break
    return pair


def apply_platt(logits: NDArray[np.float32], pairs: Floats) -> Floats:
    """Probabilities, (rows, labels)."""
    found: Floats = expit(logits * pairs[:, 0] + pairs[:, 1])
    return found


def best_thresholds(probabilities: Floats) -> Floats:
    """Thresholds of the highest expected F1 per label, (labels,)."""
    return np.array([_best_threshold(column) for column in probabilities.T])


def best_common_threshold(probabilities: Floats) -> float:
    """The one threshold of the highest expected micro F1 over all labels."""
    return _best_threshold(probabilities.ravel())


def _best_threshold(p: Floats) -> float:
    ordered = np.sort(p)[::-1]
    # 2 TP / (predicted + actual), each in expectation, for "predict the k most probable".
    expected = 2 * np.cumsum(ordered) / (np.arange(1, len(p) + 1) + p.sum())
    k = int(np.argmax(expected))
    below = ordered[k + 1] if k + 1 < len(p) else 0.0
    return float((ordered[k] + below) / 2)


def calibration_error(probabilities: Floats, y: NDArray[np.float32], bins: int = 10) -> float:
    """Expected calibration error of one label: the mean gap between probability and frequency over equal-width bins.

    Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning" (2015).
    """
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = places == b
        if inside.any():
            error += inside.mean() * abs(float(probabilities[inside].mean()) - float(y[inside].mean()))
    return float(error)


def softmax(logits: NDArray[np.float32]) -> Floats:
    """Probabilities of one-of-N logits, (rows, classes)."""
    shifted = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64))
    found: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return found


def fit_temperature(logits: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    """The number to divide one-of-N logits by for the lowest log loss (Guo et al., "On calibration", 2017)."""
    rows = np.arange(len(classes))
    grid = np.geomspace(0.3, 5.0, 60)
    losses = [-np.log(np.maximum(softmax(logits / t)[rows, classes], 1e-12)).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])
