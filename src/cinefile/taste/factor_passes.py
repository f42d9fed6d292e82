"""What training of the factor model does with one block of people: pure functions, for `blocks.Loop.sum`."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.blocks import Block, State, Sums
from cinefile.taste.factor_core import (
    Array,
    Moments,
    expected_error,
    moments,
    noise_weights,
    packed_sums,
    shares,
    solve,
    statistics,
)

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
class Films:
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


def update(block: Block, kept: State, given: Films) -> tuple[Sums, State]:
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


def _held_error(block: Block, films: Moments, given: Films, people: Array) -> tuple[float, int]:
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
