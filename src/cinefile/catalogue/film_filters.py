"""Which films may be listed, found, recommended or compared: the one implementation of all film filters."""

from dataclasses import dataclass, fields
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.genre_names import canonical
from cinefile.errors import InputError
from cinefile.limits import LARGEST_ID, checked_range, checked_text
from cinefile.search.name_index import near_names


class Filters(TypedDict, total=False):
    """Keyword arguments of the library's methods: the fields of `FilmFilters`."""

    year: int | None
    year_from: int | None
    year_to: int | None
    decade: int | None
    genre: str | None
    language: str | None
    country: str | None
    runtime_from: int | None
    runtime_to: int | None
    min_votes: int | None
    person: int | None


@dataclass(frozen=True)
class FilmFilters:
    """Conditions on a film; None asks nothing.

    A film whose year, runtime, language or number of votes is unknown does not meet a condition on it.

    Attributes:
        year, year_from, year_to: year of release, both ends included.
        decade: first year of ten, 1990; instead of years.
        genre: genre in any usual spelling; predicted genres count.
        language: ISO 639-1 code of the original language, in either case.
        country: ISO 3166-1 alpha-2 code of a country of production, in either case.
        runtime_from, runtime_to: running time in minutes, both ends included.
        min_votes: least number of votes; 0 asks nothing.
        person: id of a person who acted in the film or directed it.

    Raises:
        InputError: a text is empty or too long, a number is out of range, or a range ends before it begins.
    """

    year: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    decade: int | None = None
    genre: str | None = None
    language: str | None = None
    country: str | None = None
    runtime_from: int | None = None
    runtime_to: int | None = None
    min_votes: int | None = None
    person: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, checked_text(value, field.name))
            elif value is not None:
                checked_range(value, field.name, 0, LARGEST_ID)
        if self.language is not None:
            object.__setattr__(self, "language", self.language.lower())
        if self.country is not None:
            object.__setattr__(self, "country", self.country.upper())
        if self.decade is not None:
            if (self.year, self.year_from, self.year_to) != (None, None, None):
                raise InputError("A decade and years were both given.", "Give the decade, or the years.")
            object.__setattr__(self, "year_from", self.decade)
            object.__setattr__(self, "year_to", self.decade + 9)
            object.__setattr__(self, "decade", None)
        _check_order(self.year_from, self.year_to, "year")
        _check_order(self.runtime_from, self.runtime_to, "runtime")

    def mask(self, columns: FilmColumns) -> NDArray[np.bool_]:
        """Return an array (n,) that is True for the films that meet all conditions, by row of `columns.films`.

        Raises:
            InputError: no film of the catalogue has the genre; the hint names genres like it.
        """
        keep = np.ones(len(columns.films), np.bool_)
        bounds = (
            ("year", self.year, self.year),
            ("year", self.year_from, self.year_to),
            ("runtime", self.runtime_from, self.runtime_to),
            ("vote_count", self.min_votes or None, None),
        )
        for column, least, most in bounds:  # comparisons with NaN are False: the unknown does not pass
            if least is not None:
                keep &= columns.films.numbers(column) >= least
            if most is not None:
                keep &= columns.films.numbers(column) <= most
        if self.genre is not None:
            keep &= _of_genre(columns, self.genre)
        if self.country is not None:
            keep &= _with_rows(columns, _rows_by_value(columns, "countries", "code").get(self.country))
        if self.language is not None:
            keep &= _with_rows(columns, _rows_by_value(columns, "films", "language").get(self.language))
        if self.person is not None:
            keep &= _with_rows(columns, _rows_of_person(columns, self.person))
        return keep

    def film_ids(self, columns: FilmColumns) -> NDArray[np.int64]:
        """Return the ids of the films that meet all conditions, ascending.

        Raises:
            InputError: as in `mask`.
        """
        ids: NDArray[np.int64] = columns.films.ids[self.mask(columns)]
        return ids


def _check_order(least: int | None, most: int | None, name: str) -> None:
    if least is not None and most is not None and least > most:
        raise InputError(f"No {name} is from {least} on and not after {most}.", "Swap the two.")


def _of_genre(columns: FilmColumns, genre: str) -> NDArray[np.bool_]:
    known = _rows_by_value(columns, "genres", "genre")
    name = canonical(genre) or genre
    if name not in known:
        near = near_names(name, sorted(known))
        hint = f"Did you mean: {', '.join(near)}?" if near else f"There are: {', '.join(sorted(known)) or 'none'}."
        raise InputError(f"No film has the genre {genre!r}.", hint)
    return _with_rows(columns, known[name])


def _rows_by_value(columns: FilmColumns, table: str, column: str) -> dict[str, NDArray[np.int64]]:
    """Return the film rows of each value of a column, read once for all values, so that made-up ones take no memory."""

    def read() -> dict[str, NDArray[np.int64]]:
        sql = f"SELECT {column}, list(DISTINCT film_id) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        return {value: columns.films.rows(np.array(ids)) for value, ids in columns.rows(sql)}

    return columns.kept(("rows by value", table), read)


def _rows_of_person(columns: FilmColumns, person_id: int) -> NDArray[np.int64] | None:
    row = columns.people.row(person_id)
    if row is None:
        return None
    credits = columns.credits
    return columns.films.rows(credits.array("film_id")[credits.of(row)])


def _with_rows(columns: FilmColumns, rows: NDArray[np.int64] | None) -> NDArray[np.bool_]:
    mask = np.zeros(len(columns.films), np.bool_)
    if rows is not None:
        mask[rows] = True
    return mask
