"""The factor model, cinefile's default: Bayesian factors and biases with learned priors and noise (docs/taste.md).

stars = mean + film bias + person bias + p.q + noise, where
    p, with the bias, ~ N(sum of W over the films the person rated / root of their number, prior covariance)
    q, with the bias, ~ N(features G + sum of Z over the people who rated it / root of their number, prior covariance)
    noise precision = common x person's x film's.
Posterior means and covariances by variational EM. A person is folded in by one (k + 1) x (k + 1) linear system.

Factors with posteriors: Lim and Teh, KDD Cup 2007. Prior means from implicit feedback: SVD++, Koren, KDD 2008, on both
sides as in Rendle, Zhang and Koren, "On the difficulty of evaluating baselines", 2019.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError
from cinefile.taste.compact import halves
from cinefile.taste.factor_core import Array, accumulate, expected_error, moments, solve
from cinefile.taste.factor_training import Plan, noise_weights, shares, train
from cinefile.taste.features import FilmFeatures
from cinefile.taste.implicit import ImplicitScores
from cinefile.taste.model import RatingModel
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable, places

LARGE = 5_000_000  # ratings from which fewer factors and rounds are the default: slower rounds, and fewer are needed
SMALL = 300_000  # ratings below which fewer factors are: more find nothing to learn from
_FOLDS = 3  # person and person's noise, in turn; the third changes the stars by less than 0.001


@dataclass
class FactorModel(RatingModel):
    """Bayesian factor model.

    Args:
        factors: length k of the vectors without the bias; default 32; 16 below 300,000 and from 5 million ratings.
        rounds: of variational EM; default 15, or 8 from 5 million ratings.
        ridge_people: of the people's prior mean on the films that they rated.
        ridge_films: of the films' prior mean on the people who rated them.
        ridge_features: of the films' prior mean on their features.
        noise_strength: ratings' worth of the common noise in every person's noise (three times that in a film's).
        gradient_steps: conjugate gradient steps per round for both implicit priors; few of them regularise too.
        seed: of the films' starting vectors.
        like: stars from which a rating counts for the picks' implicit scores (``implicit.ImplicitScores``).
        ridge_picks: of those scores.
        blend: weight of the predicted stars beside them.
        pick_films: most films that get such scores.
        pick_people: most people from whom they are learned.
    """

    kind = "factor"
    factors: int | None = None
    rounds: int | None = None
    ridge_people: float = 1.0
    ridge_films: float = 1.0
    ridge_features: float = 5.0
    noise_strength: float = 10.0
    gradient_steps: int = 4
    seed: int = 0
    like: float = 4.0
    ridge_picks: float = 4.5
    blend: float = 0.1
    pick_films: int = 6000
    pick_people: int = 30_000

    def fit(
        self,
        user_ids: ArrayLike,
        film_ids: ArrayLike,
        stars: ArrayLike,
        timestamps: ArrayLike | None = None,
        *,
        watch: Watch | None = None,
        features: FilmFeatures | None = None,
    ) -> Self:
        """Learn from ratings, as every model, and from what is known of the films.

        Args:
            user_ids: see ``RatingModel.fit``; so for the others.
            film_ids: …
            stars: …
            timestamps: …
            watch: …
            features: of films, rated or not; those without ratings become known to the model through them.
        """
        self._features, self._compact = features, False
        return super().fit(user_ids, film_ids, stars, timestamps, watch=watch)

    def _widen(self, table: RatingTable) -> RatingTable:
        return table if self._features is None else table.with_films(self._features.film_ids)

    def _fit(self, table: RatingTable, watch: Watch) -> None:
        large = table.stars.nnz >= LARGE
        plan = Plan(
            factors=self.factors or (16 if large or table.stars.nnz < SMALL else 32),
            rounds=self.rounds or (8 if large else 15),
            ridge_people=self.ridge_people,
            ridge_films=self.ridge_films,
            ridge_features=self.ridge_features,
            noise_strength=self.noise_strength,
            gradient_steps=self.gradient_steps,
            seed=self.seed,
        )
        gaps = sp.csr_matrix(
            (table.stars.data - np.float32(table.mean), table.stars.indices, table.stars.indptr),
            shape=table.stars.shape,
        )
        known = np.ones((len(table.film_ids), 1), dtype=np.float32)
        self.feature_names: tuple[str, ...] = ()
        if self._features is not None:
            known = np.hstack([known, self._features.rows_for(table.film_ids)])
            self.feature_names = self._features.names
        trained = train(gaps, known, plan, watch)
        self.film_mean, self.film_covariance = trained.films.mean, trained.films.covariance
        self.film_weight, self.precision = trained.films.weight, trained.precision
        self.people_prior, self.film_prior = trained.people.prior_precision, trained.films.prior_precision
        self.implicit, self.feature_weights = trained.people.implicit, trained.feature_weights
        self.scores = ImplicitScores.of(
            table,
            like=self.like,
            ridge=self.ridge_picks,
            blend=self.blend,
            most_films=self.pick_films,
            most_people=self.pick_people,
        )
        self._features = None
        self._known: tuple[Array, Array, Array] | None = None

    # -- people -----------------------------------------------------------------------------------------------------

    def fold_in(self, people: sp.csr_matrix) -> tuple[Array, Array, Array]:
        """Posterior of people given as (n, films) rows of stars.

        Returns:
            Means (n, d) with the bias last, covariances (n, d, d) and relative noise precisions (n,).
        """
        films, place = np.unique(people.indices, return_inverse=True)
        shape = (people.shape[0], len(films))
        gaps = sp.csr_matrix((people.data - np.float32(self.mean), place, people.indptr), shape=shape)
        seen = sp.csr_matrix((np.ones_like(gaps.data), place, people.indptr), shape=shape)
        square = sp.csr_matrix((gaps.data**2, place, people.indptr), shape=shape) @ self.film_weight[films]
        expected = moments(self.film_mean[films], self.film_covariance[films], self.film_weight[films])
        sums = accumulate(gaps, seen, expected, square)
        prior = shares(sums.count) * (seen @ self.implicit[films])
        weight = np.ones(people.shape[0], dtype=np.float32)
        mean, covariance = solve(sums, prior, self.people_prior, np.float32(self.precision) * weight)
        for _ in range(_FOLDS - 1):
            error = expected_error(sums, mean, covariance)
            weight = noise_weights(error, sums.count, self.precision, self.noise_strength)
            mean, covariance = solve(sums, prior, self.people_prior, np.float32(self.precision) * weight)
        return mean, covariance, weight

    def _stars(self, people: sp.csr_matrix) -> Floats:
        mean, _, _ = self.fold_in(people)
        stars: Floats = mean[:, :-1] @ self.film_mean[:, :-1].T
        stars += mean[:, -1:]
        stars += self.film_mean[None, :, -1] + np.float32(self.mean)
        return stars

    def _deviation(self, people: sp.csr_matrix, films: Ints | None = None) -> Floats | None:
        chosen = np.arange(len(self.film_ids)) if films is None else films
        mean, covariance, weight = self.fold_in(people)
        count = people.shape[0]
        rows, columns = np.repeat(np.arange(count), len(chosen)), np.tile(chosen, count)
        return self._spread(mean, covariance, weight, rows, columns).reshape(count, len(chosen))

    def _spread(self, mean: Array, covariance: Array, weight: Array, rows: Ints, films: Ints) -> Floats:
        """Standard deviation of a rating, pair by pair: noise, and what is not known of person and film."""
        spread = np.empty(len(rows), dtype=np.float64)
        for first in range(0, len(rows), 20_000):
            row, film = rows[first : first + 20_000], films[first : first + 20_000]
            feature, person = self.film_mean[film].copy(), mean[row].copy()
            feature[:, -1] = person[:, -1] = 1.0
            own, other = covariance[row], self.film_covariance[film]
            variance = 1.0 / (self.precision * weight[row] * self.film_weight[film])
            variance = variance + (np.matmul(own, feature[:, :, None])[:, :, 0] * feature).sum(1)
            variance += (np.matmul(other, person[:, :, None])[:, :, 0] * person).sum(1)
            variance += (own[:, :-1, :-1] * other[:, :-1, :-1]).sum((1, 2))
            spread[first : first + 20_000] = np.sqrt(variance)
        return spread

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        mean, covariance, weight = self._everybody()
        stars = np.empty(len(rows), dtype=np.float64)
        for first in range(0, len(rows), 500_000):
            some = slice(first, first + 500_000)
            person, film = mean[rows[some]], self.film_mean[films[some]]
            stars[some] = np.einsum("nk,nk->n", person[:, :-1], film[:, :-1]) + person[:, -1] + film[:, -1] + self.mean
        return stars, self._spread(mean, covariance, weight, rows, films) if return_std else None

    def _everybody(self) -> tuple[Array, Array, Array]:
        """The fold-in of all people of the training ratings, computed when first asked for."""
        if self._known is None:
            blocks = [self.fold_in(self.history[n : n + 4096]) for n in range(0, max(len(self.user_ids), 1), 4096)]
            self._known = tuple(np.concatenate(part) for part in zip(*blocks, strict=True))  # type: ignore[assignment]
        assert self._known is not None
        return self._known

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        _, covariance, weight = self.fold_in(person)
        rated, d = person.indices, self.film_mean.shape[1]
        feature = self.film_mean[films].astype(np.float64)
        base = self.mean + feature[:, -1]
        feature[:, -1] = 1.0
        pull = feature @ covariance[0].astype(np.float64)
        expected = moments(self.film_mean[rated], self.film_covariance[rated], self.film_weight[rated])
        cross = expected.packed[:, -(d + 2) : -2]
        evidence = (person.data - np.float32(self.mean))[:, None] * expected.feature - cross
        own = shares(np.array([person.nnz]))[0, 0] * (self.implicit[rated] @ self.people_prior)
        return base, pull @ (self.precision * weight[0] * evidence + own).T

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        return self.scores.combine(people, stars)

    def _likeness(self, films: Ints) -> Floats:
        vectors = self.film_mean[films, :-1]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors @ vectors.T)

    # -- films without ratings --------------------------------------------------------------------------------------

    def add_films(self, features: FilmFeatures) -> int:
        """Make films known by their features alone: each gets the prior that training learned.

        Films known already are left as they are.

        Args:
            features: with the columns of training.

        Returns:
            How many films are new.

        Raises:
            InputError: the model was trained without features, or with other columns.
        """
        if not self.feature_names or features.names != self.feature_names:
            raise InputError(
                f"The model knows {len(self.feature_names)} film features; the {len(features.names)} given are others.",
                "Give the features of training, by the same names in the same order.",
            )
        new = places(features.film_ids, self.film_ids) < 0
        ids = features.film_ids[new]
        values = np.hstack([np.ones((len(ids), 1), dtype=np.float32), features.values[new]])
        count, films = len(ids), len(self.film_ids)
        order = np.argsort(np.concatenate([self.film_ids, ids]), kind="stable")
        spread = np.linalg.inv(self.film_prior).astype(np.float32)

        def widen(old: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([old, more.astype(old.dtype)])[order]

        self.film_mean = widen(self.film_mean, values @ self.feature_weights)
        self.film_covariance = widen(self.film_covariance, np.broadcast_to(spread, (count, *spread.shape)))
        self.film_weight = widen(self.film_weight, np.ones(count))
        self.implicit = widen(self.implicit, np.zeros((count, spread.shape[0])))
        self.counts = widen(self.counts, np.zeros(count, dtype=np.int64))
        self.film_ids = widen(self.film_ids, ids)
        self._films_moved(np.argsort(order)[:films])
        return count

    def renamed(self, mapping: Mapping[int, int]) -> "FactorModel":
        """A model of the same films under other ids; films that the mapping lacks are left out.

        Args:
            mapping: old id to new id, no new id twice.

        Raises:
            InputError: two films get the same id, or no film is left.
        """
        old = [int(i) for i in self.film_ids if int(i) in mapping]
        new = np.array([mapping[i] for i in old], dtype=np.int64)
        if len(np.unique(new)) != len(old) or not old:
            raise InputError(f"The mapping gives {len(np.unique(new))} ids to {len(old)} films.", "One id per film.")
        keep = places(np.array(old), self.film_ids)[np.argsort(new)]
        model = copy(self)
        model.film_ids = np.sort(new)
        for name in ("film_mean", "film_covariance", "film_weight", "implicit", "counts"):
            setattr(model, name, getattr(self, name)[keep])
        moved = np.full(len(self.film_ids), -1, dtype=np.int64)
        moved[keep] = np.arange(len(keep))
        model._films_moved(moved)
        return model

    def _films_moved(self, moved: Ints) -> None:
        """Bring along what names films by place: film n has become ``moved[n]``, or none where that is -1."""
        films = len(self.film_ids)
        self.scores = self.scores.moved(moved, films)
        row = np.repeat(np.arange(self.history.shape[0]), np.diff(self.history.indptr))
        column = moved[self.history.indices]
        left = column >= 0
        shape = (self.history.shape[0], films)
        self.history = sp.csr_matrix((self.history.data[left], (row[left], column[left])), shape=shape)
        self._known = None

    # -- files ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "", compact: bool = False) -> Path:
        """Write a model folder.

        Args:
            path: see ``RatingModel.save``; so for the next two.
            with_people: …
            card: …
            compact: halves instead of floats and bytes for the picks' weights: a fifth of the size.
        """
        self._compact = compact
        return super().save(path, with_people=with_people, card=card)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        upper = np.triu_indices(self.film_mean.shape[1])
        arrays: dict[str, NDArray[Any]] = {
            "film_mean": self.film_mean,
            "film_covariance": self.film_covariance[:, upper[0], upper[1]],
            "film_weight": self.film_weight,
            "people_prior": self.people_prior,
            "film_prior": self.film_prior,
            "implicit": self.implicit,
            "feature_weights": self.feature_weights,
        }
        if self._compact:
            arrays = {name: halves(array) for name, array in arrays.items()}
        return {**arrays, **self.scores.arrays(self._compact)}

    def _facts(self) -> dict[str, Any]:
        return {"precision": self.precision, "feature_names": list(self.feature_names), **self.scores.facts()}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        full = {name: array.astype(np.float32) for name, array in arrays.items() if array.dtype.kind == "f"}
        self.film_mean, self.film_weight = full["film_mean"], full["film_weight"]
        films, d = self.film_mean.shape
        upper = np.triu_indices(d)
        self.film_covariance = np.empty((films, d, d), dtype=np.float32)
        self.film_covariance[:, upper[0], upper[1]] = full["film_covariance"]
        self.film_covariance[:, upper[1], upper[0]] = full["film_covariance"]
        self.people_prior, self.film_prior = full["people_prior"], full["film_prior"]
        self.implicit, self.feature_weights = full["implicit"], full["feature_weights"]
        self.precision = float(facts["precision"])
        self.feature_names = tuple(facts["feature_names"])
        self.scores = ImplicitScores.restore(arrays, facts, films)
        self._known, self._features, self._compact = None, None, False
