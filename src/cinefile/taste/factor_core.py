"""The arithmetic of the factor model, as pure functions on arrays (docs/taste.md has the equations).

Every person and every film has a vector of d = k + 1 numbers: k factors, then a bias. Seen from one side (say the
people), the other side's vectors are *features*: the k factors and a constant one, with the other side's bias as an
offset to be taken off the stars. Both sides are updated by the same three steps, each a function here:

    moments     expectations over the other side's posterior, one row per film       (films, d(d+1)/2 + d + 2)
    accumulate  their sums over the films that each person rated: sparse times dense   -> Statistics of these people
    solve       one small linear system per person, all at once                        -> posterior mean, covariance

`packed_sums` over some ratings need only these ratings, and add up: ratings can be spread over threads or machines.
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Array = NDArray[np.floating]


class Moments(NamedTuple):
    """Expectations over the posterior of one side's vectors v = (q, c), with features f = (q, 1); weighted by ``w``.

    Attributes:
        feature: (n, d) w E[f].
        packed: (n, d(d+1)/2 + d + 2) w times: upper triangle of E[f f'], E[c f], E[c], E[c²].
    """

    feature: Array
    packed: Array


class Statistics(NamedTuple):
    """Sums over each row's ratings.

    Attributes:
        outer: (n, d, d) sum of E[f f'].
        target: (n, d) sum of E[(y - c) f], y being stars less the mean.
        square: (n,) sum of E[(y - c)²].
        ratings: (n,) number of ratings.
    """

    outer: Array
    target: Array
    square: Array
    ratings: NDArray[np.integer]


def moments(mean: Array, covariance: Array | None, weight: Array | None = None) -> Moments:
    """Expectations of one side.

    Args:
        mean: (n, d) posterior means, the bias last.
        covariance: (n, d, d) posterior covariances; None for point estimates.
        weight: (n,) factor on every rating of the row; None for ones.
    """
    n, d = mean.shape
    upper = np.triu_indices(d)
    feature = mean.copy()
    feature[:, -1] = 1.0
    bias = mean[:, -1]
    packed = np.empty((n, len(upper[0]) + d + 2), dtype=mean.dtype)
    outer, cross = packed[:, : len(upper[0])], packed[:, len(upper[0]) : -2]
    np.multiply(feature[:, upper[0]], feature[:, upper[1]], out=outer)
    np.multiply(feature, bias[:, None], out=cross)
    packed[:, -2] = bias
    packed[:, -1] = bias * bias
    if covariance is not None:
        # The constant one has no variance: its row and column of the covariance count as zero.
        inner = covariance[:, upper[0], upper[1]].copy()
        inner[:, upper[1] == d - 1] = 0.0
        outer += inner
        cross[:, :-1] += covariance[:, :-1, -1]
        packed[:, -1] += covariance[:, -1, -1]
    if weight is not None:
        feature *= weight[:, None]
        packed *= weight[:, None]
    return Moments(feature, packed)


def packed_sums(stars: sp.spmatrix, seen: sp.spmatrix, other: Moments, weight: Array) -> Array:
    """Sums of the other side's moments over each row's ratings, still packed: they add up over parts of the ratings.

    Args:
        stars: (n, m) CSR (or the transpose of one), stars less the mean.
        seen: (n, m) ones in the same places.
        other: the moments of the m rows of the other side.
        weight: (m,) the weight that they carry.

    Returns:
        (n, d(d+1)/2 + 2d + 4): sums of ``other.packed``, of y times features and biases, and of w y².
    """
    squared = type(stars)((stars.data**2, stars.indices, stars.indptr), shape=stars.shape)
    weighted = stars @ np.column_stack([other.feature, other.packed[:, -2]])
    return np.hstack([seen @ other.packed, weighted, (squared @ weight)[:, None]])


def statistics(sums: Array, ratings: NDArray[np.integer], d: int) -> Statistics:
    """Packed sums of (n,) rows with so many ratings each, as ``solve`` wants them."""
    upper = np.triu_indices(d)
    size = len(upper[0])
    outer = np.empty((len(sums), d, d), dtype=sums.dtype)
    outer[:, upper[0], upper[1]] = sums[:, :size]
    outer[:, upper[1], upper[0]] = sums[:, :size]
    met, weighted, square = sums[:, size : size + d + 2], sums[:, size + d + 2 : -1], sums[:, -1]
    return Statistics(outer, weighted[:, :d] - met[:, :d], square - 2 * weighted[:, d] + met[:, -1], ratings)


def accumulate(stars: sp.csr_matrix, seen: sp.csr_matrix, other: Moments, weight: Array) -> Statistics:
    """Sum the other side's moments over each row's ratings; see ``packed_sums`` for the arguments."""
    return statistics(packed_sums(stars, seen, other, weight), np.diff(stars.indptr), other.feature.shape[1])


def solve(statistics: Statistics, prior_mean: Array, prior_precision: Array, precision: Array) -> tuple[Array, Array]:
    """Gaussian posterior of each row's vector.

    Args:
        statistics: sums over the rows' ratings.
        prior_mean: (n, d).
        prior_precision: (d, d), shared.
        precision: (n,) noise precision of each row's ratings.

    Returns:
        Means (n, d) and covariances (n, d, d).
    """
    system = statistics.outer * precision[:, None, None] + prior_precision
    right = statistics.target * precision[:, None] + prior_mean @ prior_precision
    covariance = np.linalg.inv(system)
    return np.matmul(covariance, right[:, :, None])[:, :, 0], covariance


def expected_error(statistics: Statistics, mean: Array, covariance: Array) -> Array:
    """(n,) expected squared error summed over each row's ratings, under both sides' posteriors."""
    fitted = np.einsum("ni,ni->n", statistics.target, mean)
    second = covariance + mean[:, :, None] * mean[:, None, :]
    error: Array = np.maximum(statistics.square - 2 * fitted + np.einsum("nij,nij->n", statistics.outer, second), 1e-6)
    return error


def prior_of(mean: Array, covariance: Array, prior_mean: Array) -> Array:
    """(d, d) precision of the prior, by maximum a posteriori from one side's posteriors.

    Args:
        mean: (n, d).
        covariance: (n, d, d).
        prior_mean: (n, d) what the rows' means were expected to be.
    """
    gap = (mean - prior_mean).astype(np.float64)
    return prior_precision(gap.T @ gap + covariance.sum(0, dtype=np.float64), len(mean))


def prior_precision(spread: NDArray[np.float64], rows: int) -> Array:
    """The same from its sums over the rows: (d, d) of the squared gaps and the covariances.

    Pseudo-rows of variance 0.1 keep it invertible.
    """
    d = len(spread)
    precision: Array = np.linalg.inv((spread + 0.1 * np.eye(d)) / (rows + d)).astype(np.float32)
    return precision


def shares(counts: NDArray[np.integer]) -> Array:
    """(n, 1) weight of each of a row's ratings in its implicit sum: the inverse root of their number (Koren 2008)."""
    share: Array = (1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)[:, None]
    return share


def noise_weights(error: Array, count: NDArray[np.integer], precision: float, strength: float) -> Array:
    """Each row's noise precision relative to the common one, under a gamma prior worth ``strength`` ratings."""
    weight: Array = ((strength + count) / (strength + error * precision)).astype(np.float32)
    return weight
