"""All that the catalogue holds on one film."""

from typing import Any

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

_OWN = """
    SELECT original_title, status, tagline, adult, c.name FROM films f LEFT JOIN collections c USING (collection_id)
    WHERE film_id = ?
"""
_GENRES = """
    SELECT genre, predicted, max(probability), list(DISTINCT source ORDER BY source) FROM genres WHERE film_id = ?
    GROUP BY genre, predicted ORDER BY predicted, max(probability) DESC NULLS FIRST, genre
"""
# The same part may be named by several sources, with and without the character.
_CREDITS = """
    SELECT person_id, any_value(name), department, job, min("character"), min(position)
    FROM credits JOIN people USING (person_id) WHERE film_id = ?
    GROUP BY person_id, department, job ORDER BY min(position) NULLS LAST, department, job, person_id
"""


def film_details(facts: Facts, film: int | str) -> FilmDetails:
    """Everything about one film, given and predicted genres told apart.

    Raises:
        NotFoundError: no such film.
        InputError: several films have the title.
    """
    row = find_film(facts, film)
    (brief,) = films_at(facts, [row])
    film_id = brief.film_id

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return facts.rows(sql, [film_id])

    ((original_title, status, tagline, adult, collection),) = rows(_OWN)
    credits = [Credit(*r) for r in rows(_CREDITS)]
    return FilmDetails(
        film_id=film_id,
        title=brief.title,
        year=brief.year,
        original_title=original_title,
        other_titles=_texts(rows("SELECT DISTINCT title FROM aliases WHERE film_id = ? ORDER BY 1")),
        release_date=brief.release_date,
        runtime=brief.runtime,
        language=brief.language,
        status=status,
        tagline=tagline,
        adult=adult,
        budget=brief.budget,
        revenue=brief.revenue,
        profit=brief.profit,
        return_=brief.return_,
        popularity=brief.popularity,
        vote_average=brief.vote_average,
        vote_count=brief.vote_count,
        score=brief.score,
        collection=collection,
        genres=tuple(Genre(g, p, probability, tuple(s)) for g, p, probability, s in rows(_GENRES)),
        plots=tuple(Plot(*r) for r in rows("SELECT source, plot FROM plots WHERE film_id = ? ORDER BY source")),
        directors=tuple(c for c in credits if c.job == "Director"),
        cast=tuple(c for c in credits if c.department == "Acting"),
        crew=tuple(c for c in credits if c.department != "Acting" and c.job != "Director"),
        keywords=_texts(rows("SELECT DISTINCT keyword FROM keywords WHERE film_id = ? ORDER BY 1")),
        companies=_texts(rows("SELECT DISTINCT company FROM companies WHERE film_id = ? ORDER BY 1")),
        countries=tuple(
            Country(*r)
            for r in rows("SELECT code, min(country) FROM countries WHERE film_id = ? GROUP BY code ORDER BY code")
        ),
        external_ids=tuple(
            ExternalId(*r)
            for r in rows("SELECT DISTINCT kind, value FROM external_ids WHERE film_id = ? ORDER BY kind, value")
        ),
        provenance=tuple(
            Provenance(*r) for r in rows("SELECT field, source FROM provenance WHERE film_id = ? ORDER BY field")
        ),
        merges=tuple(
            Merge(*r)
            for r in rows(
                "SELECT source, key, title, year, rule, confidence FROM merges WHERE film_id = ? "
                "ORDER BY run_id, source, key"
            )
        ),
    )


def _texts(rows: list[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(text for (text,) in rows)
