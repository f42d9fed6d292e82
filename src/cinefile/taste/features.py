"""What is known about films before anybody rates them: a row of numbers per film, on which the factor prior rests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.errors import InputError
from cinefile.taste.ratings import Ints, as_ids, places

_DECADES = tuple(range(1920, 2030, 10))


@dataclass(frozen=True)
class FilmFeatures:
    """One row of numbers per film; a constant is added by the model.

    Attributes:
        film_ids: (films,) ascending.
        values: (films, features) float32, of a size near one; an array, or CSR where most are zero. A row of zeros
            says that nothing is known of the film.
        names: what each feature is.
    """

    film_ids: Ints
    values: NDArray[np.float32] | sp.csr_matrix
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape != (len(self.film_ids), len(self.names)):
            raise InputError(
                f"Features of shape {self.values.shape} go with {len(self.film_ids)} films, {len(self.names)} names.",
                "Give one row per film and one name per column.",
            )
        if not np.isfinite(self.rows.data).all():
            raise InputError("Film features hold values that are no numbers.", "Fill the gaps first, with zeros say.")
        if len(self.film_ids) > 1 and (np.diff(self.film_ids) <= 0).any():
            raise InputError("Film features are not in ascending order of film id.", "Sort them; each film once.")

    @property
    def rows(self) -> sp.csr_matrix:
        """(films, features) CSR of the values."""
        return sp.csr_matrix(self.values, dtype=np.float32)

    def rows_for(self, film_ids: Ints) -> sp.csr_matrix:
        """CSR rows of these films; empty for a film of which nothing is known."""
        at = places(film_ids, self.film_ids)
        found = np.flatnonzero(at >= 0)
        ones = np.ones(len(found), dtype=np.float32)
        choice = sp.csr_matrix((ones, (found, at[found])), shape=(len(film_ids), len(self.film_ids)))
        rows = sp.csr_matrix(choice @ self.rows)
        rows.eliminate_zeros()
        return rows

    def joined(self, other: "FilmFeatures", prefix: str) -> "FilmFeatures":
        """These films with the other's columns beside their own, those under ``prefix`` and the name they had."""
        values = sp.hstack([self.rows, other.rows_for(self.film_ids)], format="csr")
        return FilmFeatures(self.film_ids, values, (*self.names, *(f"{prefix}{name}" for name in other.names)))


def film_features(
    film_ids: Sequence[int] | Ints,
    genres: Sequence[Sequence[str]],
    years: Sequence[int | None],
    extra: NDArray[np.floating] | sp.csr_matrix | None = None,
    extra_names: Sequence[str] = (),
    vocabulary: Sequence[str] | None = None,
) -> FilmFeatures:
    """Features from genres and year, and whatever else the caller knows (a plot vector, people).

    Args:
        film_ids: one per film, in any order, each once.
        genres: names of each film's genres.
        years: year of release, or None.
        extra: (films, m) further numbers, scaled to a size near one.
        extra_names: names of its columns.
        vocabulary: the genres to have columns for; default: those that occur. A film added to a trained model needs
            the columns of its training.

    Raises:
        InputError: lengths differ.
    """
    ids = as_ids(np.asarray(film_ids), "film_ids")
    if not len(ids) == len(genres) == len(years) or (extra is not None and extra.shape[0] != len(ids)):
        raise InputError(f"There are {len(ids)} films, {len(genres)} genre lists and {len(years)} years.")
    vocabulary = sorted({g for of in genres for g in of}) if vocabulary is None else list(vocabulary)
    column = {name: n for n, name in enumerate(vocabulary)}
    hot = np.zeros((len(ids), len(vocabulary) + len(_DECADES) + 1), dtype=np.float32)
    for row, (of, year) in enumerate(zip(genres, years, strict=True)):
        for name in of:
            if name in column:
                hot[row, column[name]] = 1.0
        # Neighbouring decades share a year between them, so that 1989 and 1990 do not fall apart.
        if year is not None:
            at = np.clip((year - _DECADES[0]) / 10, 0, len(_DECADES) - 1)
            low = int(at)
            hot[row, len(vocabulary) + low] += 1 - (at - low)
            hot[row, len(vocabulary) + min(low + 1, len(_DECADES) - 1)] += at - low
        else:
            hot[row, -1] = 1.0
    names = [f"genre:{slug(g)}" for g in vocabulary] + [f"decade:{d}" for d in _DECADES] + ["year unknown"]
    values = sp.csr_matrix(hot)
    if extra is not None:
        values = sp.hstack([values, sp.csr_matrix(extra, dtype=np.float32)], format="csr")
        names += list(extra_names) or [f"extra:{n}" for n in range(extra.shape[1])]
    order = np.argsort(ids)
    return FilmFeatures(ids[order], values[order], tuple(names))


def slug(genre: str) -> str:
    """A genre as its column is named."""
    return re.sub(r"\s+", "-", genre.strip().lower())
