"""The factor model: its settings, its predictions, and its folder."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.errors import InputError
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.factor.fold_in import (
    FactorFoldedIn,
    FactorLearned,
    FoldedPeople,
    deviations,
    fold_in,
    unknown_film,
)
from cinefile.taste.models.factor.likes import LikesSettings
from cinefile.taste.models.factor.training import Plan, train
from cinefile.taste.next_film import most_telling
from cinefile.taste.people_blocks import LocalBlocks, RatingBlocks
from cinefile.taste.rating_model import RatingModel, RunOptions, write_model
from cinefile.taste.ratings import Floats, Ints, RatingTable, places
from cinefile.taste.recommend import FilmToRate

LARGE = 5_000_000  # ratings from which fewer factors and rounds are the default: slower rounds, and fewer are needed
SMALL = 300_000  # ratings below which fewer factors are: more find nothing to learn from


@dataclass
class FactorModel(RatingModel):
    """Bayesian factor model; ``learned`` is what training learned.

    Args:
        factors: length k of the vectors without the bias; default 32; 16 below 300,000 and from 5 million ratings.
        rounds: of variational EM; default 15, or 8 from 5 million ratings.
        ridge_people: of the people's prior mean on the films that they rated.
        ridge_films: of the films' prior mean on the people who rated them.
        ridge_features: of the films' prior mean on their features.
        ridge_cold: of the vectors of films without ratings on their features, in units of a mean film's ratings.
        noise_strength: ratings' worth of the common noise in every person's noise (three times that in a film's).
        gradient_steps: conjugate gradient steps per round for both implicit priors; few of them regularise too.
        seed: of the films' starting vectors.
        like: stars from which a rating counts for the picks' implicit scores (``likes.ImplicitScores``).
        ridge_picks: of those scores.
        blend: weight of the predicted stars beside them.
        pick_films: most films that get such scores.
        pick_people: most people from whom they are learned.
    """

    kind = "factor"
    uses_features = True
    in_blocks = True
    factors: int | None = None
    rounds: int | None = None
    ridge_people: float = 1.0
    ridge_films: float = 1.0
    ridge_features: float = 5.0
    ridge_cold: float = 10.0
    noise_strength: float = 10.0
    gradient_steps: int = 2
    seed: int = 0
    like: float = 4.0
    ridge_picks: float = 4.5
    blend: float = 0.1
    pick_films: int = 6000
    pick_people: int = 30_000

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        blocks = LocalBlocks(table, options.checkpoint)
        self._fit_blocks(blocks, features, options)
        blocks.clear()

    def _fit_blocks(self, blocks: RatingBlocks, features: FilmFeatures | None, options: RunOptions) -> None:
        ratings = int(blocks.counts.sum())
        large = ratings >= LARGE
        plan = Plan(
            factors=self.factors or (16 if large or ratings < SMALL else 32),
            rounds=self.rounds or (8 if large else 15),
            ridge_people=self.ridge_people,
            ridge_films=self.ridge_films,
            ridge_features=self.ridge_features,
            ridge_cold=self.ridge_cold,
            noise_strength=self.noise_strength,
            gradient_steps=self.gradient_steps,
            seed=self.seed,
        )
        likes = LikesSettings(self.like, self.ridge_picks, self.blend, self.pick_films, self.pick_people)
        self._use(train(blocks, features, plan, likes, options))

    def _use(self, learned: FactorLearned) -> None:
        self.learned, self.curve = learned, learned.errors
        self._known: FoldedPeople | None = None

    # -- people -----------------------------------------------------------------------------------------------------

    def fold_in(self, people: sp.csr_matrix) -> FoldedPeople:
        """Posterior of people given as (n, films) rows of stars: means, covariances and relative noise precisions."""
        return fold_in(self.learned, people)

    def _folded(self, people: sp.csr_matrix) -> FactorFoldedIn:
        return FactorFoldedIn(self, self.learned, people)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return self._folded(people).stars()

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        return self._folded(person).contributions(0, films)

    def _unknown_film(self, people: sp.csr_matrix) -> tuple[Floats, Floats | None]:
        return unknown_film(self.learned, self.fold_in(people))

    def _deviation(self, people: sp.csr_matrix) -> Floats:
        count, films = people.shape
        rows, columns = np.repeat(np.arange(count), films), np.tile(np.arange(films), count)
        return deviations(self.learned, self.fold_in(people), rows, columns).reshape(count, films)

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        everybody = self._everybody()
        stars = np.empty(len(rows), dtype=np.float64)
        for first in range(0, len(rows), 500_000):
            some = slice(first, first + 500_000)
            person, film = everybody.mean[rows[some]], self.learned.film_mean[films[some]]
            stars[some] = np.einsum("nk,nk->n", person[:, :-1], film[:, :-1]) + person[:, -1] + film[:, -1] + self.mean
        return stars, deviations(self.learned, everybody, rows, films) if return_std else None

    def _everybody(self) -> FoldedPeople:
        """The fold-in of all people of the training ratings, computed when first asked for."""
        if self._known is None:
            blocks = [self.fold_in(self.history[n : n + 4096]) for n in range(0, max(len(self.user_ids), 1), 4096)]
            self._known = FoldedPeople(*(np.concatenate(part) for part in zip(*blocks, strict=True)))
        return self._known

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        return self.learned.scores.combine(people, stars)

    def _likeness(self, films: Ints) -> Floats:
        vectors = self.learned.film_mean[films, :-1]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors @ vectors.T)

    def _to_rate(self, person: sp.csr_matrix, k: int) -> list[FilmToRate]:
        learned, people = self.learned, self.fold_in(person)
        noise = 1.0 / (learned.precision * float(people.weight[0]) * learned.film_weight.astype(np.float64))
        chosen = most_telling(learned.film_mean, noise, people.covariance[0], self.counts, person.indices, k)
        return [FilmToRate(int(self.film_ids[place]), gain) for place, gain in chosen]

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
        names = self.learned.feature_names
        if not names or features.names != names:
            raise InputError(
                f"The model knows {len(names)} film features; the {len(features.names)} given are others.",
                "Give the features of training, by the same names in the same order.",
            )
        ids = features.film_ids[places(features.film_ids, self.film_ids) < 0]
        every, films = np.concatenate([self.film_ids, ids]), len(self.film_ids)
        order = np.argsort(every, kind="stable")
        self._use(self.learned.with_films(features.rows_for(ids), order))
        self.counts = np.concatenate([self.counts, np.zeros(len(ids), dtype=np.int64)])[order]
        self.film_ids = every[order]
        self._renumber_history(np.argsort(order)[:films])
        return len(ids)

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
        kept = places(np.array(old), self.film_ids)[np.argsort(new)]
        other = copy(self)
        other._use(self.learned.of_films(kept))
        other.film_ids, other.counts = np.sort(new), self.counts[kept]
        moved = np.full(len(self.film_ids), -1, dtype=np.int64)
        moved[kept] = np.arange(len(kept))
        other._renumber_history(moved)
        return other

    def _renumber_history(self, moved: Ints) -> None:
        """Renumber the training ratings after films were added or dropped: film n is now ``moved[n]``, -1 dropped."""
        row = np.repeat(np.arange(self.history.shape[0]), np.diff(self.history.indptr))
        column = moved[self.history.indices]
        left = column >= 0
        shape = (self.history.shape[0], len(self.film_ids))
        self.history = sp.csr_matrix((self.history.data[left], (row[left], column[left])), shape=shape)

    # -- files ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "", compact: bool = False) -> Path:
        """Write a model folder.

        Args:
            path: see ``RatingModel.save``; so for the next two.
            with_people: …
            card: …
            compact: halves instead of floats, and bytes for the picks' weights and the covariances.
        """
        self._must_be_fitted()
        return write_model(self, path, self.learned.arrays(compact), with_people=with_people, card=card)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return self.learned.arrays()

    def _facts(self) -> dict[str, Any]:
        return self.learned.facts()

    @classmethod
    def _settings_of(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        # Folders of version 0.1 hold a share for validation too, which was never a setting of the model.
        return {name: value for name, value in facts["settings"].items() if name != "validation"}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self._use(FactorLearned.restore(arrays, facts, self.mean, self.noise_strength))
