"""What every rating model can do. A model is one file: its settings as a dataclass, and the four methods marked below.

A person is always a set of ratings: whoever is known from training is folded in from the ratings kept there, and a new
person from those given, in the same way. So nothing is retrained for a new person, and nothing is drawn at random.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError, ModelError, NotFoundError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.taste.picking import Explanation, Pick, Wishes, choose
from cinefile.taste.progress import Silent, Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable, as_ids, empty_people, person_rows, places

_PEOPLE_AT_ONCE = 256


class RatingModel(ABC):
    """Base of all rating models.

    Attributes set by ``fit``:
        film_ids: (films,) ids the model knows, ascending.
        user_ids: (users,) ids of the people it was trained on, ascending; empty where the model was saved without.
        mean: mean of the training stars.
        range: lowest and highest star of training; predictions are kept inside.
        counts: (films,) training ratings of each film.
        history: (users, films) CSR of the training stars.
    """

    kind: ClassVar[str]
    additive: ClassVar[bool] = True  # whether the stars are a sum over the person's ratings
    film_ids: Ints
    user_ids: Ints
    mean: float
    range: tuple[float, float]
    counts: Ints
    history: sp.csr_matrix

    # -- what a model's file supplies -------------------------------------------------------------------------------

    @abstractmethod
    def _fit(self, table: RatingTable, watch: Watch) -> None:
        """Learn from a checked table. ``film_ids``, ``mean``, ``counts`` and ``history`` are set already."""

    @abstractmethod
    def _stars(self, people: sp.csr_matrix) -> Floats:
        """(people, films) predicted stars, unclipped, for people given as rows of stars."""

    @abstractmethod
    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        """What ``_stars(person)[0, films]`` is the sum of, for one person (a one-row matrix).

        Returns:
            Bases (len(films),) and one summand per film and rating (len(films), person.nnz).
        """

    @abstractmethod
    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Learned arrays to save."""

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Take back what ``_arrays`` gave; by default every array becomes the attribute of its name."""
        for name, array in arrays.items():
            setattr(self, name, array)

    # -- what a model's file may replace ----------------------------------------------------------------------------

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        """(people, films) scores by which films are picked; the predicted stars unless the model knows better."""
        return stars

    def _deviation(self, people: sp.csr_matrix, films: Ints | None = None) -> Floats | None:
        """(people, films) standard deviation of a new rating around ``_stars``; None where the model has none."""
        return None

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        """Stars (and deviation) for known people's rows of ``history`` and known films, pair by pair."""
        stars = np.empty(len(rows), dtype=np.float64)
        deviation = np.empty(len(rows), dtype=np.float64) if return_std else None
        distinct, back = np.unique(rows, return_inverse=True)
        order = np.argsort(back, kind="stable")
        edges = np.searchsorted(back[order], np.arange(0, len(distinct) + _PEOPLE_AT_ONCE, _PEOPLE_AT_ONCE))
        for block, (low, high) in enumerate(pairwise(edges)):
            first = block * _PEOPLE_AT_ONCE
            at = order[low:high]
            people = self.history[distinct[first : first + _PEOPLE_AT_ONCE]]
            stars[at] = self._stars(people)[back[at] - first, films[at]]
            if deviation is not None:
                spread = self._deviation(people)
                if spread is None:
                    deviation = None
                else:
                    deviation[at] = spread[back[at] - first, films[at]]
        return stars, deviation

    # -- the interface ----------------------------------------------------------------------------------------------

    def fit(
        self,
        user_ids: ArrayLike,
        film_ids: ArrayLike,
        stars: ArrayLike,
        timestamps: ArrayLike | None = None,
        *,
        watch: Watch | None = None,
    ) -> Self:
        """Learn from ratings: equal-length arrays, one value of each per rating.

        Args:
            user_ids: whole numbers, in any order.
            film_ids: whole numbers.
            stars: 0.5 to 5. Of a pair given twice, the later one stands.
            timestamps: seconds since 1970, or None; checked for length, used by models that know time.
            watch: told about progress; see ``progress``.

        Raises:
            InputError: lengths differ, no ratings, or values that are none.
        """
        if timestamps is not None and len(np.asarray(timestamps)) != len(np.asarray(stars)):
            raise InputError("timestamps and stars differ in length.", "Give one timestamp per rating, or None.")
        table = RatingTable.of(user_ids, film_ids, stars)
        table = self._widen(table)
        self._know(table)
        self._fit(table, watch or Silent())
        return self

    def _widen(self, table: RatingTable) -> RatingTable:
        """The table to train on; a model may add films that nobody rated."""
        return table

    def _know(self, table: RatingTable) -> None:
        self.film_ids, self.user_ids, self.mean = table.film_ids, table.user_ids, table.mean
        self.range = (float(table.stars.data.min()), float(table.stars.data.max()))
        self.counts = np.bincount(table.stars.indices, minlength=len(table.film_ids)).astype(np.int64)
        self.history = table.stars

    def predict(
        self, user_ids: ArrayLike, film_ids: ArrayLike, return_std: bool = False
    ) -> NDArray[np.float64] | tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Stars for pairs of person and film.

        An unknown person is one without ratings; an unknown film gets the mean of what the person would give to the
        films known. With ``return_std`` also the standard deviation of the rating (NaN where the model has none).

        Raises:
            InputError: lengths differ, or ids that are no whole numbers.
        """
        self._must_be_fitted()
        users, films = as_ids(user_ids, "user_ids"), as_ids(film_ids, "film_ids")
        if len(users) != len(films):
            raise InputError(f"user_ids and film_ids have lengths {len(users)} and {len(films)}.")
        row, column = places(users, self.user_ids), places(films, self.film_ids)
        stars = np.full(len(users), np.nan)
        deviation = np.full(len(users), np.nan)
        known = (row >= 0) & (column >= 0)
        if known.any():
            stars[known], spread = self._pairs(row[known], column[known], return_std)
            if spread is not None:
                deviation[known] = spread
        self._fill_unknown(row, column, stars, deviation if return_std else None)
        clipped = np.clip(stars, *self.range)
        return (clipped, deviation) if return_std else clipped

    def _fill_unknown(self, row: Ints, column: Ints, stars: Floats, deviation: Floats | None) -> None:
        stranger = (row < 0) & (column >= 0)
        if stranger.any():
            nobody = empty_people(len(self.film_ids))
            stars[stranger] = self._stars(nobody)[0, column[stranger]]
            spread = self._deviation(nobody) if deviation is not None else None
            if deviation is not None and spread is not None:
                deviation[stranger] = spread[0, column[stranger]]
        weight = self.counts / max(int(self.counts.sum()), 1)
        for who in np.unique(row[column < 0]):
            person = self.history[[who]] if who >= 0 else empty_people(len(self.film_ids))
            at = (row == who) & (column < 0)
            stars[at] = float(self._stars(person)[0] @ weight)
            if deviation is not None:
                spread = self._deviation(person)
                deviation[at] = np.nan if spread is None else float(spread.max())

    def stars_for(self, ratings: Mapping[int, float], film_ids: ArrayLike | None = None) -> NDArray[np.float64]:
        """Predicted stars of a new person for all the model's films, or for ``film_ids`` (NaN where unknown)."""
        self._must_be_fitted()
        everything = np.clip(self._stars(person_rows([ratings], self.film_ids))[0].astype(np.float64), *self.range)
        if film_ids is None:
            return everything
        at = places(as_ids(film_ids, "film_ids"), self.film_ids)
        return np.where(at >= 0, everything[at], np.nan)

    def recommend(
        self,
        ratings: Mapping[int, float] | None = None,
        *,
        user_id: int | None = None,
        k: int = 10,
        wishes: Wishes | None = None,
    ) -> list[Pick]:
        """The k films to watch next, best first, over all the films the model knows.

        Args:
            ratings: ``{film_id: stars}`` of a person, in training or not; films the model does not know are ignored.
            user_id: or a person of the training ratings.
            k: how many.
            wishes: filters, dials and films to leave out; see ``picking.Wishes``.

        Raises:
            InputError: neither or both of ``ratings`` and ``user_id``, stars out of range, k below 1.
            NotFoundError: no such person.
        """
        person = self._person(ratings, user_id)
        return self._picks(person, k, wishes or Wishes())[0]

    def recommend_many(
        self, people: Sequence[Mapping[int, float]] | ArrayLike | None = None, k: int = 10, wishes: Wishes | None = None
    ) -> Iterator[tuple[int, list[Pick]]]:
        """Picks for many people, one after the other, computed in blocks.

        Args:
            people: ``{film_id: stars}`` of each, or user ids, or None for everybody in training.
            k: how many for each.
            wishes: as for ``recommend``.

        Yields:
            The user id (or the place in ``people`` where those are ratings) and the picks, best first.

        Raises:
            NotFoundError: a user id is unknown.
        """
        self._must_be_fitted()
        names, rows = self._rows_of(people)
        for first in range(0, len(names), _PEOPLE_AT_ONCE):
            block = rows[first : first + _PEOPLE_AT_ONCE]
            yield from zip(
                names[first : first + _PEOPLE_AT_ONCE].tolist(), self._picks(block, k, wishes or Wishes()), strict=True
            )

    def explain(
        self, film_id: int, ratings: Mapping[int, float] | None = None, *, user_id: int | None = None
    ) -> Explanation:
        """Why these stars: what each of the person's ratings adds to the prediction for one film.

        Base and contributions add up to the prediction exactly (before it is kept inside the star range).

        Raises:
            NotFoundError: the model does not know the film or the person.
            InputError: the model's predictions are no sum over the person's ratings.
        """
        person = self._person(ratings, user_id)
        at = places(np.array([film_id]), self.film_ids)[0]
        if at < 0:
            raise NotFoundError(f"The model knows no film {film_id}.", "Train it again with ratings of that film.")
        bases, summands = self._contributions(person, np.array([at]))
        base, parts = bases[0], summands[0]
        order = np.argsort(-np.abs(parts), kind="stable")
        films = self.film_ids[person.indices[order]]
        return Explanation(
            film_id=int(film_id),
            stars=float(np.clip(base + parts.sum(), *self.range)),
            base=float(base),
            contributions=tuple(zip(films.tolist(), parts[order].astype(float).tolist(), strict=True)),
        )

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "") -> Path:
        """Write a model folder; ``with_people=False`` leaves out everything that belongs to a person."""
        self._must_be_fitted()
        arrays = {"film_ids": self.film_ids, "counts": self.counts, **self._arrays()}
        if with_people:
            arrays |= {
                "user_ids": self.user_ids,
                "history_stars": self.history.data,
                "history_films": self.history.indices,
                "history_edges": self.history.indptr,
            }
        facts = {"settings": self._settings(), "mean": self.mean, "range": list(self.range), **self._facts()}
        return write_folder(path, kind=self.kind, facts=facts, arrays=arrays, card=card)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model folder.

        Raises:
            ModelError: missing, damaged or of another kind.
        """
        folder = ModelFolder(path, kind=cls.kind)
        try:
            arrays, facts = dict(folder.arrays()), folder.facts
            model = cls(**facts["settings"])
            model._take(arrays, facts)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path} is not a usable {cls.kind} model: {error}.", "Train it again.") from error
        return model

    def _take(self, arrays: dict[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.film_ids, self.counts = arrays.pop("film_ids"), arrays.pop("counts").astype(np.int64)
        self.mean, self.range = float(facts["mean"]), (float(facts["range"][0]), float(facts["range"][1]))
        self.user_ids = arrays.pop("user_ids", np.empty(0, dtype=np.int64))
        shape = (len(self.user_ids), len(self.film_ids))
        if len(self.user_ids):
            parts = (arrays.pop("history_stars"), arrays.pop("history_films"), arrays.pop("history_edges"))
            self.history = sp.csr_matrix(parts, shape=shape)
        else:
            self.history = empty_people(len(self.film_ids), 0)
        self._restore(arrays, facts)

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.init}  # type: ignore[arg-type]

    def _facts(self) -> dict[str, Any]:
        return {}

    def _must_be_fitted(self) -> None:
        if not hasattr(self, "film_ids"):
            raise ModelError(f"This {self.kind} model has not been trained.", "Call fit or load first.")

    def _person(self, ratings: Mapping[int, float] | None, user_id: int | None) -> sp.csr_matrix:
        self._must_be_fitted()
        if (ratings is None) == (user_id is None):
            raise InputError("Give either ratings or user_id.", "ratings is {film_id: stars}.")
        return self._rows_of([ratings] if ratings is not None else np.array([user_id]))[1]

    def _rows_of(self, people: Sequence[Mapping[int, float]] | ArrayLike | None) -> tuple[Ints, sp.csr_matrix]:
        if people is None:
            return self.user_ids, self.history
        given = list(people)  # type: ignore[arg-type]
        if given and isinstance(given[0], Mapping):
            return np.arange(len(given), dtype=np.int64), person_rows(given, self.film_ids)
        ids = as_ids(given, "user_ids")
        rows = places(ids, self.user_ids)
        if (rows < 0).any():
            raise NotFoundError(
                f"The model knows no person {ids[rows < 0][0]}.", "Give their ratings instead: {film_id: stars}."
            )
        return ids, self.history[rows]

    def _picks(self, people: sp.csr_matrix, k: int, wishes: Wishes) -> list[list[Pick]]:
        stars = self._stars(people)
        ranking = self._ranking(people, stars)
        picks = []
        for n in range(people.shape[0]):
            person = people[n]
            films, scores = choose(ranking[n], person.indices, self, k, wishes)
            spread = self._deviation(person, films)
            reasons = self._reasons(person, films, wishes.reasons)
            picks.append(
                [
                    Pick(
                        film_id=int(self.film_ids[film]),
                        stars=float(np.clip(stars[n, film], *self.range)),
                        std=None if spread is None else float(spread[0, place]),
                        score=float(scores[place]),
                        because=reasons[place],
                    )
                    for place, film in enumerate(films)
                ]
            )
        return picks

    def _reasons(self, person: sp.csr_matrix, films: Ints, most: int) -> list[tuple[tuple[int, float], ...]]:
        if most == 0 or person.nnz == 0 or not self.additive:
            return [()] * len(films)
        _, parts = self._contributions(person, films)
        # "Because you liked": what a person disliked can speak for a film too, but nobody wants to read that.
        parts = np.where(person.data >= person.data.mean(), parts, -np.inf)
        ids = self.film_ids[person.indices]
        best = np.argsort(-parts, axis=1, kind="stable")[:, :most]
        return [
            tuple((int(ids[at]), float(row[at])) for at in order if row[at] > 0)
            for row, order in zip(parts, best, strict=True)
        ]

    def _likeness(self, films: Ints) -> Floats:
        """(films, films) cosine likeness of films, for diversity; by default from who rated both."""
        columns = self.history[:, films]
        columns.data = np.ones_like(columns.data)
        both = (columns.T @ columns).toarray()
        norm = np.sqrt(np.maximum(both.diagonal(), 1.0))
        return both / norm[:, None] / norm[None, :]
