"""The contract of every rating model: fit, predict, recommend, explain, save and load."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError, ModelError, NotFoundError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.progress import Progress, Silent
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.people_blocks import RatingBlocks
from cinefile.taste.ratings import Floats, Ints, RatingTable, as_ids, empty_people, person_rows, places
from cinefile.taste.recommend import Explanation, FilmToRate, FoldedIn, Pick, Wishes, explanation, picks


@dataclass(frozen=True)
class RunOptions:
    """How a model is trained, apart from what it is: every model accepts them, and uses those that it can.

    Attributes:
        progress: told about rounds.
        checkpoint: folder to keep every round in; a stopped run of the same ratings and settings goes on from there.
            Removed at the end. For models that learn in rounds long enough to be worth keeping.
        validation: share of the ratings kept from training to watch the error on (``RatingModel.curve``); 0 keeps none.
    """

    progress: Progress = field(default_factory=Silent)
    checkpoint: Path | None = None
    validation: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.validation < 1:
            raise InputError(f"validation is {self.validation}.", "It is a share of the ratings, from 0 to below 1.")


class ModelHooks(ABC):
    """Base of all rating models.

    Attributes set by ``fit``:
        film_ids: (films,) ids the model knows, ascending.
        user_ids: (users,) ids of the people it was trained on, ascending; empty where the model was saved without.
        mean: mean of the training stars.
        range: lowest and highest star of training; predictions are kept inside.
        counts: (films,) training ratings of each film.
        history: (users, films) CSR of the training stars.
        curve: error after every round, on held-out ratings where there are any; empty for models without rounds, and
            not saved.
    """

    kind: ClassVar[str]
    additive: ClassVar[bool] = True  # whether the stars are a sum over the person's ratings
    film_ids: Ints
    user_ids: Ints
    mean: float
    range: tuple[float, float]
    counts: Ints
    history: sp.csr_matrix
    curve: Sequence[float] = ()
    uses_features: ClassVar[bool] = False  # whether film features teach it anything, of unrated films too
    in_blocks: ClassVar[bool] = False  # whether ``fit_blocks`` trains it, so that a cluster can

    # -- what a model's file supplies -------------------------------------------------------------------------------

    @abstractmethod
    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
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

    # -- what a model's file may replace ----------------------------------------------------------------------------

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Take back what ``_arrays`` gave; by default every array becomes the attribute of its name."""
        for name, array in arrays.items():
            setattr(self, name, array)

    def _facts(self) -> dict[str, Any]:
        """Learned numbers to save as JSON."""
        return {}

    def _fit_blocks(self, blocks: RatingBlocks, features: FilmFeatures | None, options: RunOptions) -> None:
        """Learn from blocks of people, wherever they are, for models that are trained ``in_blocks``."""
        raise InputError(f"The model {self.kind!r} is not trained in blocks of people.", "Train it on one machine.")

    @classmethod
    def _settings_of(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that a model folder's facts hold."""
        return dict(facts["settings"])

    def _folded(self, people: sp.csr_matrix) -> FoldedIn:
        """For models that work something out about people before they predict."""
        return FoldedIn(self, people)

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        """(people, films) scores by which films are picked; the predicted stars unless the model knows better."""
        return stars

    def _deviation(self, people: sp.csr_matrix) -> Floats | None:
        """(people, films) standard deviation of a new rating around ``_stars``; None where the model has none."""
        return None

    def _unknown_film(self, people: sp.csr_matrix) -> tuple[Floats, Floats | None]:
        """(people,) stars of a film that the model does not know, and deviations where it has any.

        By default the mean of the films known, weighted by their ratings, and the largest of their deviations.
        """
        spread = self._deviation(people)
        share = self.counts / max(int(self.counts.sum()), 1)
        return self._stars(people) @ share, None if spread is None else spread.max(axis=1)

    def _likeness(self, films: Ints) -> Floats:
        """(films, films) cosine likeness of films, for diversity; by default from who rated both."""
        columns = self.history[:, films]
        columns.data = np.ones_like(columns.data)
        both = (columns.T @ columns).toarray()
        norm = np.sqrt(np.maximum(both.diagonal(), 1.0))
        likeness: Floats = both / norm[:, None] / norm[None, :]
        return likeness

    # -- for all ----------------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.init}  # type: ignore[arg-type]

    def _must_be_fitted(self) -> None:
        if not hasattr(self, "film_ids"):
            raise ModelError(f"This {self.kind} model has not been trained.", "Call fit or load first.")


def write_model(
    model: ModelHooks, path: str | Path, learned: Mapping[str, NDArray[Any]], *, with_people: bool, card: str
) -> Path:
    """Write a trained model's folder, with these learned arrays."""
    arrays = {"film_ids": model.film_ids, "counts": model.counts, **learned}
    if with_people:
        arrays |= {
            "user_ids": model.user_ids,
            "history_stars": model.history.data,
            "history_films": model.history.indices,
            "history_edges": model.history.indptr,
        }
    facts = {"settings": model._settings(), "mean": model.mean, "range": list(model.range), **model._facts()}
    return write_folder(path, kind=model.kind, facts=facts, arrays=arrays, card=card)


def restore(model: ModelHooks, arrays: dict[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Give a new model what a folder holds.

    Raises:
        KeyError: something is missing.
        ValueError: arrays do not fit each other.
    """
    model.film_ids, model.counts = arrays.pop("film_ids"), arrays.pop("counts").astype(np.int64)
    model.mean, model.range = float(facts["mean"]), (float(facts["range"][0]), float(facts["range"][1]))
    model.user_ids = arrays.pop("user_ids", np.empty(0, dtype=np.int64))
    shape = (len(model.user_ids), len(model.film_ids))
    if len(model.user_ids):
        parts = (arrays.pop("history_stars"), arrays.pop("history_films"), arrays.pop("history_edges"))
        model.history = sp.csr_matrix(parts, shape=shape)
    else:
        model.history = empty_people(len(model.film_ids), 0)
    model._restore(arrays, facts)


def one_person(model: ModelHooks, ratings: Mapping[int, float] | None, user_id: int | None) -> sp.csr_matrix:
    """(1, films) stars of one person, by exactly one of the two.

    Raises:
        InputError: neither or both of them, or stars out of range.
        NotFoundError: no such person.
    """
    model._must_be_fitted()
    if (ratings is None) == (user_id is None):
        raise InputError("Give either ratings or user_id.", "ratings is {film_id: stars}.")
    return rows_of(model, [ratings] if ratings is not None else np.array([user_id]))[1]


def rows_of(model: ModelHooks, people: Sequence[Mapping[int, float]] | ArrayLike | None) -> tuple[Ints, sp.csr_matrix]:
    """Names and (people, films) stars of ratings, of user ids, or of everybody in training.

    Raises:
        NotFoundError: a user id is unknown.
    """
    if people is None:
        return model.user_ids, model.history
    given: list[Any] = list(people)  # type: ignore[arg-type]
    if given and isinstance(given[0], Mapping):
        return np.arange(len(given), dtype=np.int64), person_rows(given, model.film_ids)
    ids = as_ids(given, "user_ids")
    rows = places(ids, model.user_ids)
    if (rows < 0).any():
        raise NotFoundError(
            f"The model knows no person {ids[rows < 0][0]}.", "Give their ratings instead: {film_id: stars}."
        )
    return ids, model.history[rows]


PEOPLE_AT_ONCE = 256


def known_pairs(model: ModelHooks, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
    """Stars (and deviation) for known people's rows of ``history`` and known films, pair by pair."""
    stars = np.empty(len(rows), dtype=np.float64)
    deviation = np.empty(len(rows), dtype=np.float64) if return_std else None
    distinct, back = np.unique(rows, return_inverse=True)
    order = np.argsort(back, kind="stable")
    edges = np.searchsorted(back[order], np.arange(0, len(distinct) + PEOPLE_AT_ONCE, PEOPLE_AT_ONCE))
    for block, (low, high) in enumerate(pairwise(edges)):
        first = block * PEOPLE_AT_ONCE
        at = order[low:high]
        people = model.history[distinct[first : first + PEOPLE_AT_ONCE]]
        stars[at] = model._stars(people)[back[at] - first, films[at]]
        if deviation is not None:
            spread = model._deviation(people)
            if spread is None:
                deviation = None
            else:
                deviation[at] = spread[back[at] - first, films[at]]
    return stars, deviation


def fill_unknown(model: ModelHooks, row: Ints, column: Ints, stars: Floats, deviation: Floats | None) -> None:
    """Write the pairs whose person (row -1) or film (column -1) the model does not know, in place.

    An unknown person is one without ratings; an unknown film is what the model's ``_unknown_film`` says.
    """
    nobody = empty_people(len(model.film_ids))
    stranger = (row < 0) & (column >= 0)
    if stranger.any():
        stars[stranger] = model._stars(nobody)[0, column[stranger]]
        spread = model._deviation(nobody) if deviation is not None else None
        if deviation is not None and spread is not None:
            deviation[stranger] = spread[0, column[stranger]]
    new = np.flatnonzero(column < 0)
    who, back = np.unique(row[new], return_inverse=True)
    for first in range(0, len(who), PEOPLE_AT_ONCE):
        some = who[first : first + PEOPLE_AT_ONCE]
        people = sp.vstack([nobody[: int(some[0] < 0)], model.history[some[some >= 0]]], format="csr")
        found, spread = model._unknown_film(people)
        here = (back >= first) & (back < first + len(some))
        stars[new[here]] = found[back[here] - first]
        if deviation is not None:
            deviation[new[here]] = np.nan if spread is None else spread[back[here] - first]


class RatingModel(ModelHooks):
    """The interface of all rating models; see ``ModelHooks`` for the attributes."""

    def fit(
        self,
        user_ids: ArrayLike,
        film_ids: ArrayLike,
        stars: ArrayLike,
        timestamps: ArrayLike | None = None,
        *,
        features: FilmFeatures | None = None,
        options: RunOptions | None = None,
    ) -> Self:
        """Learn from ratings: equal-length arrays, one value of each per rating.

        Args:
            user_ids: whole numbers, in any order.
            film_ids: whole numbers.
            stars: 0.5 to 5. Of a pair given twice, the later one stands.
            timestamps: seconds since 1970, or None; checked for length, used by models that know time.
            features: what is known of films, rated or not. A model that uses them also knows films without ratings.
            options: of the run: who is told about progress, where rounds are kept, how much is held out.

        Raises:
            InputError: lengths differ, no ratings, or values that are none.
        """
        if timestamps is not None and len(np.asarray(timestamps)) != len(np.asarray(stars)):
            raise InputError("timestamps and stars differ in length.", "Give one timestamp per rating, or None.")
        table, options = RatingTable.of(user_ids, film_ids, stars), options or RunOptions()
        if features is not None and self.uses_features:
            table = table.with_films(features.film_ids)
        self.film_ids, self.user_ids, self.mean = table.film_ids, table.user_ids, table.mean
        self.range = (float(table.stars.data.min()), float(table.stars.data.max()))
        self.counts = np.bincount(table.stars.indices, minlength=len(table.film_ids)).astype(np.int64)
        self.history = table.stars
        options.progress.begin("training")
        self._fit(table, features, options)
        return self

    def fit_blocks(
        self, blocks: RatingBlocks, *, features: FilmFeatures | None = None, options: RunOptions | None = None
    ) -> Self:
        """Learn from ratings in blocks of people, on a cluster say; the model knows no people afterwards.

        Args:
            blocks: the ratings; their films are those that the model will know.
            features: see ``fit``.
            options: see ``fit``; rounds are kept where the blocks say.

        Raises:
            InputError: the model is not trained in blocks.
        """
        options = options or RunOptions()
        self.film_ids, self.user_ids, self.mean = blocks.film_ids, np.empty(0, dtype=np.int64), blocks.mean
        self.range, self.counts = blocks.range, blocks.counts
        self.history = empty_people(len(blocks.film_ids), 0)
        options.progress.begin("training")
        self._fit_blocks(blocks, features, options)
        return self

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
            wishes: filters, dials and films to leave out; see ``recommend.Wishes``.

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

    def what_to_rate_next(self, ratings: Mapping[int, float], k: int = 10) -> list[FilmToRate]:
        """The k films to ask a person about, the most telling first.

        A model that does not know what a rating would teach it asks about the most rated films, for most people can
        answer that.

        Args:
            ratings: ``{film_id: stars}``, empty for somebody new.
            k: how many.

        Raises:
            InputError: k below 1, or stars out of range.
        """
        self._must_be_fitted()
        if k < 1:
            raise InputError(f"k is {k}.", "Ask for at least one film.")
        return self._to_rate(person_rows([ratings], self.film_ids), k)

    def _to_rate(self, person: sp.csr_matrix, k: int) -> list[FilmToRate]:
        order = np.argsort(-self.counts, kind="stable")
        return [FilmToRate(int(i), None) for i in self.film_ids[order[~np.isin(order, person.indices)][:k]]]

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "") -> Path:
        """Write a model folder; ``with_people=False`` leaves out everything that belongs to a person."""
        self._must_be_fitted()
        return write_model(self, path, self._arrays(), with_people=with_people, card=card)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model folder.

        Raises:
            ModelError: missing, damaged or of another kind.
        """
        folder = ModelFolder(path, kind=cls.kind)
        try:
            arrays, facts = dict(folder.arrays()), folder.facts
            model = cls(**cls._settings_of(facts))
            restore(model, arrays, facts)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path} is not a usable {cls.kind} model: {error}.", "Train it again.") from error
        return model

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        """Stars (and deviation) for known people's rows of ``history`` and known films, pair by pair."""
        return known_pairs(self, rows, films, return_std)
