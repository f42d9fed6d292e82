"""Film rows turned into answers, and one film looked up by id or by "Title (Year)"."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.answers import Film
from cinefile.catalogue.questions.checks import LARGEST_ID, checked_text
from cinefile.catalogue.questions.titles import exact_titles, similar_titles
from cinefile.errors import InputError, NotFoundError
from cinefile.titles import split_year

_FIELDS = tuple(f.name for f in dataclasses.fields(Film) if not f.name.endswith("genres"))


def films_at(facts: Facts, rows: Sequence[int] | np.ndarray) -> tuple[Film, ...]:
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


def genres_at(facts: Facts, row: int) -> list[tuple[str, bool]]:
    """Genres of the film at a row, each with whether it is predicted."""
    place = facts.genres.of(row)
    genre, predicted = facts.genres.batch.column("genre"), facts.genres.batch.column("predicted")
    return [(genre[i].as_py(), predicted[i].as_py()) for i in range(place.start, place.stop)]


def find_film(facts: Facts, film: int | str) -> int:
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


def _of_year(facts: Facts, rows: list[int], year: int) -> list[int]:
    """Films of that very year, else those a year apart: sources differ on festival and cinema releases."""
    years = facts.films.numbers("year")
    return [r for r in rows if years[r] == year] or [r for r in rows if abs(years[r] - year) <= 1]


def _names(facts: Facts, rows: Sequence[int]) -> str:
    titles, years = facts.films.values("title", rows), facts.films.values("year", rows)
    ids = facts.films.ids
    seen = [f"{t} ({y})" if y else f"{t} (id {ids[r]})" for t, y, r in zip(titles, years, rows, strict=True)]
    # Two films with the same title and year differ by their ids only.
    return ", ".join(f"{n} id {ids[r]}" if seen.count(n) > 1 else n for n, r in zip(seen, rows, strict=True))
