"""The factor model, cinefile's default: Bayesian factors and biases with learned priors and noise (docs/taste.md).

stars = mean + film bias + person bias + p.q + noise, where
    p, with the bias, ~ N(sum of W over the films the person rated / root of their number, prior covariance)
    q, with the bias, ~ N(features G + sum of Z over the people who rated it / root of their number, prior covariance)
    noise precision = common x person's x film's.
Posterior means and covariances by variational EM. A person is folded in by one (k + 1) x (k + 1) linear system.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.taste import factor_files, factor_films
from cinefile.taste.factor_fitting import fit
from cinefile.taste.factor_learned import FactorLearned
from cinefile.taste.factor_people import FactorReading, People, deviations, fold_in, unknown_film
from cinefile.taste.features import FilmFeatures
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable


@dataclass
class FactorModel(FactorLearned):
    """Bayesian factor model.

    Args:
        factors: length k of the vectors without the bias; default 32; 16 below 300,000 and from 5 million ratings.
        rounds: of variational EM; default 15, or 8 from 5 million ratings.
        ridge_people: of the people's prior mean on the films that they rated.
        ridge_films: of the films' prior mean on the people who rated them.
        ridge_features: of the films' prior mean on their features.
        ridge_cold: of the vectors of films without ratings on their features, in units of a mean film's ratings.
        noise_strength: ratings' worth of the common noise in every person's noise (three times that in a film's).
        gradient_steps: conjugate gradient steps per round for both implicit priors; few of them regularise too.
        validation: share of the ratings kept from training to watch the error on (``curve``); 0 keeps none.
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
    ridge_cold: float = 10.0
    noise_strength: float = 10.0
    gradient_steps: int = 2
    validation: float = 0.0
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
        checkpoint: Path | None = None,
    ) -> Self:
        """Learn from ratings, as every model, and from what is known of the films.

        Args:
            user_ids: see ``RatingModel.fit``; so for the others.
            film_ids: …
            stars: …
            timestamps: …
            watch: …
            features: of films, rated or not; those without ratings become known to the model through them.
            checkpoint: folder to keep every round in; a stopped run of the same ratings and settings goes on from
                there. Removed at the end.
        """
        self._features, self._compact, self._checkpoint = features, False, checkpoint
        return super().fit(user_ids, film_ids, stars, timestamps, watch=watch)

    def _widen(self, table: RatingTable) -> RatingTable:
        return table if self._features is None else table.with_films(self._features.film_ids)

    def _fit(self, table: RatingTable, watch: Watch) -> None:
        fit(self, table, self._features, self._checkpoint, watch)

    # -- people -----------------------------------------------------------------------------------------------------

    def fold_in(self, people: sp.csr_matrix) -> People:
        """Posterior of people given as (n, films) rows of stars: means, covariances and relative noise precisions."""
        return fold_in(self, people)

    def _reading(self, people: sp.csr_matrix) -> FactorReading:
        return FactorReading(self, people)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return self._reading(people).stars()

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        return self._reading(person).contributions(0, films)

    def _unknown_film(self, people: sp.csr_matrix) -> tuple[Floats, Floats | None]:
        return unknown_film(self, self.fold_in(people))

    def _deviation(self, people: sp.csr_matrix) -> Floats:
        count, films = people.shape
        rows, columns = np.repeat(np.arange(count), films), np.tile(np.arange(films), count)
        return deviations(self, self.fold_in(people), rows, columns).reshape(count, films)

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        everybody = self._everybody()
        stars = np.empty(len(rows), dtype=np.float64)
        for first in range(0, len(rows), 500_000):
            some = slice(first, first + 500_000)
            person, film = everybody.mean[rows[some]], self.film_mean[films[some]]
            stars[some] = np.einsum("nk,nk->n", person[:, :-1], film[:, :-1]) + person[:, -1] + film[:, -1] + self.mean
        return stars, deviations(self, everybody, rows, films) if return_std else None

    def _everybody(self) -> People:
        """The fold-in of all people of the training ratings, computed when first asked for."""
        if self._known is None:
            blocks = [self.fold_in(self.history[n : n + 4096]) for n in range(0, max(len(self.user_ids), 1), 4096)]
            self._known = People(*(np.concatenate(part) for part in zip(*blocks, strict=True)))
        return self._known

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
        return factor_films.add_films(self, features)

    def renamed(self, mapping: Mapping[int, int]) -> "FactorModel":
        """A model of the same films under other ids; films that the mapping lacks are left out.

        Args:
            mapping: old id to new id, no new id twice.

        Raises:
            InputError: two films get the same id, or no film is left.
        """
        return factor_films.renamed(self, mapping)

    # -- files ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "", compact: bool = False) -> Path:
        """Write a model folder.

        Args:
            path: see ``RatingModel.save``; so for the next two.
            with_people: …
            card: …
            compact: halves instead of floats, and bytes for the picks' weights and the covariances.
        """
        self._compact = compact
        return super().save(path, with_people=with_people, card=card)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return factor_files.to_arrays(self, self._compact)

    def _facts(self) -> dict[str, Any]:
        return {"precision": self.precision, "feature_names": list(self.feature_names), **self.scores.facts()}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        factor_files.restore(self, arrays, facts)
        self._known, self._features, self._compact, self._checkpoint = None, None, False, None
