"""What a catalogue holds by genre and by decade."""

from typing import Any

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.answers import Decades, DecadeSummary, Genres, GenreSummary

_GENRES = """
    WITH labels AS (SELECT genre, film_id, bool_and(predicted) AS predicted FROM genres GROUP BY ALL)
    SELECT genre, count(*) FILTER (NOT predicted), count(*) FILTER (predicted),
           avg(weighted_rating) FILTER (NOT predicted), (sum(revenue) FILTER (NOT predicted))::BIGINT,
           median("return") FILTER (NOT predicted), min(year), max(year)
    FROM labels JOIN films USING (film_id) GROUP BY genre ORDER BY 2 DESC, genre
"""
_DECADES = """
    WITH dated AS (SELECT *, year // 10 * 10 AS decade FROM films WHERE year IS NOT NULL),
    labels AS (SELECT DISTINCT film_id, genre FROM genres WHERE NOT predicted),
    counts AS (SELECT decade, genre, count(*) AS films FROM dated JOIN labels USING (film_id) GROUP BY ALL),
    tops AS (SELECT decade, list(genre ORDER BY films DESC, genre)[:3] AS genres FROM counts GROUP BY decade)
    SELECT decade, count(*), avg(weighted_rating), avg(runtime), sum(budget)::BIGINT, sum(revenue)::BIGINT,
           coalesce(any_value(tops.genres), [])
    FROM dated LEFT JOIN tops USING (decade) GROUP BY decade ORDER BY decade
"""


def genre_summaries(facts: Facts) -> Genres:
    """All genres with their number of films, mean score, revenue, median return and years."""
    return facts.kept("genre summaries", lambda: Genres(tuple(GenreSummary(*row) for row in facts.rows(_GENRES))))


def decade_summaries(facts: Facts) -> Decades:
    """All decades with their number of films, means, totals and most frequent genres."""
    return facts.kept(
        "decade summaries",
        lambda: Decades(tuple(_decade(*row) for row in facts.rows(_DECADES))),
    )


def _decade(*row: Any) -> DecadeSummary:
    *figures, top_genres = row
    return DecadeSummary(*(*figures, tuple(top_genres)))
