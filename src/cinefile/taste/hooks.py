"""What a rating model's file supplies, and what it may replace; `model.RatingModel` makes the interface of it."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.errors import ModelError
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable


class Reading:
    """What a model makes of some people, worked out once and then asked for everything that picks need.

    Args:
        model: a trained model.
        people: (people, films) rows of stars.
    """

    def __init__(self, model: "ModelHooks", people: sp.csr_matrix) -> None:
        self.people = people
        self._model = model

    def stars(self) -> Floats:
        """(people, films) predicted stars, unclipped."""
        return self._model._stars(self.people)

    def deviation(self, row: int, films: Ints) -> Floats | None:
        """(len(films),) standard deviation of one person's new rating; None where the model has none."""
        return None

    def contributions(self, row: int, films: Ints) -> tuple[Floats, Floats]:
        """``_contributions`` of one person."""
        return self._model._contributions(self.people[[row]], films)


class ModelHooks(ABC):
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

    # -- what a model's file may replace ----------------------------------------------------------------------------

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Take back what ``_arrays`` gave; by default every array becomes the attribute of its name."""
        for name, array in arrays.items():
            setattr(self, name, array)

    def _facts(self) -> dict[str, Any]:
        """Learned numbers to save as JSON."""
        return {}

    def _widen(self, table: RatingTable) -> RatingTable:
        """The table to train on; a model may add films that nobody rated."""
        return table

    def _reading(self, people: sp.csr_matrix) -> Reading:
        """For models that work something out about people before they predict."""
        return Reading(self, people)

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
