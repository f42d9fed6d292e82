"""The data report: what a catalogue holds, how it came there, and the sections of the other files."""

from collections.abc import Callable
from functools import partial

import duckdb

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.reports import data_films, data_people, data_quality
from cinefile.reports.charts import line, twice
from cinefile.reports.report import Part, Report, Section, made
from cinefile.reports.tables import ReportTable

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


def overview_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Totals, films by year, rows by source."""
    years = ReportTable.query(cursor, _YEARS)
    picture = twice(partial(line, "Films by year", {"films": years.rows}, "year of release", "films", plain=True))
    return Section(
        "overview",
        "At a glance",
        "One film is one row, whatever sources it came from.",
        (
            Part("totals", "", ReportTable.transposed(ReportTable.query(cursor, _TOTALS)), tiles=True, wide=True),
            Part("films_by_year", "Films by year of release", years, picture, wide=True),
            Part(
                "sources",
                "Rows by source",
                ReportTable.query(cursor, _RUNS),
                wide=True,
                note="Every row read was stored, merged into a film that was there, or rejected with its reason.",
                empty="No runs are recorded: this catalogue was not written by an ingest.",
            ),
        ),
    )


Say = Callable[[str], None]
SECTIONS: tuple[Callable[[duckdb.DuckDBPyConnection], Section], ...] = (
    overview_section,
    data_quality.missing_section,
    data_films.distributions_section,
    data_films.genres_section,
    data_films.words_section,
    data_films.places_section,
    data_people.people_section,
    data_people.ratings_section,
    data_quality.quality_section,
    data_quality.coverage_section,
)


def data_report(catalogue: Catalogue, say: Say | None = None) -> Report:
    """All that is in a catalogue, in tables and pictures.

    Args:
        catalogue: the open file.
        say: told each section's title when it is done.
    """
    done = []
    with catalogue.cursor() as cursor:
        for section in SECTIONS:
            done.append(section(cursor))
            if say is not None:
                say(done[-1].title)
    size = catalogue.path.stat().st_size
    facts = {
        **made(f"cinefile report data --db {catalogue.path.name}"),
        "catalogue": catalogue.path.name,
        "bytes": size,
    }
    subtitle = (
        f"Everything in {catalogue.path.name} ({size / 1e6:,.1f} MB), counted. A zero budget, revenue, "
        "runtime or vote in a source means unknown; the catalogue holds it as missing."
    )
    return Report("data", "What is in the data", subtitle, facts, done)
