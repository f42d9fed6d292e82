"""What the factor model's prior means rest on: who met whom, and what is known of films (docs/taste.md)."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from cinefile.taste.factor_core import Array, prior_of
from cinefile.taste.factor_sides import Side, times


def fit_implicit(side: Side, other: Side, target: Array, ridge: float, steps: int, pool: ThreadPoolExecutor) -> None:
    """Ridge regression of ``target`` on the side's normalised rows of ones, by conjugate gradients from where it was.

    Solves (X'X + ridge I) W = X' target for all d columns at once, with X = share * seen and X' through the other
    side's rows, so that nothing is transposed. W and X W are the side's ``implicit`` and ``fitted``, before and after.
    """

    def forward(weights: Array) -> Array:
        return side.share * times(side.seen_blocks, weights, pool)

    def back(rows: Array) -> Array:
        return times(other.seen_blocks, side.share * rows, pool)

    weights, fitted = side.implicit, side.fitted
    residual = back(target - fitted) - ridge * weights
    direction = residual.copy()
    size = (residual**2).sum(0)
    for _ in range(steps):
        ahead = forward(direction)
        image = back(ahead) + ridge * direction
        step = size / np.maximum((direction * image).sum(0), 1e-20)
        weights = weights + step * direction
        fitted = fitted + step * ahead
        residual = residual - step * image
        before, size = size, (residual**2).sum(0)
        direction = residual + size / np.maximum(before, 1e-20) * direction
    side.implicit, side.fitted = weights, fitted


def prior_precision(side: Side) -> Array:
    """(d, d) how closely the side's vectors lie around their prior means."""
    # Rows without ratings sit on their prior and would only slow its learning down.
    met = side.counts > 0
    if met.all():
        return prior_of(side.mean, side.covariance, side.prior_mean).astype(np.float32)
    return prior_of(side.mean[met], side.covariance[met], side.prior_mean[met]).astype(np.float32)


class FilmRegression:
    """Ridge regression of the films' vectors on what is known of them; only rated films teach anything.

    Args:
        features: (films, m) CSR, a constant among them.
        rated: (films,) whether anybody rated the film.
        ridge: of the regression.
    """

    def __init__(self, features: sp.csr_matrix, rated: NDArray[np.bool_], ridge: float) -> None:
        self._every, self._rated = features, rated
        self._some = features[rated]
        gram = (self._some.T @ self._some).toarray() + ridge * np.eye(features.shape[1])
        self._factor = cho_factor(gram.astype(np.float32))

    def fitted(self, vectors: Array) -> Array:
        """(films, d) what the features make one expect, given all films' (films, d) vectors."""
        weights = cho_solve(self._factor, self._some.T @ vectors[self._rated])
        return np.asarray(self._every @ weights.astype(np.float32))
