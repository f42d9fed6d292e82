"""Training of the factor model: rounds of variational updates of both sides and of everything they share.

One round: people given films, films given people, noise, both priors. docs/taste.md has the equations. Whatever touches
ratings or people is a pass over blocks (`factor_passes`), so this file is the same for one machine and for a cluster;
what it holds itself grows with the films only.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from cinefile import settings
from cinefile.taste import factor_passes as passes
from cinefile.taste.blocks import Loop
from cinefile.taste.factor_core import (
    Array,
    expected_error,
    moments,
    noise_weights,
    prior_of,
    prior_precision,
    shares,
    solve,
    statistics,
)
from cinefile.taste.implicit_priors import FilmsRidge, PeopleRidge, descend
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Ints

_ROWS_AT_ONCE = 4096
_STARTING_STEPS = 4


@dataclass(frozen=True)
class Plan:
    """Settings of one training run; see ``FactorModel`` for their meaning."""

    factors: int
    rounds: int
    ridge_people: float
    ridge_films: float
    ridge_features: float
    noise_strength: float
    gradient_steps: int
    seed: int


@dataclass
class Trained:
    """What a round hands to the next one, and training to the model; the people's weights stay with their blocks.

    Attributes:
        done: rounds.
        precision: of the common noise.
        scale: what the people's weights are multiplied with, to a geometric mean of one.
        mean: (films, d) posterior means.
        covariance: (films, d, d) posterior covariances.
        weight: (films,) noise precision relative to the common one.
        prior_mean: (films, d) of the films.
        film_prior: (d, d) precision of the films' prior.
        people_prior: (d, d) precision of the people's prior.
        people_ridge: the people's prior means.
        films_ridge: the films' prior means, as far as who rated them says.
        feature_weights: (features, d) the films' prior means, as far as their features say.
        errors: root of the expected squared error after each round.
    """

    done: int
    precision: float
    scale: float
    mean: Array
    covariance: Array
    weight: Array
    prior_mean: Array
    film_prior: Array
    people_prior: Array
    people_ridge: PeopleRidge
    films_ridge: FilmsRidge
    feature_weights: Array
    errors: tuple[float, ...]

    @classmethod
    def start(cls, films: int, features: int, d: int) -> "Trained":
        """Zero means, and a prior with little room for factors and more for biases."""
        zero = np.zeros((films, d), dtype=np.float32)
        prior = np.diag([float(d - 1)] * (d - 1) + [5.0]).astype(np.float32)
        people = prior.copy()
        people[:-1, :-1] *= 0.3  # the films' start is small: the people's side must be free to grow
        return cls(
            done=0,
            precision=1.2,
            scale=1.0,
            mean=zero.copy(),
            covariance=np.zeros((films, d, d), dtype=np.float32),
            weight=np.ones(films, dtype=np.float32),
            prior_mean=zero,
            film_prior=prior,
            people_prior=people,
            people_ridge=PeopleRidge(zero.copy(), zero.copy()),
            films_ridge=FilmsRidge(zero.copy(), zero.copy()),
            feature_weights=np.zeros((features, d), dtype=np.float32),
            errors=(),
        )


def train(
    loop: Loop,
    mean: float,
    features: Array,
    plan: Plan,
    watch: Watch,
    trained: Trained | None = None,
    after_round: Callable[[Trained], None] = lambda trained: None,
) -> Trained:
    """Fit by variational EM.

    Args:
        loop: blocks of people.
        mean: of all stars.
        features: (films, m) what is known of films, a constant among it.
        plan: settings.
        watch: told after every round, with the root of the expected squared error.
        trained: where to go on from; None starts.
        after_round: given what there is after each round.
    """
    by_film = loop.sum(passes.film_gaps, mean)
    gaps, count, people = by_film.rows[:, 0], by_film.rows[:, 1].astype(np.int64), int(by_film.totals[0])
    if trained is None:
        trained = Trained.start(loop.films, features.shape[1], plan.factors + 1)
        trained.mean[:, :-1] = _first_vectors(loop, mean, gaps / (count + 3.0), plan)
    for done in range(trained.done + 1, plan.rounds + 1):
        _round(trained, loop, mean, features, count, people, plan)
        trained.done = done
        trained.errors = (*trained.errors, trained.precision**-0.5)
        after_round(trained)
        watch.round(done, plan.rounds, f"noise {trained.errors[-1]:.4f}")
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


def _round(t: Trained, loop: Loop, mean: float, features: Array, count: Ints, people: int, plan: Plan) -> None:
    """One round, in place."""
    d = plan.factors + 1
    expected = moments(t.mean, t.covariance, t.weight)
    given = passes.Films(
        mean, expected, t.weight, t.people_ridge.weights, t.people_prior, t.precision, plan.noise_strength, t.scale
    )
    sums = loop.sum(passes.update, given, keep=True)
    t.scale = float(np.exp(-sums.totals[0] / people))
    squares, covariances = sums.totals[1:].reshape(2, d, d)
    # Everything that the people's weights stand in is linear in them: they are normalised here.
    error = _update_films(t, sums.rows[:, :-d] * np.float32(t.scale), count)
    t.weight = noise_weights(error, count, t.precision, 3 * plan.noise_strength)
    t.weight /= np.exp(np.log(t.weight).mean())
    t.precision = float(count.sum() / (error * t.weight).sum(dtype=np.float64))
    if t.done == 0:
        return
    # Only films that somebody rated teach anything, and each counts as much as its posterior has moved from its prior.
    rated, share = count > 0, shares(count)
    gram = features[rated].T @ features[rated] + plan.ridge_features * np.eye(features.shape[1], dtype=np.float32)
    known = (t.mean - t.films_ridge.prior_mean)[rated]
    t.feature_weights = np.linalg.solve(gram, features[rated].T @ known).astype(np.float32)
    from_features = features @ t.feature_weights
    t.people_ridge.aim(sums.rows[:, -d:], plan.ridge_people)
    t.films_ridge.aim(t.mean - from_features, plan.ridge_films)
    descend(loop, t.people_ridge, t.films_ridge, share, plan.gradient_steps)
    t.prior_mean = from_features + t.films_ridge.prior_mean
    t.people_prior = prior_precision(t.people_ridge.spread(squares) + covariances, people)
    t.film_prior = prior_of(t.mean[rated], t.covariance[rated], t.prior_mean[rated])


def _update_films(t: Trained, sums: Array, count: Ints) -> Array:
    """Posterior of every film given the people's sums; returns the expected squared errors, weighted by the people."""
    d = t.mean.shape[1]
    errors = np.empty(len(t.mean), dtype=np.float32)

    def block(first: int) -> None:
        some = slice(first, first + _ROWS_AT_ONCE)
        own = statistics(sums[some], count[some], d)
        noise = (t.precision * t.weight[some]).astype(np.float32)
        t.mean[some], t.covariance[some] = solve(own, t.prior_mean[some], t.film_prior, noise)
        errors[some] = expected_error(own, t.mean[some], t.covariance[some])

    with ThreadPoolExecutor(settings.threads()) as pool:
        list(pool.map(block, range(0, len(t.mean), _ROWS_AT_ONCE)))
    return errors
