"""One film: looked up by id or by title and year, with its votes and everything the catalogue holds on it."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from cinefile.answers import (
    Country,
    Credit,
    ExternalId,
    Film,
    FilmDetails,
    Genre,
    KnownShare,
    LanguageCount,
    Languages,
    Merge,
    Overview,
    Plot,
    Provenance,
    StarCount,
    StarCounts,
    TableCount,
    Votes,
)
from cinefile.catalogue.film_columns import FILM_COLUMNS, FilmColumns
from cinefile.errors import InputError, NotFoundError
from cinefile.limits import LARGEST_ID, checked_range, checked_text
from cinefile.search.film_titles import exact_titles, similar_titles
from cinefile.titles import split_year

# Columns of a film that answers show as they are.
_FIELDS = tuple(f.name for f in dataclasses.fields(Film) if f.name in FILM_COLUMNS)
_DETAILS = tuple(f.name for f in dataclasses.fields(FilmDetails) if f.name in FILM_COLUMNS)


def films_at(facts: FilmColumns, rows: Sequence[int] | np.ndarray) -> tuple[Film, ...]:
    """Films at rows of `facts.films`, in the order given."""
    films = []
    for row, record in zip(rows, facts.films.records(_FIELDS, rows), strict=True):
        genres = genres_at(facts, int(row))
        films.append(
            Film(
                **dict(zip(_FIELDS, record, strict=True)),
                genres=tuple(g for g, predicted in genres if not predicted),
                predicted_genres=tuple(g for g, predicted in genres if predicted),
            )
        )
    return tuple(films)


def genres_at(facts: FilmColumns, row: int) -> list[tuple[str, bool]]:
    """Genres of the film at a row, each with whether it is predicted."""
    place = facts.genres.of(row)
    genre, predicted = facts.genres.batch.column("genre"), facts.genres.batch.column("predicted")
    return [(genre[i].as_py(), predicted[i].as_py()) for i in range(place.start, place.stop)]


def find_film(facts: FilmColumns, film: int | str) -> int:
    """Row of one film.

    Args:
        facts: the catalogue.
        film: its id (a number, or a text of digits), or its title, with the year in brackets where several share it.

    Raises:
        NotFoundError: no such film; the hint has titles like it.
        InputError: several films have the title; the hint lists them.
    """
    if isinstance(film, int) or film.strip().isdecimal():
        identifier = int(film)
        row = facts.films.row(identifier) if 0 <= identifier <= LARGEST_ID else None
        if row is None:
            raise NotFoundError(f"There is no film with id {identifier}.", "Find ids with a title search.")
        return row
    text = checked_text(film, "title")
    title, year = split_year(text)
    rows = exact_titles(facts, title)
    if year is not None:
        rows = _of_year(facts, rows, year)
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise InputError(f"{len(rows)} films are called {title!r}.", f"Say which: {_names(facts, rows[:6])}.")
    near = [m.row for m in similar_titles(facts, title, limit=5)]
    hint = f"Did you mean: {_names(facts, near)}?" if near else "No title in the catalogue is like it."
    raise NotFoundError(f"There is no film called {text!r}.", hint)


def _of_year(facts: FilmColumns, rows: list[int], year: int) -> list[int]:
    """Films of that very year, else those a year apart: sources differ on festival and cinema releases."""
    years = facts.films.numbers("year")
    return [r for r in rows if years[r] == year] or [r for r in rows if abs(years[r] - year) <= 1]


def _names(facts: FilmColumns, rows: Sequence[int]) -> str:
    titles, years = facts.films.values("title", rows), facts.films.values("year", rows)
    ids = facts.films.ids
    seen = [f"{t} ({y})" if y else f"{t} (id {ids[r]})" for t, y, r in zip(titles, years, rows, strict=True)]
    # Two films with the same title and year differ by their ids only.
    return ", ".join(f"{n} id {ids[r]}" if seen.count(n) > 1 else n for n, r in zip(seen, rows, strict=True))


def film_votes(facts: FilmColumns, film: int | str, minimum: int = 0) -> Votes:
    """Number of votes and their average; a film with fewer than `minimum` votes gets an answer without average.

    Raises:
        NotFoundError: no such film.
        InputError: several films have the title, or the minimum is negative.
    """
    checked_range(minimum, "minimum", 0, LARGEST_ID)
    (found,) = films_at(facts, [find_film(facts, film)])
    count = found.vote_count or 0
    enough = count >= max(minimum, 1)
    name = f"{found.title} ({found.year})" if found.year else found.title
    if enough:
        message = f"{name} has {count:,} votes with an average of {found.vote_average}."
    elif count:
        message = f"{name} has {count:,} votes, fewer than the {minimum:,} required: no average is given."
    else:
        message = f"{name} has no votes in this catalogue."
    return Votes(
        film_id=found.film_id,
        title=found.title,
        year=found.year,
        vote_count=count,
        vote_average=found.vote_average if enough else None,
        minimum=minimum,
        enough=enough,
        message=message,
    )


# Columns of the tables that details are read from; the plots, being long, always stay on disk.
_TABLES = {
    "genres": "genre, predicted, probability, source",
    "aliases": "title",
    "keywords": "keyword",
    "companies": "company",
    "countries": "code, country",
    "external_ids": "kind, value",
    "provenance": "field, source",
    "merges": "source, key, title, year, rule, confidence",
    "credits": 'person_id, department, job, "character", position',
}


def warm_details(facts: FilmColumns) -> None:
    """Load what details are read from, before somebody waits for it."""
    for table, columns in _TABLES.items():
        facts.hold(table, columns)


def film_details(facts: FilmColumns, film: int | str) -> FilmDetails:
    """Everything about one film, given and predicted genres told apart.

    Raises:
        NotFoundError: no such film.
        InputError: several films have the title.
    """
    row = find_film(facts, film)
    film_id = int(facts.films.ids[row])

    def rows(table: str) -> list[tuple[Any, ...]]:
        return facts.of_film(table, _TABLES[table], film_id)

    (own,) = facts.films.records(_DETAILS, [row])
    credits = _credits(facts, rows("credits"))
    plots = facts.rows("SELECT source, plot FROM plots WHERE film_id = ? ORDER BY source", [film_id])
    return FilmDetails(
        **dict(zip(_DETAILS, own, strict=True)),
        other_titles=_texts(rows("aliases")),
        collection=_collection(facts, row),
        genres=_genres(rows("genres")),
        plots=tuple(Plot(*r) for r in plots),
        directors=tuple(c for c in credits if c.job == "Director"),
        cast=tuple(c for c in credits if c.department == "Acting"),
        crew=tuple(c for c in credits if c.department != "Acting" and c.job != "Director"),
        keywords=_texts(rows("keywords")),
        companies=_texts(rows("companies")),
        countries=tuple(Country(*r) for r in sorted(dict(rows("countries")).items())),
        external_ids=tuple(ExternalId(*r) for r in sorted(set(rows("external_ids")))),
        provenance=tuple(Provenance(*r) for r in sorted(rows("provenance"))),
        merges=tuple(Merge(*r) for r in sorted(rows("merges"), key=lambda r: r[:2])),
    )


def _texts(rows: list[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(sorted({text for (text,) in rows}))


def _genres(rows: list[tuple[Any, ...]]) -> tuple[Genre, ...]:
    """Given ones first, then the predicted ones, the most probable first; the sources of each together."""
    found: dict[tuple[str, bool], tuple[float | None, set[str]]] = {}
    for genre, predicted, probability, source in rows:
        _, sources = found.setdefault((genre, predicted), (probability, set()))
        sources.add(source)
    order = sorted(found.items(), key=lambda item: (item[0][1], -(item[1][0] or 0.0), item[0][0]))
    return tuple(Genre(genre, predicted, p, tuple(sorted(s))) for (genre, predicted), (p, s) in order)


def _credits(facts: FilmColumns, rows: list[tuple[Any, ...]]) -> list[Credit]:
    """Cast in billing order, then the crew. A part that several sources name, with and without character, is one."""
    found: dict[tuple[int, str, str], tuple[str | None, int | None]] = {}
    for person_id, department, job, character, position in rows:
        before = found.get((person_id, department, job), (None, None))
        found[person_id, department, job] = (before[0] or character, position if before[1] is None else before[1])
    people = facts.people.rows(np.array([person_id for person_id, _, _ in found], dtype=np.int64))
    names = facts.people.values("name", people)
    parts = [Credit(i, name, d, j, *more) for ((i, d, j), more), name in zip(found.items(), names, strict=True)]
    return sorted(parts, key=lambda c: (c.position is None, c.position or 0, c.department, c.job, c.person_id))


def _collection(facts: FilmColumns, row: int) -> str | None:
    names = facts.kept("collections", lambda: dict(facts.rows("SELECT collection_id, name FROM collections")))
    name: str | None = names.get(facts.films.values("collection_id", [row])[0])
    return name


_COUNTED = {
    "films": "films",
    "people": "people",
    "ratings": "ratings",
    "plots": "plots",
    "runs": "runs",
    "rejects": "rejects",
}
_COVERAGE = ("year", "release_date", "runtime", "language", "budget", "revenue", "vote_average")
_OWNED = {
    "genres": "SELECT film_id FROM genres WHERE NOT predicted",
    "plot": "SELECT film_id FROM plots",
    "director": "SELECT film_id FROM credits WHERE job = 'Director'",
    "cast": "SELECT film_id FROM credits WHERE department = 'Acting'",
    "keywords": "SELECT film_id FROM keywords",
}


def star_counts(facts: FilmColumns, film_id: int) -> StarCounts:
    """Ratings of a film for each half star from 0.5 to 5, over all sources; empty where nobody rated it."""
    sql = "SELECT greatest(1, round(stars * 2))::INTEGER, count(*) FROM ratings WHERE film_id = ? GROUP BY 1"
    found: dict[int, int] = dict(facts.rows(sql, [film_id]))
    return StarCounts(tuple(StarCount(half / 2, found.get(half, 0)) for half in range(1, 11)) if found else ())


def languages(facts: FilmColumns) -> Languages:
    """Every original language with its number of films, the most frequent first."""
    sql = "SELECT language, count(*) FROM films WHERE language IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    return facts.kept("languages", lambda: Languages(tuple(LanguageCount(*row) for row in facts.rows(sql))))


def overview(facts: FilmColumns) -> Overview:
    """When a catalogue was made, its rows of each kind, and the share of films for which each field is known."""
    return facts.kept("overview", lambda: _overview(facts))


def _overview(facts: FilmColumns) -> Overview:
    created = facts.rows("SELECT value FROM meta WHERE key = 'created'")
    counts = [TableCount(kind, facts.rows(f"SELECT count(*) FROM {table}")[0][0]) for kind, table in _COUNTED.items()]
    films = max(1, len(facts.films))
    own: tuple[Any, ...] = facts.rows(f"SELECT {', '.join(f'count({c})' for c in _COVERAGE)} FROM films")[0]
    others = {k: facts.rows(f"SELECT count(DISTINCT film_id) FROM ({sql})")[0][0] for k, sql in _OWNED.items()}
    known = [*zip(_COVERAGE, own, strict=True), *others.items()]
    return Overview(
        created=str(created[0][0]) if created else None,
        counts=tuple(counts),
        known=tuple(KnownShare(field, count / films) for field, count in known),
    )


def films_by_id(facts: FilmColumns, film_ids: Sequence[int]) -> dict[int, Film]:
    """Films by id; ids that do not exist are left out."""
    rows = [row for i in dict.fromkeys(film_ids) if (row := facts.films.row(i)) is not None]
    return {film.film_id: film for film in films_at(facts, np.array(rows, dtype=np.int64))} if rows else {}
