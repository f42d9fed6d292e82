"""Training of the factor model: rounds of variational updates of both sides and of everything they share.

One round: people given films, films given people, noise, both priors. docs/taste.md has the equations. Whatever touches
ratings or people is a pass over blocks (`factor_passes`), so this file is the same for one machine and for a cluster;
what it holds itself grows with the films only.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from cinefile import settings
from cinefile.taste import factor_passes as passes
from cinefile.taste.blocks import Loop
from cinefile.taste.factor_cold import ColdFilms, learn_cold
from cinefile.taste.factor_core import (
    Array,
    Statistics,
    expected_error,
    moments,
    noise_weights,
    prior_of,
    prior_precision,
    shares,
    solve,
    statistics,
)
from cinefile.taste.factor_state import Trained
from cinefile.taste.feature_prior import FeatureRidge
from cinefile.taste.implicit_priors import descend
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Ints

_ROWS_AT_ONCE = 1024
_STARTING_STEPS = 4


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


def train(
    loop: Loop,
    mean: float,
    features: sp.csr_matrix,
    plan: Plan,
    watch: Watch,
    trained: Trained | None = None,
    after_round: Callable[[Trained], None] = lambda trained: None,
) -> Trained:
    """Fit by variational EM.

    Args:
        loop: blocks of people.
        mean: of all stars.
        features: (films, m) CSR of what is known of films; m may be 0.
        plan: settings.
        watch: told after every round, with the error.
        trained: where to go on from; None starts.
        after_round: given what there is after each round but the last.
    """
    # Blocks have a thread each, and their systems are small: BLAS' own threads would only wait for each other.
    with threadpool_limits(1, "blas"):
        by_film = loop.sum(passes.film_gaps, mean)
        gaps, count, people = by_film.rows[:, 0], by_film.rows[:, 1].astype(np.int64), int(by_film.totals[0])
        constant = sp.csr_matrix(np.ones((loop.films, 1), dtype=np.float32))
        regression = FeatureRidge(sp.hstack([constant, features], format="csr"), count > 0, plan.ridge_features)
        if trained is None:
            trained = Trained.start(loop.films, plan.factors + 1)
            trained.mean[:, :-1] = _first_vectors(loop, mean, gaps / (count + 3.0), plan)
        for done in range(trained.done + 1, plan.rounds + 1):
            held, sums = _round(trained, loop, mean, regression, count, people, plan)
            trained.done = done
            trained.errors = (*trained.errors, trained.precision**-0.5 if held is None else held)
            if sums is None:
                after_round(trained)
            else:
                cold = learn_cold(sums, features, trained.mean, trained.covariance, plan.ridge_cold)
                _add_unrated(trained, cold, count, features)
            watch.round(done, plan.rounds, f"{'noise' if held is None else 'error'} {trained.errors[-1]:.4f}")
        return trained


def _first_vectors(loop: Loop, mean: float, film_bias: Array, plan: Plan) -> Array:
    """Films' first vectors: the leading right singular vectors of the stars less biases, by subspace iteration.

    Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4. From random vectors the first five rounds do little
    else than find this subspace.
    """
    rng = np.random.default_rng(plan.seed)
    vectors = rng.normal(size=(loop.films, plan.factors)).astype(np.float32)
    for _ in range(_STARTING_STEPS):
        given = passes.Subspace(mean, film_bias.astype(np.float32), vectors)
        vectors = np.linalg.qr(loop.sum(passes.subspace, given).rows)[0]
    # A length at which the first solve for people neither ignores the films nor trusts them blindly.
    scaled: Array = vectors * np.float32(0.3 / np.sqrt(plan.factors) / max(float(vectors.std()), 1e-9))
    # With fewer films than factors there are no more directions than films; the factors left over start at zero.
    return np.pad(scaled, ((0, 0), (0, plan.factors - scaled.shape[1])))


def _round(
    t: Trained, loop: Loop, mean: float, regression: FeatureRidge, count: Ints, people: int, plan: Plan
) -> tuple[float | None, Statistics | None]:
    """One round, in place.

    Returns:
        The error of the held-out ratings where there are any; the films' sums where the round is the last.
    """
    d = plan.factors + 1
    expected = moments(t.mean, t.covariance, t.weight)
    given = passes.Films(
        mean, expected, t.weight, t.people_ridge.weights, t.people_prior, t.precision, plan.noise_strength, t.scale
    )
    sums = loop.sum(passes.update, given, keep=True)
    t.scale = float(np.exp(-sums.totals[0] / people))
    held = float(np.sqrt(sums.totals[1] / sums.totals[2])) if sums.totals[2] else None
    t.average = (sums.totals[3 : 3 + d] / count.sum()).astype(np.float32)
    squares, covariances = sums.totals[3 + d :].reshape(2, d, d)
    # Everything that the people's weights stand in is linear in them: they are normalised here.
    error, kept = _update_films(t, sums.rows[:, :-d] * np.float32(t.scale), count, keep=t.done + 1 == plan.rounds)
    t.weight = noise_weights(error, count, t.precision, 3 * plan.noise_strength)
    t.weight /= np.exp(np.log(t.weight).mean())
    t.precision = float(count.sum() / (error * t.weight).sum(dtype=np.float64))
    if t.done == 0:
        return held, kept
    from_features = regression.fitted(t.mean - t.films_ridge.prior_mean)
    t.people_ridge.aim(sums.rows[:, -d:], plan.ridge_people)
    t.films_ridge.aim(t.mean - from_features, plan.ridge_films)
    descend(loop, t.people_ridge, t.films_ridge, shares(count), plan.gradient_steps)
    t.prior_mean = from_features + t.films_ridge.prior_mean
    t.people_prior = prior_precision(t.people_ridge.spread(squares) + covariances, people)
    # Films without ratings sit on their prior and would only slow its learning down.
    rated = count > 0
    t.film_prior = prior_of(t.mean[rated], t.covariance[rated], t.prior_mean[rated])
    return held, kept


def _update_films(t: Trained, sums: Array, count: Ints, keep: bool) -> tuple[Array, Statistics | None]:
    """Posterior of every film given the people's sums.

    Returns:
        (films,) expected squared errors, weighted by the people, and the sums unpacked where they are to be kept.
    """
    d = t.mean.shape[1]
    errors = np.empty(len(t.mean), dtype=np.float32)

    def block(first: int) -> Statistics | None:
        some = slice(first, first + _ROWS_AT_ONCE)
        own = statistics(sums[some], count[some], d)
        noise = (t.precision * t.weight[some]).astype(np.float32)
        t.mean[some], t.covariance[some] = solve(own, t.prior_mean[some], t.film_prior, noise)
        errors[some] = expected_error(own, t.mean[some], t.covariance[some])
        return own if keep else None

    with ThreadPoolExecutor(settings.threads()) as pool:
        kept = [own for own in pool.map(block, range(0, len(t.mean), _ROWS_AT_ONCE)) if own is not None]
    return errors, Statistics(*(np.concatenate(part) for part in zip(*kept, strict=True))) if kept else None


def _add_unrated(t: Trained, cold: ColdFilms, count: Ints, features: sp.csr_matrix) -> None:
    """Films that nobody rated: rounds say of them only that nobody did."""
    t.cold, unrated = cold, count == 0
    t.mean[unrated] = cold.means(features[unrated])
    t.covariance[unrated], t.weight[unrated] = cold.covariance, 1.0
