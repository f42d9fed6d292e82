"""Films by title, filters and sort order, page by page; equal films keep one order, so pages never overlap."""

import numpy as np

from cinefile.answers import FilmPage
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.catalogue.queries.films import films_at
from cinefile.errors import InputError
from cinefile.limits import LARGEST_ID, LARGEST_PAGE, SORT_KEYS, checked_range, checked_text
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
MOST_MATCHES = 200


def list_films(
    facts: FilmColumns,
    filters: FilmFilters | None = None,
    page: int = 1,
    size: int = 20,
    *,
    title: str | None = None,
    sort: str | None = None,
) -> FilmPage:
    """One page of the films that pass the filters.

    Args:
        facts: the catalogue.
        filters: which films; None for all.
        page: from 1.
        size: films per page, at most LARGEST_PAGE.
        title: words of the title, typos allowed; at most MOST_MATCHES films match.
        sort: one of SORT_KEYS, with "-" in front for descending. Default: "match" with a title, else "-votes".
            Films where the figure is unknown come last either way.

    Raises:
        InputError: a filter, the title, the sort key, the page or the size cannot be used.
    """
    checked_range(page, "page", 1, LARGEST_ID)
    checked_range(size, "size", 1, LARGEST_PAGE)
    sort = _checked_sort(sort, title)
    keep = (filters or FilmFilters()).mask(facts)
    matches: list[TitleMatch] = []
    if title is not None:
        matches = [m for m in similar_titles(facts, checked_text(title, "title"), MOST_MATCHES) if keep[m.row]]
        keep = np.zeros_like(keep)
        keep[[m.row for m in matches]] = True
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


def _checked_sort(sort: str | None, title: str | None) -> str:
    if sort is None:
        return "match" if title is not None else "-votes"
    if checked_text(sort, "sort").removeprefix("-") not in SORT_KEYS:
        raise InputError(f"Films cannot be sorted by {sort!r}.", f"Sort by one of: {', '.join(SORT_KEYS)}.")
    if sort.endswith("match") and title is None:
        raise InputError("Sorting by match needs a title.", "Give a title, or another sort key.")
    return sort


def _order(facts: FilmColumns, key: str, descending: bool) -> np.ndarray:
    if key == "title":
        ids = [film_id for (film_id,) in facts.rows("SELECT film_id FROM films ORDER BY title_key, film_id")]
        order = facts.films.rows(np.array(ids, dtype=np.int64))
        return order[::-1] if descending else order
    values = facts.films.numbers(_SORT_COLUMNS[key])
    values = -values if descending else values
    # NaN sorts last, and a stable sort keeps films by id where values are equal.
    return np.argsort(values, kind="stable")
