"""Sections of the data report on people and on ratings."""

from functools import partial

import duckdb

from cinefile.reports.charts import bars, line, twice
from cinefile.reports.data_films import spread
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import ReportTable

_ACTING, _DIRECTING = "department = 'Acting'", "job = 'Director'"
_LEAST_FILMS, _LEAST_BUDGET = 5, 1_000_000


def _most(role: str) -> str:
    return f"""
        SELECT name, count(DISTINCT film_id) AS films, min(year) AS first, max(year) AS last
        FROM credits JOIN people USING (person_id) JOIN films USING (film_id) WHERE {role}
        GROUP BY person_id, name ORDER BY films DESC, name LIMIT 20
    """


def _returns(role: str) -> str:
    """Revenue over budget, both summed: a mean of returns would be ruled by one cheap film."""
    return f"""
        WITH parts AS (SELECT DISTINCT person_id, film_id FROM credits WHERE {role})
        SELECT name, sum(revenue)::DOUBLE / sum(budget)::DOUBLE AS "return", count(*) AS films,
               sum(budget)::BIGINT AS budget_usd, sum(revenue)::BIGINT AS revenue_usd
        FROM parts JOIN people USING (person_id) JOIN films USING (film_id)
        WHERE budget >= {_LEAST_BUDGET} AND revenue IS NOT NULL
        GROUP BY person_id, name HAVING count(*) >= {_LEAST_FILMS} ORDER BY 2 DESC, name LIMIT 20
    """


def people_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Most films and best returns, as actor and as director."""
    parts = []
    for name, title, role in (("actors", "actors", _ACTING), ("directors", "directors", _DIRECTING)):
        table = ReportTable.query(cursor, _most(role))
        picture = bars(f"Films of {title}", table.column("name"), table.column("films"), "films")
        parts.append(Part(f"{name}_most_films", f"Most films: {title}", table, picture))
    for name, title, role in (("actors", "actors", _ACTING), ("directors", "directors", _DIRECTING)):
        table = ReportTable.query(cursor, _returns(role))
        picture = bars(
            f"Returns of {title}",
            table.column("name"),
            table.column("return"),
            "revenue / budget, both summed over the films",
        )
        empty = f"Nobody has {_LEAST_FILMS} films with a known revenue and a budget of a million US dollars."
        parts.append(Part(f"{name}_best_returns", f"Best returns: {title}", table, picture, empty=empty))
    return Section(
        "people",
        "People",
        f"Returns are over people with at least {_LEAST_FILMS} films whose revenue is known and whose budget is "
        "known and at least a million US dollars; below that, figures are often in another unit.",
        parts,
    )


_SOURCES = """
    SELECT source, count(*) AS ratings, count(DISTINCT user_id) AS people, count(DISTINCT film_id) AS films,
           avg(stars)::DOUBLE AS mean_stars, stddev_pop(stars)::DOUBLE AS deviation,
           count(*) / (count(DISTINCT user_id) * count(DISTINCT film_id)) AS cells_filled_share,
           count(rated_at) / count(*) AS with_time_share
    FROM ratings GROUP BY source ORDER BY ratings DESC, source
"""
_STARS = """
    SELECT source, round(stars * 2) / 2 AS stars, count(*) AS ratings,
           count(*) / sum(count(*)) OVER (PARTITION BY source) AS ratings_share
    FROM ratings GROUP BY source, round(stars * 2) / 2 ORDER BY 1, 2
"""
_ACTIVITY = "(SELECT count(*) AS n FROM ratings GROUP BY source, user_id)"
_POPULARITY = "(SELECT count(*) AS n FROM ratings GROUP BY film_id)"
# The share of all ratings that the most rated films hold, at some ranks.
_CURVE = """
    WITH f AS (SELECT count(*) AS n FROM ratings GROUP BY film_id),
    ranked AS (
        SELECT n, row_number() OVER (ORDER BY n DESC) AS rank, count(*) OVER () AS films, sum(n) OVER () AS total,
               sum(n) OVER (ORDER BY n DESC ROWS UNBOUNDED PRECEDING) AS up_to
        FROM f
    )
    SELECT rank, n AS ratings_of_that_film, (up_to / total)::DOUBLE AS ratings_so_far_share,
           rank / films AS films_so_far_share
    FROM ranked
    WHERE rank = films OR rank IN (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000, 20000)
    ORDER BY rank
"""
_YEARS = """
    SELECT year(rated_at) AS year, source, count(*) AS ratings, avg(stars)::DOUBLE AS mean_stars FROM ratings
    WHERE rated_at IS NOT NULL GROUP BY ALL ORDER BY source, 1
"""


def ratings_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """By source: stars; ratings per person and per film; by year."""
    stars, curve, years = (ReportTable.query(cursor, sql) for sql in (_STARS, _CURVE, _YEARS))
    by_stars = _series([(s, x, 100 * share) for s, x, _, share in stars.rows])
    by_year = _series([(s, y, n) for y, s, n, _ in years.rows])
    shares = [(rank, 100 * so_far) for rank, _, so_far, _ in curve.rows]
    return Section(
        "ratings",
        "Ratings",
        "Stars from 0.5 to 5. A person is a user id of one data set; the same id of two data sets is two people.",
        (
            Part(
                "sources",
                "By data set",
                ReportTable.query(cursor, _SOURCES),
                wide=True,
                empty="There are no ratings in this catalogue.",
                note="Cells filled: of all pairs of a person and a film of that data set, the share with a rating.",
            ),
            Part(
                "stars",
                "Stars given",
                stars,
                line("Stars given, by data set", by_stars, "stars", "share of the data set's ratings (%)"),
                note="Data sets without half stars jump between whole ones.",
            ),
            spread(
                cursor, "ratings_per_person", "How active people are", "n", _ACTIVITY, per_decade=6, counted="people"
            ),
            spread(cursor, "ratings_per_film", "How often films are rated", "n", _POPULARITY, per_decade=4),
            Part(
                "popularity_curve",
                "What the most rated films hold",
                curve,
                line(
                    "Share of ratings held by the most rated films",
                    {"ratings held": shares},
                    "films, most rated first",
                    "ratings held so far (%)",
                    log_x=True,
                ),
                note="A model that only knows the left end of this curve looks good in the mean: "
                "hence figures by popularity.",
            ),
            Part(
                "by_year",
                "Ratings by year",
                years,
                twice(partial(line, "Ratings by year", by_year, "year", "ratings", plain=True, log_y=True)),
                wide=True,
            ),
        ),
    )


def _series(rows: list[tuple[str, float, float]]) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for name, x, y in rows:
        found.setdefault(name, []).append((x, y))
    return found
