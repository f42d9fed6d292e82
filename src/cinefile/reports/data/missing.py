"""What is missing: by column, by source, and votes that nobody cast."""

import duckdb

from cinefile.reports.charts import bars, heatmap
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

_COLUMNS = (
    "year",
    "release_date",
    "runtime",
    "language",
    "original_title",
    "status",
    "tagline",
    "budget",
    "revenue",
    "popularity",
    "vote_count",
    "vote_average",
    "collection_id",
)
_NUMBERS = ("runtime", "budget", "revenue", "popularity", "vote_count", "vote_average")
_LISTS = {
    "genres": "SELECT film_id FROM genres WHERE NOT predicted",
    "plot": "SELECT film_id FROM plots",
    "director": "SELECT film_id FROM credits WHERE job = 'Director'",
    "cast": "SELECT film_id FROM credits WHERE department = 'Acting'",
    "keywords": "SELECT film_id FROM keywords",
    "companies": "SELECT film_id FROM companies",
    "countries": "SELECT film_id FROM countries",
    "ratings": "SELECT film_id FROM ratings",
}
_BY_SOURCE = ("year", "release_date", "runtime", "language", "budget", "revenue", "popularity", "vote_average")
# Sources that give averages at all: in the others a missing average says nothing about voters.
_UNVOTED = """
    WITH voting AS (SELECT DISTINCT source FROM provenance WHERE field = 'vote_average'),
    listed AS (SELECT DISTINCT film_id FROM merges WHERE source IN (FROM voting))
    SELECT count(*) AS films_in_sources_with_votes,
           count(*) FILTER (vote_average IS NULL) AS of_these_nobody_voted,
           round(100 * count(*) FILTER (vote_average IS NULL) / nullif(count(*), 0), 2) AS nobody_voted_in_per_cent,
           count(*) FILTER (vote_average = 0) AS average_is_zero_with_votes,
           count(*) FILTER (vote_count < 10) AS fewer_than_10_votes,
           (SELECT count(*) FROM films WHERE vote_average IS NULL) AS films_without_average_in_all
    FROM listed JOIN films USING (film_id)
"""


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Missing and zero values by column, known values by source, films nobody voted for."""
    columns, sources = Table.query(cursor, _columns()), Table.query(cursor, _sources())
    votes = Table.transposed(Table.query(cursor, _UNVOTED))
    shown = bars(
        "Missing by column",
        columns.column("column"),
        columns.column("missing_share"),
        "share of films where it is missing",
        unit="_share",
    )
    values = [row[2:] for row in sources.rows]
    grid = heatmap(
        "Known by source and column",
        sources.column("source"),
        [c.removesuffix("_share").replace("_", " ") for c in sources.columns[2:]],
        values,
        "per cent of the source's films for which the value is known in the catalogue",
    )
    return Section(
        "missing",
        "What is missing",
        "Missing means that no source knows it. Zeros that stand for unknown were made missing by the build; any that "
        "are left are counted here.",
        (
            Part("columns", "Missing and zero values by column", columns, shown),
            Part(
                "votes",
                "Films that nobody voted for",
                votes,
                note="TMDB's files give such films the average 0. That is no opinion: the catalogue leaves it out of "
                "every mean.",
            ),
            Part(
                "by_source",
                "Known values by source",
                sources,
                grid,
                wide=True,
                note="A source's film counts as known where any source fills the gap.",
                empty="No source is recorded in this catalogue.",
            ),
        ),
    )


def _columns() -> str:
    zero = {c: f"count(*) FILTER ({c} = 0)" for c in _NUMBERS}
    selects = [
        f"SELECT '{c.replace('_', ' ')}' AS \"column\", count({c}) AS known, count(*) - count({c}) AS missing, "
        f"{zero.get(c, 'NULL')} AS zero FROM films"
        for c in _COLUMNS
    ]
    selects += [
        f"SELECT '{name}', count(*) FILTER (here), count(*) FILTER (NOT here), NULL FROM "
        f"(SELECT film_id IN ({sql}) AS here FROM films)"
        for name, sql in _LISTS.items()
    ]
    return (
        'SELECT "column", known, missing, missing / nullif(known + missing, 0) AS missing_share, zero '
        f"FROM ({' UNION ALL '.join(selects)}) ORDER BY missing DESC, 1"
    )


def _sources() -> str:
    shares = ", ".join(f"count({c}) / count(*) AS {c}_share" for c in _BY_SOURCE)
    return f"""
        SELECT source, count(*) AS films, {shares},
               count(*) FILTER (film_id IN (SELECT film_id FROM plots)) / count(*) AS plot_share,
               count(*) FILTER (film_id IN (SELECT film_id FROM genres WHERE NOT predicted)) / count(*) AS genres_share
        FROM (SELECT DISTINCT source, film_id FROM merges) JOIN films USING (film_id)
        GROUP BY source ORDER BY films DESC, source
    """
