"""What every rating model can do. A model is one file: its settings as a dataclass, and the methods of `hooks`.

A person is always a set of ratings: whoever is known from training is folded in from the ratings kept there, and a new
person from those given, in the same way. So nothing is retrained for a new person, and nothing is drawn at random.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError, ModelError, NotFoundError
from cinefile.modelfiles import ModelFolder
from cinefile.taste.asking import one_person, rows_of
from cinefile.taste.folders import take, write_model
from cinefile.taste.hooks import ModelHooks
from cinefile.taste.picking import Explanation, Pick, Wishes
from cinefile.taste.predicting import PEOPLE_AT_ONCE, fill_unknown, known_pairs
from cinefile.taste.progress import Silent, Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable, as_ids, person_rows, places
from cinefile.taste.recommending import explanation, picks


class RatingModel(ModelHooks):
    """The interface of all rating models; see ``ModelHooks`` for the attributes."""

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
        fill_unknown(self, row, column, stars, deviation if return_std else None)
        clipped = np.clip(stars, *self.range)
        return (clipped, deviation) if return_std else clipped

    def stars_for(self, ratings: Mapping[int, float], film_ids: ArrayLike | None = None) -> NDArray[np.float64]:
        """Predicted stars of a new person for all the model's films, or for ``film_ids`` (NaN where unknown)."""
        self._must_be_fitted()
        stars = self._stars(person_rows([ratings], self.film_ids))[0].astype(np.float64)
        everything: NDArray[np.float64] = np.clip(stars, *self.range)
        if film_ids is None:
            return everything
        at = places(as_ids(film_ids, "film_ids"), self.film_ids)
        chosen: NDArray[np.float64] = np.where(at >= 0, everything[at], np.nan)
        return chosen

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
        person = one_person(self, ratings, user_id)
        return picks(self, person, k, wishes or Wishes())[0]

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
        names, rows = rows_of(self, people)
        for first in range(0, len(names), PEOPLE_AT_ONCE):
            block = rows[first : first + PEOPLE_AT_ONCE]
            yield from zip(
                names[first : first + PEOPLE_AT_ONCE].tolist(), picks(self, block, k, wishes or Wishes()), strict=True
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
        person = one_person(self, ratings, user_id)
        at = places(np.array([film_id]), self.film_ids)[0]
        if at < 0:
            raise NotFoundError(f"The model knows no film {film_id}.", "Train it again with ratings of that film.")
        return explanation(self, person, int(at))

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "") -> Path:
        """Write a model folder; ``with_people=False`` leaves out everything that belongs to a person."""
        self._must_be_fitted()
        return write_model(self, path, with_people=with_people, card=card)

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
            take(model, arrays, facts)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path} is not a usable {cls.kind} model: {error}.", "Train it again.") from error
        return model

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        """Stars (and deviation) for known people's rows of ``history`` and known films, pair by pair."""
        return known_pairs(self, rows, films, return_std)
