"""Train the factor model: rounds of variational updates, with a checkpoint after each."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from cinefile import settings
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.taste.film_features import FilmFeatures
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
from cinefile.taste.models.factor.likes import ImplicitScores
from cinefile.taste.models.factor.priors import ColdFilms, FeatureRidge, FilmsRidge, PeopleRidge, descend, learn_cold
from cinefile.taste.people_blocks import LocalLoop, Loop
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Ints, RatingTable

if TYPE_CHECKING:
    from cinefile.taste.models.factor.model import FactorModel

_ARRAYS = ("mean", "covariance", "weight", "prior_mean", "film_prior", "people_prior")


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
        errors: of the held-out ratings in each round, as its people and the films before it foresee them; without
            held-out ratings the root of the expected squared error after the round.
        average: (d,) mean of the people's vectors, each counted by its ratings; None before the first round.
        cold: films without ratings, see ``factor_cold``; None until the last round is over.
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
    def start(cls, films: int, d: int) -> "Trained":
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
    def of(cls, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> "Trained":
        """What a checkpoint held; other arrays and numbers may stand beside."""
        values: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        return cls(
            **values,
            **{name: facts[name] for name in ("done", "precision", "scale")},
            people_ridge=PeopleRidge(arrays["people_weights"], arrays["people_image"]),
            films_ridge=FilmsRidge(arrays["films_weights"], arrays["films_prior_mean"]),
            errors=tuple(facts["errors"]),
        )


_KIND = "factor-training"


def fingerprint(*parts: Any) -> str:
    """SHA-256 of settings and of the ratings they apply to; arrays by their bytes, all else by its text."""
    digest = hashlib.sha256()
    for part in parts:
        arrays = [part.data, part.indices, part.indptr] if sp.issparse(part) else [part]
        for array in arrays:
            is_array = isinstance(array, np.ndarray)
            digest.update(np.ascontiguousarray(array).data if is_array else repr(array).encode())
    return digest.hexdigest()


class Checkpoint:
    """A folder that holds the latest round.

    Args:
        folder: where; written whole or not at all.
        key: what the run is made of, see ``fingerprint``; a state of another run is left alone and not used.
        loop: the run's blocks, whose people's weights belong to a round.
    """

    def __init__(self, folder: Path, key: str, loop: LocalLoop) -> None:
        self._folder, self._key, self._loop = folder, key, loop

    def keep(self, state: Trained) -> None:
        """Write the state after a round.

        Raises:
            ModelError: it cannot be written.
        """
        arrays = state.arrays() | {"kept": self._loop.kept()}
        write_folder(self._folder, kind=_KIND, facts={"key": self._key, **state.facts()}, arrays=arrays)

    def last(self) -> Trained | None:
        """The state of an earlier run of the same ratings and settings, which the loop takes up too; None if none.

        Raises:
            ModelError: the folder is damaged.
        """
        if not self._folder.exists():
            return None
        folder = ModelFolder(self._folder, kind=_KIND)
        if folder.facts["key"] != self._key:
            return None
        arrays = folder.arrays()
        self._loop.take_up(arrays["kept"])
        return Trained.of(arrays, folder.facts)

    def clear(self) -> None:
        """Remove the folder, where it is this run's."""
        if self._folder.exists() and ModelFolder(self._folder, kind=_KIND, verify=False).facts["key"] == self._key:
            shutil.rmtree(self._folder)


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


LARGE = 5_000_000  # ratings from which fewer factors and rounds are the default: slower rounds, and fewer are needed
SMALL = 300_000  # ratings below which fewer factors are: more find nothing to learn from


def plan_of(model: "FactorModel", ratings: int) -> Plan:
    """The model's settings, those left open chosen by the number of ratings."""
    large = ratings >= LARGE
    return Plan(
        factors=model.factors or (16 if large or ratings < SMALL else 32),
        rounds=model.rounds or (8 if large else 15),
        ridge_people=model.ridge_people,
        ridge_films=model.ridge_films,
        ridge_features=model.ridge_features,
        ridge_cold=model.ridge_cold,
        noise_strength=model.noise_strength,
        gradient_steps=model.gradient_steps,
        seed=model.seed,
    )


def known_of(model: "FactorModel", film_ids: Ints, features: FilmFeatures | None) -> sp.csr_matrix:
    """(films, features) CSR of what is known of films; the model is told the features' names."""
    model.feature_names = () if features is None else features.names
    return sp.csr_matrix((len(film_ids), 0), dtype=np.float32) if features is None else features.rows_for(film_ids)


def fit(
    model: "FactorModel", table: RatingTable, features: FilmFeatures | None, folder: Path | None, watch: Watch
) -> None:
    """Train the model on a table, in place; see ``FactorModel.fit``."""
    plan, known = plan_of(model, table.stars.nnz), known_of(model, table.film_ids, features)
    loop = LocalLoop(table, model.validation, model.seed)
    checkpoint = None
    if folder is not None:
        key = fingerprint(plan, model.validation, table.user_ids, table.film_ids, table.stars, known)
        checkpoint = Checkpoint(folder, key, loop)
    before, keep = (checkpoint.last(), checkpoint.keep) if checkpoint is not None else (None, lambda trained: None)
    take(model, train(loop, table.mean, known, plan, watch, before, keep))
    model.scores = ImplicitScores.of(
        table.stars,
        table.user_ids,
        like=model.like,
        ridge=model.ridge_picks,
        blend=model.blend,
        most_films=model.pick_films,
        most_people=model.pick_people,
    )
    if checkpoint is not None:
        checkpoint.clear()


def take(model: "FactorModel", trained: Trained) -> None:
    """Let the model become what training left."""
    assert trained.cold is not None, "training ran to its last round"
    assert trained.average is not None
    model.film_mean, model.film_covariance, model.film_weight = trained.mean, trained.covariance, trained.weight
    model.precision, model.people_prior, model.average = trained.precision, trained.people_prior, trained.average
    model.implicit, model.cold, model.curve = trained.people_ridge.weights, trained.cold, list(trained.errors)
    model._features, model._checkpoint, model._known, model._compact = None, None, None, False
