"""Genres: how many, which go together, and when."""

import duckdb

from cinefile.reports.charts import bars, heatmap
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table, matrix

_MOST = 18
_OF = "(SELECT DISTINCT film_id, genre FROM genres WHERE NOT predicted)"
_COUNTS = f"""
    SELECT genre, count(*) AS films, count(*) / (SELECT nullif(count(DISTINCT film_id), 0) FROM {_OF}) AS films_share
    FROM {_OF} GROUP BY genre ORDER BY films DESC, genre
"""
_PER_FILM = f"""
    SELECT genres, count(*) AS films FROM (SELECT count(*) AS genres FROM {_OF} GROUP BY film_id) GROUP BY 1 ORDER BY 1
"""
_TOGETHER = f"""
    WITH g AS MATERIALIZED {_OF}
    SELECT a.genre, b.genre, count(*) FROM g AS a JOIN g AS b USING (film_id)
    WHERE a.genre IN $top AND b.genre IN $top GROUP BY ALL
"""
_DECADES = f"""
    SELECT genre, year // 10 * 10 AS decade, count(*) FROM {_OF} JOIN films USING (film_id)
    WHERE genre IN $top AND year IS NOT NULL GROUP BY ALL
"""
_FILMS = f"""
    SELECT year // 10 * 10 AS decade, count(*) FROM films
    WHERE year IS NOT NULL AND film_id IN (SELECT film_id FROM {_OF}) GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1
"""


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Counts, pairs, decades."""
    counts = Table.query(cursor, _COUNTS)
    top = counts.column("genre")[:_MOST]
    films = dict(zip(counts.column("genre"), counts.column("films"), strict=True))
    pairs = {(a, b): n for a, b, n in cursor.execute(_TOGETHER, {"top": top}).fetchall()} if top else {}
    together = [[None if a == b else pairs.get((a, b), 0) / films[a] for b in top] for a in top]
    totals: dict[int, int] = dict(cursor.execute(_FILMS).fetchall())
    seen = {(g, d): n for g, d, n in cursor.execute(_DECADES, {"top": top}).fetchall()} if top and totals else {}
    by_decade = [[seen.get((g, d), 0) / n for d, n in totals.items()] for g in top]
    names = [f"{d}s" for d in totals]
    per_film = Table.query(cursor, _PER_FILM)
    return Section(
        "genres",
        "Genres",
        "As given by the sources, in one vocabulary; genres predicted by a model are not counted.",
        (
            Part(
                "counts",
                "Films by genre",
                counts,
                bars("Films by genre", counts.column("genre")[:30], counts.column("films")[:30], "films"),
            ),
            Part(
                "per_film",
                "Genres per film",
                per_film,
                bars(
                    "Genres per film", per_film.column("genres"), per_film.column("films"), "films by number of genres"
                ),
            ),
            Part(
                "together",
                "Which go together",
                matrix(top, "of the films of", [f"{t}_share" for t in top], together) if top else Table((), ()),
                heatmap(
                    "Genres that go together",
                    top,
                    top,
                    together,
                    "per cent of the row's films that are also of the column's genre",
                ),
                wide=True,
                note="Read along a row: of the row's films, how many also are of the column's genre.",
            ),
            Part(
                "by_decade",
                "By decade",
                matrix(top, "genre", [f"{n}_share" for n in names], by_decade) if names else Table((), ()),
                heatmap("Genres by decade", top, names, by_decade, "per cent of the decade's films with genres"),
                wide=True,
                note="Decades with at least 20 films that have genres.",
            ),
        ),
    )
