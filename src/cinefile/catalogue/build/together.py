"""Statements side by side, each on a connection of its own: DuckDB runs a statement on small tables on one core.

The tasks must not write to the same tables.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import duckdb

from cinefile import settings

Task = Callable[[duckdb.DuckDBPyConnection], None]
_WORKERS = 2


def together(connection: duckdb.DuckDBPyConnection, tasks: Sequence[Task]) -> None:
    """Run tasks, two at a time, in their order where there is one core only; returns when all are done.

    Args:
        connection: its database is the tasks'; they see its variables, but none of its temporary tables.
        tasks: each is given a connection.

    Raises:
        Exception: the first task's that failed, after all have ended.
    """
    variables = connection.execute("SELECT name, value FROM duckdb_variables()").fetchall()
    cursors = [connection.cursor() for _ in tasks]
    with ThreadPoolExecutor(min(_WORKERS, settings.threads())) as pool:
        futures = [pool.submit(partial(_run, *pair, variables)) for pair in zip(tasks, cursors, strict=True)]
    for future in futures:
        future.result()


def _run(task: Task, cursor: duckdb.DuckDBPyConnection, variables: list[tuple[str, str]]) -> None:
    with cursor:
        for name, value in variables:
            cursor.execute(f"SET VARIABLE {name} = $value", {"value": value})
        task(cursor)
