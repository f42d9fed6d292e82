"""What the catalogue holds as a whole, and how it came there."""

from functools import partial

import duckdb

from cinefile.reports.charts import line, twice
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

_TOTALS = """
    SELECT (SELECT count(*) FROM films) AS films,
           (SELECT count(DISTINCT film_id) FROM plots) AS films_with_a_plot,
           (SELECT count(DISTINCT film_id) FROM genres WHERE NOT predicted) AS films_with_genres,
           (SELECT count(*) FROM people) AS people,
           (SELECT count(*) FROM credits) AS credits,
           (SELECT count(*) FROM ratings) AS ratings,
           (SELECT count(*) FROM (SELECT DISTINCT source, user_id FROM ratings)) AS people_who_rated,
           (SELECT count(DISTINCT keyword) FROM keywords) AS keywords,
           (SELECT count(DISTINCT company) FROM companies) AS companies,
           (SELECT count(DISTINCT code) FROM countries) AS countries,
           (SELECT count(*) FROM collections) AS collections,
           (SELECT count(DISTINCT source) FROM runs) AS sources
"""
_YEARS = "SELECT year, count(*) AS films FROM films WHERE year IS NOT NULL GROUP BY year ORDER BY year"
_RUNS = """
    SELECT source, count(*) AS runs, sum(rows_read)::BIGINT AS rows_read, sum(stored)::BIGINT AS stored,
           sum(merged)::BIGINT AS merged, sum(rejected)::BIGINT AS rejected, round(sum(seconds), 2) AS ingest_seconds
    FROM runs GROUP BY source ORDER BY rows_read DESC, source
"""


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Totals, films by year, rows by source."""
    years = Table.query(cursor, _YEARS)
    picture = twice(partial(line, "Films by year", {"films": years.rows}, "year of release", "films", plain=True))
    return Section(
        "overview",
        "At a glance",
        "One film is one row, whatever sources it came from.",
        (
            Part("totals", "", Table.transposed(Table.query(cursor, _TOTALS)), tiles=True, wide=True),
            Part("films_by_year", "Films by year of release", years, picture, wide=True),
            Part(
                "sources",
                "Rows by source",
                Table.query(cursor, _RUNS),
                wide=True,
                note="Every row read was stored, merged into a film that was there, or rejected with its reason.",
                empty="No runs are recorded: this catalogue was not written by an ingest.",
            ),
        ),
    )
