"""The arithmetic of the factor model, as pure functions on arrays (docs/taste.md has the equations).

Every person and every film has a vector of d = k + 1 numbers: k factors, then a bias. Seen from one side (say the
people), the other side's vectors are *features*: the k factors and a constant one, with the other side's bias as an
offset to be taken off the stars. Both sides are updated by the same three steps, each a function here:

    moments     expectations over the other side's posterior, one row per film       (films, d(d+1)/2 + d + 2)
    accumulate  their sums over the films that each person rated: sparse times dense   -> Statistics of these people
    solve       one small linear system per person, all at once                        -> posterior mean, covariance

`accumulate` needs only the ratings of the people concerned, so that people can be spread over threads or machines.
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
        count: (n,) number of ratings.
    """

    outer: Array
    target: Array
    square: Array
    count: Array


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


def accumulate(stars: sp.csr_matrix, seen: sp.csr_matrix, other: Moments, square: Array) -> Statistics:
    """Sum the other side's moments over each row's ratings.

    Args:
        stars: (n, m) CSR, stars less the mean.
        seen: (n, m) CSR of ones in the same places.
        other: the moments of the m rows of the other side.
        square: (n,) sum of w y² over each row's ratings (it never changes, so the caller keeps it).
    """
    n, d = stars.shape[0], other.feature.shape[1]
    sums = seen @ other.packed
    weighted = stars @ np.column_stack([other.feature, other.packed[:, -2]])
    upper = np.triu_indices(d)
    size = len(upper[0])
    outer = np.empty((n, d, d), dtype=sums.dtype)
    outer[:, upper[0], upper[1]] = sums[:, :size]
    outer[:, upper[1], upper[0]] = sums[:, :size]
    target = weighted[:, :d] - sums[:, size : size + d]
    return Statistics(outer, target, square - 2 * weighted[:, d] + sums[:, -1], np.diff(stars.indptr))


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
    return np.maximum(statistics.square - 2 * fitted + np.einsum("nij,nij->n", statistics.outer, second), 1e-6)


def prior_of(mean: Array, covariance: Array, prior_mean: Array, strength: float = 1.0) -> Array:
    """(d, d) precision of the prior, by maximum a posteriori from one side's posteriors.

    Args:
        mean: (n, d).
        covariance: (n, d, d).
        prior_mean: (n, d) what the rows' means were expected to be.
        strength: pseudo-rows of variance 0.1 that keep it invertible.
    """
    d = mean.shape[1]
    gap = (mean - prior_mean).astype(np.float64)
    spread = gap.T @ gap + covariance.sum(0, dtype=np.float64) + 0.1 * strength * np.eye(d)
    return np.linalg.inv(spread / (len(mean) + d))
