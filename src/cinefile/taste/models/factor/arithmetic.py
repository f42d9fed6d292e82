"""The arithmetic of the factor model, as pure functions on arrays (docs/taste.md has the equations)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.people_blocks import Block, State, Sums

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
    """Return the prior precision (d, d) from precomputed sums: ``spread`` sums squared gaps and covariances over rows.

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


_NOTHING = np.zeros(0)


def _gaps(block: Block, mean: float) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """A block's stars less the mean, and ones in the same places."""
    stars = block.stars
    gaps = sp.csr_matrix((stars.data - np.float32(mean), stars.indices, stars.indptr), shape=stars.shape)
    return gaps, _ones(stars)


def _ones(stars: sp.csr_matrix) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones_like(stars.data), stars.indices, stars.indptr), shape=stars.shape)


def film_gaps(block: Block, kept: State, mean: float) -> tuple[Sums, State]:
    """Of every film the sum of its stars less the mean (and, as column two, their number); in all, the people."""
    gaps, seen = _gaps(block, mean)
    one = np.ones((gaps.shape[0], 1), dtype=np.float32)
    return Sums(np.hstack([gaps.T @ one, seen.T @ one]).astype(np.float64), np.array([gaps.shape[0]])), None


@dataclass(frozen=True)
class Subspace:
    """Given to ``subspace``: the overall mean, the films' biases and vectors."""

    mean: float
    film_bias: Array
    vectors: Array


def subspace(block: Block, kept: State, given: Subspace) -> tuple[Sums, State]:
    """One step of subspace iteration on R'R, R being the stars less biases."""
    gaps, seen = _gaps(block, given.mean)
    bias, count = given.film_bias[block.films], np.diff(gaps.indptr)
    total = np.asarray(gaps.sum(axis=1)).ravel() - seen @ bias
    person_bias = (total / (count + 5.0)).astype(np.float32)
    left = gaps.data - bias[gaps.indices] - np.repeat(person_bias, count)
    residual = sp.csr_matrix((left, gaps.indices, gaps.indptr), shape=gaps.shape)
    return Sums(residual.T @ (residual @ given.vectors[block.films]), _NOTHING), None


@dataclass(frozen=True)
class FilmMoments:
    """Given to ``update``: all that the people's posterior depends on.

    Attributes:
        mean: of all stars.
        moments: of the films, weighted.
        weight: (films,) noise precision of films relative to the common one.
        implicit: (films, d) the people's prior means, a row per film that they met.
        prior: (d, d) precision of the people's prior.
        precision: common noise precision.
        strength: of the prior on the people's noise.
        scale: what the kept weights of people are multiplied with, to a geometric mean of one.
    """

    mean: float
    moments: Moments
    weight: Array
    implicit: Array
    prior: Array
    precision: float
    strength: float
    scale: float


def update(block: Block, kept: State, given: FilmMoments) -> tuple[Sums, State]:
    """People's posterior given the films, and what the films' posterior and the shared priors need of it.

    Returns:
        Rows: ``packed_sums`` for the films, with the people's new weights as they are; the people's means, each times
        its share, (d columns). Totals: sum of the weights' logarithms; of the held-out ratings' squared errors, and
        their number; (d,) sum of the means, each times the person's ratings; (d, d) sums of the means' squares and of
        the covariances. To keep: the new weights.
    """
    gaps, seen = _gaps(block, given.mean)
    count, d = np.diff(gaps.indptr), len(given.prior)
    films = Moments(given.moments.feature[block.films], given.moments.packed[block.films])
    sums = statistics(packed_sums(gaps, seen, films, given.weight[block.films]), count, d)
    share = shares(count)
    old = np.ones(len(count), dtype=np.float32) if kept is None else kept * np.float32(given.scale)
    noise = (given.precision * old).astype(np.float32)
    mean, covariance = solve(sums, share * (seen @ given.implicit[block.films]), given.prior, noise)
    weight = noise_weights(expected_error(sums, mean, covariance), count, given.precision, given.strength)
    rows = np.hstack([packed_sums(gaps.T, seen.T, moments(mean, covariance, weight), weight), seen.T @ (share * mean)])
    wide = mean.astype(np.float64)
    logs = np.log(weight).sum(dtype=np.float64)
    held = _held_error(block, films, given, mean)
    spread = covariance.sum(0, dtype=np.float64)
    totals = np.concatenate([[logs, *held], count @ wide, (wide.T @ wide).ravel(), spread.ravel()])
    return Sums(rows, totals), weight


def _held_error(block: Block, films: Moments, given: FilmMoments, people: Array) -> tuple[float, int]:
    """Sum of the held-out ratings' squared errors, foreseen by these people's means and the films'; their number."""
    held = block.held
    if held is None:
        return 0.0, 0
    film, row = held.indices, np.repeat(np.arange(held.shape[0]), np.diff(held.indptr))
    expected = np.einsum("nk,nk->n", people[row], films.feature[film]) + films.packed[film, -2]
    gaps = expected / given.weight[block.films][film] - (held.data - np.float32(given.mean))
    return float((gaps**2).sum(dtype=np.float64)), len(gaps)


def met(block: Block, kept: State, given: NDArray[np.float32]) -> tuple[Sums, State]:
    """Films' vectors (films, 2d) summed over each person's films, and back: the first half times the share, twice."""
    seen = _ones(block.stars)
    people = seen @ given[block.films]
    people[:, : people.shape[1] // 2] *= shares(np.diff(seen.indptr)) ** 2
    return Sums(seen.T @ people, _NOTHING), None


def halves(array: NDArray[np.floating]) -> NDArray[np.float16]:
    """float16; values too small for it become zero, and none here is too large (factors and stars are near one)."""
    return array.astype(np.float16)


def to_bytes(name: str, weights: NDArray[np.floating]) -> dict[str, NDArray[Any]]:
    """(n, m) numbers as int8 with one float32 scale per row, companded: a byte holds the root, with its sign.

    Most are a hundredth of their row's largest; in even steps they would all become zero.

    Returns:
        Two arrays, ``<name>_bytes`` and ``<name>_scale``.
    """
    scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True, initial=0.0), 1e-12)
    root = np.sign(weights) * np.sqrt(np.abs(weights) / scale)
    return {
        f"{name}_bytes": np.round(127 * root).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
    }


def from_bytes(name: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Back to float32."""
    root = arrays[f"{name}_bytes"].astype(np.float32) / 127
    weights: NDArray[np.float32] = np.sign(root) * root * root * arrays[f"{name}_scale"]
    return weights
