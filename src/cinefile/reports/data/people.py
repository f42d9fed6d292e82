"""People: who has most films, and whose films return most."""

import duckdb

from cinefile.reports.charts import bars
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

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


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Most films and best returns, as actor and as director."""
    parts = []
    for name, title, role in (("actors", "actors", _ACTING), ("directors", "directors", _DIRECTING)):
        table = Table.query(cursor, _most(role))
        picture = bars(f"Films of {title}", table.column("name"), table.column("films"), "films")
        parts.append(Part(f"{name}_most_films", f"Most films: {title}", table, picture))
    for name, title, role in (("actors", "actors", _ACTING), ("directors", "directors", _DIRECTING)):
        table = Table.query(cursor, _returns(role))
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
