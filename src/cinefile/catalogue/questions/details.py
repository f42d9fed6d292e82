"""All that the catalogue holds on one film."""

from typing import Any

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.film_answers import (
    Country,
    Credit,
    ExternalId,
    FilmDetails,
    Genre,
    Merge,
    Plot,
    Provenance,
)
from cinefile.catalogue.questions.films import films_at, find_film

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


def warm_details(facts: Facts) -> None:
    """Load what details are read from, before somebody waits for it."""
    for table, columns in _TABLES.items():
        facts.hold(table, columns)


def film_details(facts: Facts, film: int | str) -> FilmDetails:
    """Everything about one film, given and predicted genres told apart.

    Raises:
        NotFoundError: no such film.
        InputError: several films have the title.
    """
    row = find_film(facts, film)
    (brief,) = films_at(facts, [row])
    film_id = brief.film_id

    def rows(table: str) -> list[tuple[Any, ...]]:
        return facts.of_film(table, _TABLES[table], film_id)

    own = {name: facts.films.values(name, [row])[0] for name in ("original_title", "status", "tagline", "adult")}
    credits = _credits(facts, rows("credits"))
    plots = facts.rows("SELECT source, plot FROM plots WHERE film_id = ? ORDER BY source", [film_id])
    return FilmDetails(
        film_id=film_id,
        title=brief.title,
        year=brief.year,
        other_titles=_texts(rows("aliases")),
        release_date=brief.release_date,
        runtime=brief.runtime,
        language=brief.language,
        **own,
        budget=brief.budget,
        revenue=brief.revenue,
        profit=brief.profit,
        return_=brief.return_,
        popularity=brief.popularity,
        vote_average=brief.vote_average,
        vote_count=brief.vote_count,
        score=brief.score,
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


def _credits(facts: Facts, rows: list[tuple[Any, ...]]) -> list[Credit]:
    """Cast in billing order, then the crew. A part that several sources name, with and without character, is one."""
    found: dict[tuple[int, str, str], tuple[str | None, int | None]] = {}
    for person_id, department, job, character, position in rows:
        before = found.get((person_id, department, job), (None, None))
        found[person_id, department, job] = (before[0] or character, position if before[1] is None else before[1])
    people = facts.people.rows(np.array([person_id for person_id, _, _ in found], dtype=np.int64))
    names = facts.people.values("name", people)
    parts = [Credit(i, name, d, j, *more) for ((i, d, j), more), name in zip(found.items(), names, strict=True)]
    return sorted(parts, key=lambda c: (c.position is None, c.position or 0, c.department, c.job, c.person_id))


def _collection(facts: Facts, row: int) -> str | None:
    names = facts.kept("collections", lambda: dict(facts.rows("SELECT collection_id, name FROM collections")))
    name: str | None = names.get(facts.films.values("collection_id", [row])[0])
    return name
