"""What training the factor model learns, as one value, and users folded into it from their ratings (docs/taste.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.models.factor.arithmetic import (
    Array,
    Statistics,
    accumulate,
    expected_error,
    from_bytes,
    halves,
    moments,
    noise_weights,
    shares,
    solve,
    to_bytes,
)
from cinefile.taste.models.factor.likes import ImplicitScores
from cinefile.taste.models.factor.priors import ColdFilms
from cinefile.taste.ratings import Floats, Ints
from cinefile.taste.recommend import FoldedIn, PickingModel

_BY_FILM = ("film_mean", "film_covariance", "film_weight", "implicit")


@dataclass(frozen=True)
class FactorLearned:
    """The result of training; d is the number of factors and one for the bias.

    Attributes:
        mean: mean of the training stars.
        film_mean: (films, d) posterior means, the bias last.
        film_covariance: (films, d, d).
        film_weight: (films,) noise precision relative to the common one.
        precision: of the common noise.
        noise_strength: ratings' worth of the common noise in a person's noise.
        people_prior: (d, d) precision of the people's prior.
        average: (d,) mean vector of the people, each counted by its ratings: somebody without ratings is taken for it.
        implicit: (films, d) what having rated a film adds to a person's prior mean.
        cold: films without ratings.
        scores: by which picks are ordered.
        feature_names: columns of the film features of training; empty without.
        errors: after every round, see ``training.Rounds``; not saved.
    """

    mean: float
    film_mean: Array
    film_covariance: Array
    film_weight: Array
    precision: float
    noise_strength: float
    people_prior: Array
    average: Array
    implicit: Array
    cold: ColdFilms
    scores: ImplicitScores
    feature_names: tuple[str, ...]
    errors: tuple[float, ...] = ()

    def with_films(self, features: sp.csr_matrix, order: Ints) -> "FactorLearned":
        """The same with further films, of which only features are known.

        Args:
            features: (new, m) of the new films.
            order: (films + new,) where each film of the result stands among the old ones with the new ones behind.
        """
        new, spread = features.shape[0], self.cold.covariance
        more: dict[str, NDArray[Any]] = {
            "film_mean": self.cold.means(features),
            "film_covariance": np.broadcast_to(spread, (new, *spread.shape)),
            "film_weight": np.ones(new),
            "implicit": np.zeros((new, spread.shape[0])),
        }
        wide: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), array.astype(np.float32)])[order] for name, array in more.items()
        }
        places = np.argsort(order)[: len(self.film_mean)]
        return replace(self, **wide, scores=self.scores.moved(places, len(order)))

    def of_films(self, kept: Ints) -> "FactorLearned":
        """The same with the films at these places alone, in this order."""
        places = np.full(len(self.film_mean), -1, dtype=np.int64)
        places[kept] = np.arange(len(kept))
        some: dict[str, Any] = {name: getattr(self, name)[kept] for name in _BY_FILM}
        return replace(self, **some, scores=self.scores.moved(places, len(kept)))

    def arrays(self, compact: bool = False) -> dict[str, NDArray[Any]]:
        """The arrays to save; of every covariance only the upper triangle. Compact: see ``FactorModel.save``."""
        upper = np.triu_indices(self.film_mean.shape[1])
        arrays: dict[str, NDArray[Any]] = {
            "film_mean": self.film_mean,
            "film_covariance": self.film_covariance[:, upper[0], upper[1]],
            "film_weight": self.film_weight,
            "people_prior": self.people_prior,
            "average": self.average,
            "implicit": self.implicit,
            **{f"cold_{name}": array for name, array in self.cold._asdict().items()},
        }
        if compact:
            spread = to_bytes("covariance", arrays.pop("film_covariance"))
            arrays = {name: halves(array) for name, array in arrays.items()} | spread
        return {**arrays, **self.scores.arrays(compact)}

    def facts(self) -> dict[str, Any]:
        """The numbers and names to save as JSON, beside the mean and the settings."""
        return {"precision": self.precision, "feature_names": list(self.feature_names), **self.scores.facts()}

    @classmethod
    def restore(
        cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], mean: float, noise_strength: float
    ) -> "FactorLearned":
        """Load what ``arrays`` and ``facts`` gave, as float32."""
        if "covariance_bytes" in arrays:
            arrays = {**arrays, "film_covariance": from_bytes("covariance", arrays)}
        full = {name: array.astype(np.float32) for name, array in arrays.items() if array.dtype.kind == "f"}
        films, d = full["film_mean"].shape
        upper = np.triu_indices(d)
        covariance = np.empty((films, d, d), dtype=np.float32)
        covariance[:, upper[0], upper[1]] = full["film_covariance"]
        covariance[:, upper[1], upper[0]] = full["film_covariance"]
        return cls(
            mean=mean,
            film_mean=full["film_mean"],
            film_covariance=covariance,
            film_weight=full["film_weight"],
            precision=float(facts["precision"]),
            noise_strength=noise_strength,
            people_prior=full["people_prior"],
            average=full["average"],
            implicit=full["implicit"],
            cold=ColdFilms(*(full[f"cold_{name}"] for name in ColdFilms._fields)),
            scores=ImplicitScores.restore(arrays, facts, films),
            feature_names=tuple(facts["feature_names"]),
        )


_FOLDS = 3  # person and person's noise, in turn; the third changes the stars by less than 0.001
_PAIRS_AT_ONCE = 20_000


class FoldedPeople(NamedTuple):
    """Posterior of some people.

    Attributes:
        mean: (n, d), the bias last.
        covariance: (n, d, d).
        weight: (n,) noise precision relative to the common one.
    """

    mean: Array
    covariance: Array
    weight: Array


def _sums(learned: FactorLearned, people: sp.csr_matrix) -> tuple[Statistics, Array]:
    """What the people's ratings add up to, and the people's prior means; only the films they rated are looked at."""
    films, place = np.unique(people.indices, return_inverse=True)
    shape = (people.shape[0], len(films))
    gaps = sp.csr_matrix((people.data - np.float32(learned.mean), place, people.indptr), shape=shape)
    seen = sp.csr_matrix((np.ones_like(gaps.data), place, people.indptr), shape=shape)
    weight = learned.film_weight[films]
    sums = accumulate(gaps, seen, moments(learned.film_mean[films], learned.film_covariance[films], weight), weight)
    prior = shares(sums.ratings) * (seen @ learned.implicit[films])
    # Of somebody without ratings not even the choice of films is known.
    prior[sums.ratings == 0] = learned.average
    return sums, prior


def fold_in(learned: FactorLearned, people: sp.csr_matrix) -> FoldedPeople:
    """Posterior of people given as (n, films) rows of stars."""
    sums, prior = _sums(learned, people)
    weight = np.ones(people.shape[0], dtype=np.float32)
    mean, covariance = solve(sums, prior, learned.people_prior, np.float32(learned.precision) * weight)
    for _ in range(_FOLDS - 1):
        error = expected_error(sums, mean, covariance)
        weight = noise_weights(error, sums.ratings, learned.precision, learned.noise_strength)
        mean, covariance = solve(sums, prior, learned.people_prior, np.float32(learned.precision) * weight)
    return FoldedPeople(mean, covariance, weight)


def deviations(learned: FactorLearned, people: FoldedPeople, rows: Ints, films: Ints) -> Floats:
    """(pairs,) standard deviation of a rating: noise, and what is not known of person and film."""
    spread = np.empty(len(rows), dtype=np.float64)
    for first in range(0, len(rows), _PAIRS_AT_ONCE):
        row, film = rows[first : first + _PAIRS_AT_ONCE], films[first : first + _PAIRS_AT_ONCE]
        feature, person = learned.film_mean[film].copy(), people.mean[row].copy()
        feature[:, -1] = person[:, -1] = 1.0
        own, other = people.covariance[row], learned.film_covariance[film]
        variance = 1.0 / (learned.precision * people.weight[row] * learned.film_weight[film])
        variance = variance + (np.matmul(own, feature[:, :, None])[:, :, 0] * feature).sum(1)
        variance += (np.matmul(other, person[:, :, None])[:, :, 0] * person).sum(1)
        variance += (own[:, :-1, :-1] * other[:, :-1, :-1]).sum((1, 2))
        spread[first : first + _PAIRS_AT_ONCE] = np.sqrt(variance)
    return spread


def unknown_film(learned: FactorLearned, people: FoldedPeople) -> tuple[Floats, Floats]:
    """(people,) stars of a film of which nothing is known, and their standard deviations."""
    anchor, spread = learned.cold.anchor, learned.cold.covariance
    stars = learned.mean + people.mean[:, :-1] @ anchor[:-1] + people.mean[:, -1] + anchor[-1]
    feature, person = anchor.copy(), people.mean.copy()
    feature[-1] = person[:, -1] = 1.0
    variance = 1.0 / (learned.precision * people.weight) + people.covariance @ feature @ feature
    variance = variance + ((person @ spread) * person).sum(1)
    variance += (people.covariance[:, :-1, :-1] * spread[:-1, :-1]).sum((1, 2))
    return stars, np.sqrt(variance)


class FactorFoldedIn(FoldedIn):
    """Users folded in once, for their stars, deviations and reasons."""

    def __init__(self, model: PickingModel, learned: FactorLearned, people: sp.csr_matrix) -> None:
        super().__init__(model, people)
        self._learned = learned
        self.posterior = fold_in(learned, people)

    def stars(self) -> Floats:
        """(people, films) predicted stars, unclipped."""
        factors = self.posterior.mean.copy()
        factors[:, -1] = 1.0
        films = self._learned.film_mean
        # Not BLAS for one person: starting its threads takes longer than the product, much longer on a busy machine.
        stars: Floats = np.einsum("fk,nk->nf", films, factors) if len(factors) == 1 else factors @ films.T
        stars += self.posterior.mean[:, -1:] + np.float32(self._learned.mean)
        return stars

    def deviation(self, row: int, films: Ints) -> Floats:
        """(len(films),) standard deviation of one person's new rating."""
        return deviations(self._learned, self.posterior, np.full(len(films), row), films)

    def contributions(self, row: int, films: Ints) -> tuple[Floats, Floats]:
        """Bases (len(films),) and one summand per film and rating of one person."""
        learned, of = self._learned, slice(self.people.indptr[row], self.people.indptr[row + 1])
        rated = self.people.indices[of]
        feature = learned.film_mean[films].astype(np.float64)
        base = learned.mean + feature[:, -1]
        feature[:, -1] = 1.0
        pull = feature @ self.posterior.covariance[row].astype(np.float64)
        # w ((y - c) f) in expectation: what accumulate adds up to the target, rating by rating.
        other = learned.film_mean[rated]
        gaps = self.people.data[of] - np.float32(learned.mean) - other[:, -1]
        other[:, -1] = 1.0
        evidence = gaps[:, None] * other
        evidence[:, :-1] -= learned.film_covariance[rated, :-1, -1]
        evidence *= learned.film_weight[rated, None]
        own = shares(np.array([len(rated)]))[0, 0] * (learned.implicit[rated] @ learned.people_prior)
        if not len(rated):
            base = base + feature @ self.posterior.mean[row]
        return base, pull @ (learned.precision * self.posterior.weight[row] * evidence + own).T
