"""Sections of the data report on missing values, doubtful values and the overlap of sources."""

import duckdb

from cinefile.catalogue.quality import CHECKS
from cinefile.reports.charts import bars, heatmap
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import ReportTable, matrix

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


def missing_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Missing and zero values by column, known values by source, films nobody voted for."""
    columns, sources = ReportTable.query(cursor, _columns()), ReportTable.query(cursor, _sources())
    votes = ReportTable.transposed(ReportTable.query(cursor, _UNVOTED))
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


_DOUBTS = """
    WITH twins AS (SELECT title_key, year FROM films WHERE year IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
    repeated AS (SELECT count(DISTINCT film_id) AS n FROM plots GROUP BY plot HAVING count(DISTINCT film_id) > 1)
    SELECT * FROM (VALUES
        ('films that share title and year with another',
            (SELECT count(*) FROM films JOIN twins USING (title_key, year))),
        ('years before 1874 or more than ten years ahead',
            (SELECT count(*) FROM films WHERE year < 1874 OR year > date_part('year', current_date) + 10)),
        ('release date and year that differ',
            (SELECT count(*) FROM films WHERE date_part('year', release_date) != year)),
        ('films longer than six hours', (SELECT count(*) FROM films WHERE runtime > 360)),
        ('budgets below 1,000 US dollars', (SELECT count(*) FROM films WHERE budget < 1000)),
        ('revenues below 1,000 US dollars', (SELECT count(*) FROM films WHERE revenue < 1000)),
        ('titles without a letter or digit', (SELECT count(*) FROM films WHERE title_key = '')),
        ('plots shorter than 40 characters', (SELECT count(*) FROM plots WHERE length(plot) < 40)),
        ('plots that stand at several films', (SELECT count(*) FROM repeated)),
        ('films with such a plot', (SELECT coalesce(sum(n), 0)::BIGINT FROM repeated)),
        ('people of one name', (
            SELECT coalesce(sum(n), 0)::BIGINT
            FROM (SELECT count(*) AS n FROM people GROUP BY name_key HAVING count(*) > 1)
        ))
    ) AS t(doubt, rows)
"""
_TWINS = """
    SELECT any_value(title) AS title, year, count(*) AS films FROM films WHERE year IS NOT NULL
    GROUP BY title_key, year HAVING count(*) > 1 ORDER BY films DESC, year, title LIMIT 25
"""
_PLOTS = """
    SELECT left(plot, 120) AS plot, count(DISTINCT film_id) AS films, list(DISTINCT source ORDER BY source) AS sources
    FROM plots GROUP BY plots.plot HAVING count(DISTINCT film_id) > 1 ORDER BY films DESC, 1 LIMIT 25
"""
# Numbers in a reason are the row's own: without them, reasons come together.
_REJECTS = """
    SELECT source, regexp_replace(reason, '[0-9]+', '…', 'g') AS reason, count(*) AS rows FROM rejects
    GROUP BY ALL ORDER BY rows DESC, source, 2
"""
_MERGES = """
    SELECT rule, count(*) AS records, min(confidence) AS least_confidence, avg(confidence) AS mean_confidence,
           count(DISTINCT source) AS sources
    FROM merges GROUP BY rule ORDER BY records DESC, rule
"""
_MERGED_BY = "SELECT source, rule, count(*) FROM merges GROUP BY ALL"


def quality_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Counts with examples."""
    merges, rejects = ReportTable.query(cursor, _MERGES), ReportTable.query(cursor, _REJECTS)
    found = tuple((c.name, cursor.execute(c.query).fetchall()[0][0]) for c in CHECKS)
    rules = merges.column("rule")
    pairs = {(rule, source): n for source, rule, n in cursor.execute(_MERGED_BY).fetchall()}
    sources = sorted({source for _, source in pairs})
    counts = [[pairs.get((rule, source)) for source in sources] for rule in rules]
    return Section(
        "quality",
        "Quality",
        "What must never be there, what may be right but deserves a look, what was rejected, and why records were "
        "taken to be one film.",
        (
            Part(
                "checks",
                "What must hold",
                ReportTable(("check", "rows that break it"), found),
                note="Checked when this report was made; 0 is good.",
            ),
            Part(
                "doubts",
                "What deserves a look",
                ReportTable.query(cursor, _DOUBTS),
                note="Not all are errors: two films may share title and year, and some budgets are given in millions.",
            ),
            Part(
                "rejects",
                "Rejected rows by reason",
                rejects,
                wide=True,
                empty="No row was rejected.",
                note="The row itself, its file and line are in the table rejects.",
            ),
            Part(
                "merges",
                "Why records are one film",
                merges,
                bars("Records by rule", rules, merges.column("records"), "records of sources"),
                empty="No merges are recorded.",
                note="“new” made a film of its own. The confidence of each rule was measured on films whose "
                "ids were hidden.",
            ),
            Part(
                "same_title_and_year",
                "Same title and year",
                ReportTable.query(cursor, _TWINS),
                empty="No two films share title and year.",
                note="The 25 largest groups.",
            ),
            Part(
                "merges_by_source",
                "Rules by source",
                matrix(rules, "rule", sources, counts) if rules else ReportTable((), ()),
                heatmap("Records by rule and source", rules, sources, counts, "records of sources", share=False),
                wide=True,
                empty="No merges are recorded.",
            ),
            Part(
                "repeated_plots",
                "Plots that repeat",
                ReportTable.query(cursor, _PLOTS),
                wide=True,
                empty="No plot stands at two films.",
                note="The 25 most frequent, cut after 120 characters.",
            ),
        ),
    )


_PAIRS = """
    WITH s AS MATERIALIZED (SELECT DISTINCT source, film_id FROM merges)
    SELECT a.source, b.source, count(*) FROM s AS a JOIN s AS b USING (film_id) GROUP BY ALL
"""
_ONLY = """
    SELECT sources, count(*) AS films FROM (SELECT count(DISTINCT source) AS sources FROM merges GROUP BY film_id)
    GROUP BY sources ORDER BY sources
"""
_IDS = """
    SELECT kind, count(DISTINCT film_id) AS films,
           count(DISTINCT film_id) / (SELECT nullif(count(*), 0) FROM films) AS films_share
    FROM external_ids GROUP BY kind ORDER BY films DESC, kind
"""
_RATED = """
    SELECT source, count(DISTINCT film_id) AS films_rated,
           count(DISTINCT film_id) FILTER (film_id IN (SELECT film_id FROM plots)) AS with_a_plot,
           count(DISTINCT film_id) FILTER (film_id IN (SELECT film_id FROM genres)) AS with_genres,
           count(*) FILTER (film_id IN (SELECT film_id FROM plots)) / count(*) AS ratings_of_films_with_a_plot_share
    FROM ratings GROUP BY source ORDER BY films_rated DESC, source
"""


def coverage_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Pairs of sources, number of sources per film, ids, and what rated films carry."""
    pairs = {(a, b): n for a, b, n in cursor.execute(_PAIRS).fetchall()}
    names = sorted({a for a, _ in pairs}, key=lambda a: (-pairs[a, a], a))
    counts = [[pairs.get((a, b), 0) for b in names] for a in names]
    shares = [[None if a == b else pairs.get((a, b), 0) / pairs[a, a] for b in names] for a in names]
    several, ids = ReportTable.query(cursor, _ONLY), ReportTable.query(cursor, _IDS)
    return Section(
        "coverage",
        "How sources meet",
        "Where two sources have the same film, one fills the other's gaps.",
        (
            Part(
                "films_in_both",
                "Films in both of two sources",
                matrix(names, "source", names, counts) if names else ReportTable((), ()),
                heatmap(
                    "Films in both sources",
                    names,
                    names,
                    shares,
                    "per cent of the row's films that the column's source has too",
                ),
                wide=True,
                empty="No source is recorded in this catalogue.",
                note="The table holds the number of films; the diagonal, all films of the source.",
            ),
            Part(
                "sources_per_film",
                "Sources per film",
                several,
                bars(
                    "Sources per film", several.column("sources"), several.column("films"), "films by number of sources"
                ),
                empty="No source is recorded in this catalogue.",
            ),
            Part(
                "ids",
                "Ids that films carry",
                ids,
                bars(
                    "Films with an id",
                    ids.column("kind"),
                    ids.column("films_share"),
                    "share of all films",
                    unit="_share",
                ),
            ),
            Part(
                "rated",
                "What rated films carry",
                ReportTable.query(cursor, _RATED),
                wide=True,
                empty="There are no ratings in this catalogue.",
            ),
        ),
    )
