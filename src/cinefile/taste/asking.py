"""Whose films are asked for: people by their ratings, or by id from training, as rows of stars."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from cinefile.errors import InputError, NotFoundError
from cinefile.taste.hooks import ModelHooks
from cinefile.taste.ratings import Ints, as_ids, person_rows, places


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
