"""Languages and countries."""

from functools import partial

import duckdb

from cinefile.reports.charts import bars, line, twice
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

_LANGUAGES = """
    SELECT language AS code, count(*) AS films, count(*) / sum(count(*)) OVER () AS films_share
    FROM films WHERE language IS NOT NULL GROUP BY 1 ORDER BY films DESC, code
"""
_COUNTRIES = """
    SELECT code, coalesce(max(country), code) AS country, count(DISTINCT film_id) AS films,
           count(DISTINCT film_id) / (SELECT count(DISTINCT film_id) FROM countries) AS films_share
    FROM countries GROUP BY code ORDER BY films DESC, code
"""
_NOT_ENGLISH = """
    SELECT year // 10 * 10 AS decade, count(*) FILTER (language != 'en') / count(*) AS other_than_english_share,
           count(*) AS films
    FROM films WHERE language IS NOT NULL AND year IS NOT NULL GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1
"""


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Original languages, countries of production, and how the share of English changes."""
    languages, countries = Table.query(cursor, _LANGUAGES), Table.query(cursor, _COUNTRIES)
    decades = Table.query(cursor, _NOT_ENGLISH)
    points = [(d, 100 * share) for d, share, _ in decades.rows]
    return Section(
        "places",
        "Languages and countries",
        "Original language (ISO 639-1) and countries of production (ISO 3166-1), where a source says them.",
        (
            Part(
                "languages",
                "Original language",
                languages,
                bars(
                    "Films by original language",
                    languages.column("code")[:20],
                    languages.column("films_share")[:20],
                    "share of films whose language is known",
                    unit="_share",
                ),
            ),
            Part(
                "countries",
                "Country of production",
                countries,
                bars(
                    "Films by country",
                    countries.column("country")[:20],
                    countries.column("films")[:20],
                    "films; a film of two countries counts for both",
                ),
            ),
            Part(
                "not_english",
                "Other than English, by decade",
                decades,
                twice(
                    partial(
                        line,
                        "Share of films in other languages than English",
                        {"other than English": points},
                        "decade",
                        "films in other languages (%)",
                        plain=True,
                    )
                ),
                wide=True,
                note="Decades with at least 20 films.",
            ),
        ),
    )
