"""People of the factor model: folded in from their ratings, and what follows for their stars (docs/taste.md)."""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from cinefile.taste.models.factor.arithmetic import (
    Array,
    Statistics,
    accumulate,
    expected_error,
    moments,
    noise_weights,
    shares,
    solve,
)
from cinefile.taste.models.factor.learned import FactorLearned
from cinefile.taste.ratings import Floats, Ints
from cinefile.taste.recommend import FoldedIn, PickingModel

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
