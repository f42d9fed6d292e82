"""What a catalogue holds as a whole, and how a film's ratings are spread."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.answers import Film
from cinefile.catalogue.questions.films import films_at

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


def rating_counts(facts: Facts, film_id: int) -> tuple[tuple[float, int], ...]:
    """(stars, ratings) for each half star from 0.5 to 5, over all sources; empty where nobody rated the film."""
    sql = "SELECT greatest(1, round(stars * 2))::INTEGER, count(*) FROM ratings WHERE film_id = ? GROUP BY 1"
    found: dict[int, int] = dict(facts.rows(sql, [film_id]))
    return tuple((half / 2, found.get(half, 0)) for half in range(1, 11)) if found else ()


def languages(facts: Facts) -> tuple[tuple[str, int], ...]:
    """(ISO 639-1 code, films) of every original language, the most frequent first."""
    sql = "SELECT language, count(*) FROM films WHERE language IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    return facts.kept("languages", lambda: tuple((code, count) for code, count in facts.rows(sql)))


def totals(facts: Facts) -> Mapping[str, int]:
    """Rows per table, by name."""
    return facts.kept("totals", lambda: {k: facts.rows(f"SELECT count(*) FROM {t}")[0][0] for k, t in _COUNTED.items()})


def coverage(facts: Facts) -> tuple[tuple[str, float], ...]:
    """(field, share of films where it is known, 0 to 1), in the order of the film's page."""
    return facts.kept("coverage", lambda: _coverage(facts))


def _coverage(facts: Facts) -> tuple[tuple[str, float], ...]:
    films = max(1, len(facts.films))
    own: tuple[Any, ...] = facts.rows(f"SELECT {', '.join(f'count({c})' for c in _COVERAGE)} FROM films")[0]
    others = {k: facts.rows(f"SELECT count(DISTINCT film_id) FROM ({sql})")[0][0] for k, sql in _OWNED.items()}
    return tuple((name, count / films) for name, count in [*zip(_COVERAGE, own, strict=True), *others.items()])


def films_by_id(facts: Facts, film_ids: Sequence[int]) -> dict[int, Film]:
    """Films by id; ids that do not exist are left out."""
    rows = [row for i in dict.fromkeys(film_ids) if (row := facts.films.row(i)) is not None]
    return {film.film_id: film for film in films_at(facts, np.array(rows, dtype=np.int64))} if rows else {}
