"""Films by title, filters and sort order, page by page; equal films keep one order, so pages never overlap."""

from dataclasses import dataclass, fields

import numpy as np

from cinefile.answers import FilmPage
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.genre_names import canonical
from cinefile.catalogue.queries.films import films_at
from cinefile.errors import InputError
from cinefile.limits import LARGEST_ID, checked_range, checked_text
from cinefile.search.film_titles import TitleMatch, similar_titles

# Sort key -> column of `facts.films`; "title" and "match" are worked out.
_SORT_COLUMNS = {
    "year": "year",
    "release": "release_day",
    "runtime": "runtime",
    "popularity": "popularity",
    "score": "score",
    "votes": "vote_count",
    "average": "vote_average",
    "budget": "budget",
    "revenue": "revenue",
    "profit": "profit",
    "return": "return_",
}
SORT_KEYS = ("match", "title", *_SORT_COLUMNS)
MOST_MATCHES = 200
LARGEST_PAGE = 100


@dataclass(frozen=True)
class FilmFilters:
    """What films to list; None means any.

    Attributes:
        title: words of the title, typos allowed.
        year, year_from, year_to: of release, both ends included.
        genre: in any usual spelling; given or predicted.
        language: ISO 639-1, e.g. "es".
        country: ISO 3166-1 alpha-2, e.g. "ES".
        runtime_from, runtime_to: minutes, both ends included.
        min_votes: at least so many votes.
        person: id of somebody who acted in it or directed it.
        sort: one of SORT_KEYS, with "-" in front for descending. Default: "match" with a title, else "-votes".
            Films where the figure is unknown come last either way.
    """

    title: str | None = None
    year: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    genre: str | None = None
    language: str | None = None
    country: str | None = None
    runtime_from: int | None = None
    runtime_to: int | None = None
    min_votes: int | None = None
    person: int | None = None
    sort: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                checked_text(value, field.name)
            elif value is not None:
                checked_range(value, field.name, 0, LARGEST_ID)
        if self.sort is not None and self.sort.removeprefix("-") not in SORT_KEYS:
            raise InputError(f"Films cannot be sorted by {self.sort!r}.", f"Sort by one of: {', '.join(SORT_KEYS)}.")
        if self.sort is not None and self.sort.endswith("match") and self.title is None:
            raise InputError("Sorting by match needs a title.", "Give a title, or another sort key.")


def list_films(facts: FilmColumns, filters: FilmFilters, page: int = 1, size: int = 20) -> FilmPage:
    """One page of the films that pass the filters.

    Args:
        facts: the catalogue.
        filters: which films, in which order.
        page: from 1.
        size: films per page, at most LARGEST_PAGE. With a title, at most MOST_MATCHES films match.

    Raises:
        InputError: a filter, the page or the size is out of range.
    """
    checked_range(page, "page", 1, LARGEST_ID)
    checked_range(size, "size", 1, LARGEST_PAGE)
    keep = _mask(facts, filters)
    matches: list[TitleMatch] = []
    if filters.title is not None:
        matches = [m for m in similar_titles(facts, filters.title, MOST_MATCHES) if keep[m.row]]
        keep = np.zeros_like(keep)
        keep[[m.row for m in matches]] = True
    sort = filters.sort or ("match" if filters.title is not None else "-votes")
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key == "match":
        rows = np.array([m.row for m in (matches[::-1] if descending else matches)], dtype=np.int64)
    else:
        order = facts.kept(("order", sort), lambda: _order(facts, key, descending))
        rows = order[keep[order]]
    start = (page - 1) * size
    return FilmPage(
        films=films_at(facts, rows[start : start + size]),
        total=len(rows),
        page=page,
        size=size,
        pages=-(-len(rows) // size),
        match=matches[0].kind if matches else None,
    )


def matching_ids(facts: FilmColumns, filters: FilmFilters) -> np.ndarray:
    """Ids of all films that pass the filters (title and sort are not looked at), ascending."""
    ids: np.ndarray = facts.films.ids[_mask(facts, filters)]
    return ids


def _mask(facts: FilmColumns, f: FilmFilters) -> np.ndarray:
    keep = np.ones(len(facts.films), dtype=bool)
    bounds = (
        ("year", f.year, f.year),
        ("year", f.year_from, f.year_to),
        ("runtime", f.runtime_from, f.runtime_to),
        ("vote_count", f.min_votes or None, None),
    )
    for column, least, most in bounds:
        if least is not None:
            keep &= facts.films.numbers(column) >= least
        if most is not None:
            keep &= facts.films.numbers(column) <= most
    if f.genre is not None:
        keep &= _in_set(facts, "genres", "genre", canonical(f.genre) or f.genre)
    if f.country is not None:
        keep &= _in_set(facts, "countries", "code", f.country.strip().upper())
    if f.language is not None:
        keep &= _in_set(facts, "films", "language", f.language.strip().lower())
    if f.person is not None:
        keep &= _of_person(facts, f.person)
    return keep


def _in_set(facts: FilmColumns, table: str, column: str, value: str) -> np.ndarray:
    """Films with a value; worked out once per value that exists, so that made-up ones take no memory."""

    def masks() -> dict[str, np.ndarray]:
        sql = f"SELECT {column}, list(DISTINCT film_id) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        return {value: facts.films.rows(np.array(ids)) for value, ids in facts.rows(sql)}

    keep = np.zeros(len(facts.films), dtype=bool)
    keep[facts.kept(("films with", table), masks).get(value, [])] = True
    return keep


def _of_person(facts: FilmColumns, person_id: int) -> np.ndarray:
    keep = np.zeros(len(facts.films), dtype=bool)
    row = facts.people.row(person_id)
    if row is not None:
        keep[facts.films.rows(facts.credits.array("film_id")[facts.credits.of(row)])] = True
    return keep


def _order(facts: FilmColumns, key: str, descending: bool) -> np.ndarray:
    if key == "title":
        ids = [film_id for (film_id,) in facts.rows("SELECT film_id FROM films ORDER BY title_key, film_id")]
        order = facts.films.rows(np.array(ids, dtype=np.int64))
        return order[::-1] if descending else order
    values = facts.films.numbers(_SORT_COLUMNS[key])
    values = -values if descending else values
    # NaN sorts last, and a stable sort keeps films by id where values are equal.
    return np.argsort(values, kind="stable")
