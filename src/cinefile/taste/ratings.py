"""Ratings as the models see them: ids checked, numbered from zero, and laid out as a sparse matrix of stars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
LOWEST, HIGHEST = 0.5, 5.0


@dataclass(frozen=True)
class RatingTable:
    """Checked ratings.

    Attributes:
        user_ids: (users,) the callers' ids, ascending; row numbers of ``stars``.
        film_ids: (films,) the callers' ids, ascending; column numbers of ``stars``.
        stars: (users, films) CSR, float32, with sorted columns.
        mean: mean of all stars.
    """

    user_ids: Ints
    film_ids: Ints
    stars: sp.csr_matrix
    mean: float

    @property
    def seen(self) -> sp.csr_matrix:
        """(users, films) CSR of ones where a rating stands; shares its indices with ``stars``."""
        return sp.csr_matrix(
            (np.ones_like(self.stars.data), self.stars.indices, self.stars.indptr), shape=self.stars.shape
        )

    @classmethod
    def of(cls, user_ids: ArrayLike, film_ids: ArrayLike, stars: ArrayLike) -> "RatingTable":
        """Check three equal-length arrays and number their ids. Of a pair given twice, the later rating stands.

        Raises:
            InputError: no ratings, unequal lengths, ids that are no integers, stars outside 0.5 to 5.
        """
        users, films = as_ids(user_ids, "user_ids"), as_ids(film_ids, "film_ids")
        values = as_stars(stars)
        if not len(users) == len(films) == len(values):
            raise InputError(
                f"user_ids, film_ids and stars have lengths {len(users)}, {len(films)} and {len(values)}.",
                "Give one value of each per rating.",
            )
        if len(users) == 0:
            raise InputError("There are no ratings to learn from.", "Ingest a source that has ratings first.")
        user_index, row = _number(users)
        film_index, column = _number(films)
        matrix = _matrix(row, column, values, (len(user_index), len(film_index)))
        return cls(user_index, film_index, matrix, float(matrix.data.mean(dtype=np.float64)))

    def with_films(self, film_ids: Ints) -> "RatingTable":
        """The same ratings, with columns for further films that nobody rated."""
        every = np.union1d(self.film_ids, film_ids)
        columns = np.searchsorted(every, self.film_ids)[self.stars.indices]
        stars = sp.csr_matrix((self.stars.data, columns, self.stars.indptr), shape=(len(self.user_ids), len(every)))
        return RatingTable(self.user_ids, every, stars, self.mean)


def _number(ids: Ints) -> tuple[Ints, Ints]:
    """Distinct ids in order, and each id's place among them."""
    # np.unique sorts all 25 million rows; where the ids are small numbers, counting does the same in one pass.
    if len(ids) and ids.min() >= 0 and ids.max() < max(4 * len(ids), 1_000_000):
        present = np.bincount(ids) > 0
        return np.flatnonzero(present), (np.cumsum(present) - 1)[ids]
    distinct, place = np.unique(ids, return_inverse=True)
    return distinct, place.reshape(-1)


def _matrix(row: Ints, column: Ints, values: Floats, shape: tuple[int, int]) -> sp.csr_matrix:
    matrix = sp.csr_matrix((values, (row, column)), shape=shape)
    if matrix.nnz == len(values) and matrix.has_canonical_format:
        return matrix
    # SciPy adds duplicates up: start again from the last rating of every pair.
    key = row * shape[1] + column
    _, last = np.unique(key[::-1], return_index=True)
    keep = len(key) - 1 - last
    return sp.csr_matrix((values[keep], (row[keep], column[keep])), shape=shape)


def as_ids(ids: ArrayLike, name: str) -> Ints:
    """One-dimensional int64 ids.

    Raises:
        InputError: other than one dimension, or values that are no integers.
    """
    array = np.asarray(ids)
    if array.ndim != 1:
        raise InputError(f"{name} has {array.ndim} dimensions.", "Give a list or a one-dimensional array.")
    if len(array) and not np.issubdtype(array.dtype, np.integer):
        whole = array.astype(np.int64) if np.issubdtype(array.dtype, np.floating) else None
        if whole is None or not np.array_equal(whole, array):
            raise InputError(f"{name} holds values of type {array.dtype}.", "Ids are whole numbers.")
        return whole
    return array.astype(np.int64, copy=False)


def as_stars(stars: ArrayLike) -> NDArray[np.float32]:
    """One-dimensional float32 stars.

    Raises:
        InputError: a value that is no number, or outside 0.5 to 5; names the first one's place.
    """
    try:
        values = np.asarray(stars, dtype=np.float32).reshape(-1)
    except (TypeError, ValueError) as error:
        raise InputError(f"stars are no numbers: {error}.") from error
    bad = np.flatnonzero(~((values >= LOWEST) & (values <= HIGHEST)))
    if len(bad):
        raise InputError(
            f"stars[{bad[0]}] is {values[bad[0]]:g}; {len(bad)} of {len(values)} are outside {LOWEST} to {HIGHEST}.",
            "Rescale them to stars first.",
        )
    return values


def places(ids: Ints, among: Ints) -> Ints:
    """Place of each id in the ascending array ``among``, -1 where it is not there."""
    if len(among) == 0:
        return np.full(len(ids), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(among, ids), len(among) - 1)
    return np.where(among[at] == ids, at, -1)


def person_rows(people: Sequence[Mapping[int, float]], film_ids: Ints) -> sp.csr_matrix:
    """(people, films) CSR of stars from one ``{film_id: stars}`` each; films unknown to the model are left out.

    Raises:
        InputError: stars outside 0.5 to 5, or ids that are no integers.
    """
    rows: list[Ints] = []
    columns: list[Ints] = []
    values: list[Floats] = []
    for number, ratings in enumerate(people):
        films = as_ids(np.array(list(ratings.keys()), dtype=np.int64 if not ratings else None), "film_ids")
        stars = as_stars(list(ratings.values()))
        at = places(films, film_ids)
        known = at >= 0
        rows.append(np.full(int(known.sum()), number, dtype=np.int64))
        columns.append(at[known])
        values.append(stars[known])
    shape = (len(people), len(film_ids))
    if not rows:
        return empty_people(len(film_ids), 0)
    matrix = sp.csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
    matrix.sort_indices()
    return matrix


def empty_people(films: int, people: int = 1) -> sp.csr_matrix:
    """(people, films) rows of people without any rating."""
    return sp.csr_matrix((people, films), dtype=np.float32)


def masked(stars: sp.csr_matrix, keep: NDArray[np.bool_]) -> sp.csr_matrix:
    """The ratings marked, one mark per stored value, in rows and columns as before."""
    edges = np.concatenate([[0], np.cumsum(keep)])[stars.indptr]
    return sp.csr_matrix((stars.data[keep], stars.indices[keep], edges), shape=stars.shape)
