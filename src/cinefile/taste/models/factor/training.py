"""Train the factor model: rounds of variational updates, with a checkpoint after each."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from cinefile import settings
from cinefile.progress import Progress
from cinefile.taste.checkpoint import Checkpoint, fingerprint
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.factor import arithmetic as passes
from cinefile.taste.models.factor.arithmetic import (
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
from cinefile.taste.models.factor.fold_in import FactorLearned
from cinefile.taste.models.factor.likes import ImplicitScores, LikesSettings, fame
from cinefile.taste.models.factor.priors import ColdFilms, FeatureRidge, FilmsRidge, PeopleRidge, descend, learn_cold
from cinefile.taste.people_blocks import Loop, RatingBlocks
from cinefile.taste.rating_model import RunOptions
from cinefile.taste.ratings import Ints

_ARRAYS = ("mean", "covariance", "weight", "prior_mean", "film_prior", "people_prior")


@dataclass
class Rounds:
    """The state after some rounds, which the next one changes in place; the people's weights stay with their blocks.

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
        errors: of the held-out ratings in each round, as its people and the films before it foresee them; without
            held-out ratings the root of the expected squared error after the round.
        average: (d,) mean of the people's vectors, each counted by its ratings; None before the first round.
        cold: films without ratings, see ``priors.ColdFilms``; None until the last round is over.
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
    errors: tuple[float, ...] = ()
    average: Array | None = None
    cold: ColdFilms | None = None

    @classmethod
    def start(cls, films: int, d: int) -> "Rounds":
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
        )

    def arrays(self) -> dict[str, Array]:
        """What a checkpoint holds, beside ``facts``."""
        return {name: getattr(self, name) for name in _ARRAYS} | {
            "people_weights": self.people_ridge.weights,
            "people_image": self.people_ridge.image,
            "films_weights": self.films_ridge.weights,
            "films_prior_mean": self.films_ridge.prior_mean,
        }

    def facts(self) -> dict[str, Any]:
        """The numbers of a checkpoint."""
        return {"done": self.done, "precision": self.precision, "scale": self.scale, "errors": list(self.errors)}

    @classmethod
    def of(cls, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> "Rounds":
        """What a checkpoint held; other arrays and numbers may stand beside."""
        values: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        return cls(
            **values,
            **{name: facts[name] for name in ("done", "precision", "scale")},
            people_ridge=PeopleRidge(arrays["people_weights"], arrays["people_image"]),
            films_ridge=FilmsRidge(arrays["films_weights"], arrays["films_prior_mean"]),
            errors=tuple(facts["errors"]),
        )


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
    blocks: RatingBlocks, features: FilmFeatures | None, plan: Plan, likes: LikesSettings, options: RunOptions
) -> FactorLearned:
    """Fit by variational EM, and learn the picks' scores from likes.

    Args:
        blocks: the ratings.
        features: what is known of films.
        plan: settings of the rounds.
        likes: settings of the scores.
        options: of the run.
    """
    film_ids = blocks.film_ids
    known = sp.csr_matrix((len(film_ids), 0), dtype=np.float32) if features is None else features.rows_for(film_ids)
    names = () if features is None else features.names
    loop = blocks.loop(options.validation, plan.seed)
    run = {"plan": asdict(plan), "validation": options.validation, "features": fingerprint(names, known)}
    done = _rounds(loop, blocks.mean, known, plan, blocks.checkpoint(run), options.progress)
    assert done.cold is not None, "training ran to its last round"
    assert done.average is not None
    return FactorLearned(
        mean=blocks.mean,
        film_mean=done.mean,
        film_covariance=done.covariance,
        film_weight=done.weight,
        precision=done.precision,
        noise_strength=plan.noise_strength,
        people_prior=done.people_prior,
        average=done.average,
        implicit=done.people_ridge.weights,
        cold=done.cold,
        scores=ImplicitScores.of(blocks, loop.sum(fame, likes.like).rows[:, 0].astype(np.float64), likes),
        feature_names=names,
        errors=done.errors,
    )


def _rounds(
    loop: Loop, mean: float, features: sp.csr_matrix, plan: Plan, checkpoint: Checkpoint | None, progress: Progress
) -> Rounds:
    """All rounds, after those that the checkpoint holds.

    Args:
        loop: over blocks of people.
        mean: of all stars.
        features: (films, m) CSR of what is known of films; m may be 0.
        plan: settings.
        checkpoint: takes every round but the last.
        progress: told about every round, with the error.
    """
    # Blocks have a thread each, and their systems are small: BLAS' own threads would only wait for each other.
    with threadpool_limits(1, "blas"):
        by_film = loop.sum(passes.film_gaps, mean)
        gaps, count, people = by_film.rows[:, 0], by_film.rows[:, 1].astype(np.int64), int(by_film.totals[0])
        constant = sp.csr_matrix(np.ones((loop.films, 1), dtype=np.float32))
        regression = FeatureRidge(sp.hstack([constant, features], format="csr"), count > 0, plan.ridge_features)
        before = checkpoint.last() if checkpoint is not None else None
        if before is not None:
            state = Rounds.of(*before)
            loop.resume(state.done, before[0])
        else:
            state = Rounds.start(loop.films, plan.factors + 1)
            state.mean[:, :-1] = _first_vectors(loop, mean, gaps / (count + 3.0), plan)
        for done in range(state.done + 1, plan.rounds + 1):
            held, sums = _round(state, loop, mean, regression, count, people, plan)
            state.done = done
            state.errors = (*state.errors, state.precision**-0.5 if held is None else held)
            if sums is not None:
                cold = learn_cold(sums, features, state.mean, state.covariance, plan.ridge_cold)
                _add_unrated(state, cold, count, features)
            elif checkpoint is not None:
                checkpoint.keep(state.arrays() | loop.state(), state.facts())
            progress.advance(done, plan.rounds, f"{'noise' if held is None else 'error'} {state.errors[-1]:.4f}")
        return state


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
    t: Rounds, loop: Loop, mean: float, regression: FeatureRidge, count: Ints, people: int, plan: Plan
) -> tuple[float | None, Statistics | None]:
    """One round, in place.

    Returns:
        The error of the held-out ratings where there are any; the films' sums where the round is the last.
    """
    d = plan.factors + 1
    expected = moments(t.mean, t.covariance, t.weight)
    given = passes.FilmMoments(
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


def _update_films(t: Rounds, sums: Array, count: Ints, keep: bool) -> tuple[Array, Statistics | None]:
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


def _add_unrated(t: Rounds, cold: ColdFilms, count: Ints, features: sp.csr_matrix) -> None:
    """Films that nobody rated: rounds say of them only that nobody did."""
    t.cold, unrated = cold, count == 0
    t.mean[unrated] = cold.means(features[unrated])
    t.covariance[unrated], t.weight[unrated] = cold.covariance, 1.0
