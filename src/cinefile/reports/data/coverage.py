"""How far sources meet: which films two sources both have, which ids films carry."""

import duckdb

from cinefile.reports.charts import bars, heatmap
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table, matrix

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


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Pairs of sources, number of sources per film, ids, and what rated films carry."""
    pairs = {(a, b): n for a, b, n in cursor.execute(_PAIRS).fetchall()}
    names = sorted({a for a, _ in pairs}, key=lambda a: (-pairs[a, a], a))
    counts = [[pairs.get((a, b), 0) for b in names] for a in names]
    shares = [[None if a == b else pairs.get((a, b), 0) / pairs[a, a] for b in names] for a in names]
    several, ids = Table.query(cursor, _ONLY), Table.query(cursor, _IDS)
    return Section(
        "coverage",
        "How sources meet",
        "Where two sources have the same film, one fills the other's gaps.",
        (
            Part(
                "films_in_both",
                "Films in both of two sources",
                matrix(names, "source", names, counts) if names else Table((), ()),
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
                Table.query(cursor, _RATED),
                wide=True,
                empty="There are no ratings in this catalogue.",
            ),
        ),
    )
