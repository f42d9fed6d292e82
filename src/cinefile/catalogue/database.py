"""Two things that every part of the build asks of DuckDB."""

from collections.abc import Mapping
from typing import Any

import duckdb


def number(connection: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """The single number that a statement gives; 0 when it gives no row.

    All rows are fetched: DuckDB takes no other statement while a result is unfinished.
    """
    rows = connection.execute(statement, dict(parameters or {})).fetchall()
    return int(rows[0][0]) if rows else 0


def literal(text: str) -> str:
    """A text as an SQL string literal, for the statements that take no parameters (ATTACH, SET)."""
    return "'" + text.replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """The first line of an error of DuckDB: the rest repeats the statement."""
    return str(error).split("\n", 1)[0]
