"""Training of the factor model: rounds of variational updates of both sides and of everything they share.

One round: people given films, the people's prior; films given people, the films' prior; noise. docs/taste.md has the
equations. Everything is per block of rows, so memory beyond the ratings is a block's and the posteriors'.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from cinefile import settings
from cinefile.taste.factor_checkpoint import Checkpoint
from cinefile.taste.factor_cold import ColdFilms, learn_cold
from cinefile.taste.factor_core import Array, Statistics, accumulate, expected_error, moments, solve
from cinefile.taste.factor_priors import FilmRegression, fit_implicit, prior_precision
from cinefile.taste.factor_sides import Side, noise_weights
from cinefile.taste.factor_start import starting_vectors
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Ints


@dataclass(frozen=True)
class Plan:
    """Settings of one training run; see ``FactorModel`` for their meaning."""

    factors: int
    rounds: int
    ridge_people: float
    ridge_films: float
    ridge_features: float
    ridge_cold: float
    noise_strength: float
    gradient_steps: int
    seed: int


class Held(NamedTuple):
    """Ratings kept from training to watch it: equal-length rows, columns and stars less the mean."""

    rows: Ints
    columns: Ints
    gaps: Array


@dataclass
class Trained:
    """What training leaves, and what it is halfway.

    Attributes:
        people: of the two sides.
        films: the other.
        precision: of the common noise.
        errors: per round, root of the expected squared error; of the held-out ratings where there are any.
        cold: see ``factor_cold``; None until the last round is over.
    """

    people: Side
    films: Side
    precision: float = 1.2
    errors: list[float] = field(default_factory=list)
    cold: ColdFilms | None = None


def train(
    gaps: sp.csr_matrix,
    features: sp.csr_matrix,
    plan: Plan,
    watch: Watch,
    held: Held | None = None,
    checkpoint: Checkpoint | None = None,
) -> Trained:
    """Fit by variational EM.

    Args:
        gaps: (people, films) CSR of stars less the mean, float32.
        features: (films, m) CSR of what is known of films; m may be 0.
        plan: settings.
        watch: told after every round, with the error.
        held: ratings to watch the error on; else it is that of the training ratings.
        checkpoint: keeps the state after every round; training goes on from one of the same ratings and settings.
    """
    d = plan.factors + 1
    state = Trained(Side.start(gaps, d), Side.start(gaps.T.tocsr(), d))
    people, films = state.people, state.films
    people.prior_precision[:-1, :-1] *= 0.3  # the films' start is small: the people's side must be free to grow
    constant = sp.csr_matrix(np.ones((gaps.shape[1], 1), dtype=np.float32))
    regression = FilmRegression(sp.hstack([constant, features], format="csr"), films.counts > 0, plan.ridge_features)
    with ThreadPoolExecutor(settings.threads()) as pool:
        if checkpoint is None or not checkpoint.restore(state):
            films.mean[:, :-1] = starting_vectors(people, films, plan.factors, plan.seed, pool)
        for done in range(len(state.errors) + 1, plan.rounds + 1):
            sums = _round(state, regression, plan, done, pool)
            state.errors.append(state.precision**-0.5 if held is None else _error(state, held))
            if sums is not None:
                state.cold = learn_cold(sums, features, films.mean, films.covariance, plan.ridge_cold)
            elif checkpoint is not None:
                checkpoint.keep(state)
            watch.round(done, plan.rounds, f"{'noise' if held is None else 'error'} {state.errors[-1]:.4f}")
    return state


def _round(
    state: Trained, regression: FilmRegression, plan: Plan, done: int, pool: ThreadPoolExecutor
) -> Statistics | None:
    """One round, in place; the films' sums where it is the last."""
    people, films = state.people, state.films
    error, _ = _update(people, films, state.precision, pool)
    people.weight = _noise(people, error, state.precision, plan.noise_strength)
    if done > 1:
        fit_implicit(people, films, people.mean, plan.ridge_people, plan.gradient_steps, pool)
        people.prior_mean = people.fitted
        people.prior_precision = prior_precision(people)
    error, sums = _update(films, people, state.precision, pool, keep=done == plan.rounds)
    films.weight = _noise(films, error, state.precision, 3 * plan.noise_strength)
    state.precision = float(films.gaps.nnz / (error * films.weight).sum(dtype=np.float64))
    if done > 1:
        expected = regression.fitted(films.mean - films.fitted)
        fit_implicit(films, people, films.mean - expected, plan.ridge_films, plan.gradient_steps, pool)
        films.prior_mean = expected + films.fitted
        films.prior_precision = prior_precision(films)
    return sums


def _noise(side: Side, error: Array, precision: float, strength: float) -> Array:
    weight = noise_weights(error, side.counts, precision, strength)
    scaled: Array = weight / np.exp(np.log(weight).mean())
    return scaled


def _update(
    side: Side, other: Side, precision: float, pool: ThreadPoolExecutor, keep: bool = False
) -> tuple[Array, Statistics | None]:
    """Posterior of every row of ``side`` given the other, in place.

    Returns:
        (n,) expected squared error, weighted by the other, and the sums over all rows where they are to be kept.
    """
    expected = moments(other.mean, other.covariance, other.weight)
    errors = np.empty(len(side.mean), dtype=np.float32)

    def block(one: int) -> Statistics | None:
        (some, gaps), (_, seen) = side.gap_blocks[one], side.seen_blocks[one]
        square = sp.csr_matrix((gaps.data**2, gaps.indices, gaps.indptr), shape=gaps.shape) @ other.weight
        sums = accumulate(gaps, seen, expected, square)
        noise = (precision * side.weight[some]).astype(np.float32)
        side.mean[some], side.covariance[some] = solve(sums, side.prior_mean[some], side.prior_precision, noise)
        errors[some] = expected_error(sums, side.mean[some], side.covariance[some])
        return sums if keep else None

    kept = [sums for sums in pool.map(block, range(len(side.gap_blocks))) if sums is not None]
    return errors, Statistics(*(np.concatenate(part) for part in zip(*kept, strict=True))) if kept else None


def _error(state: Trained, held: Held) -> float:
    person, film = state.people.mean[held.rows], state.films.mean[held.columns]
    gaps = np.einsum("nk,nk->n", person[:, :-1], film[:, :-1]) + person[:, -1] + film[:, -1] - held.gaps
    return float(np.sqrt(np.mean(gaps**2)))
