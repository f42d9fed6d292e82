"""One read-only SQL query of the user's own."""

import threading

import duckdb

from cinefile.answers import Table
from cinefile.catalogue.catalogue_file import Catalogue, first_line
from cinefile.errors import InputError
from cinefile.limits import LARGEST_ID, checked_range

LONGEST_SQL = 20_000
_READING = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})


def select(catalogue: Catalogue, sql: str, limit: int | None = None, seconds: float = 60.0) -> Table:
    """Rows of one SELECT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN.

    The catalogue is open read-only, and no statement reaches other files or the network: see `Catalogue`.

    Args:
        catalogue: to ask.
        sql: one statement in DuckDB's dialect.
        limit: most rows to return; None for all.
        seconds: the query is stopped after that time.

    Raises:
        InputError: not one reading statement, an error in it, or it took too long.
    """
    if limit is not None:
        checked_range(limit, "limit", 1, LARGEST_ID)
    if len(sql) > LONGEST_SQL:
        raise InputError(f"The query has {len(sql):,} characters; at most {LONGEST_SQL:,} are accepted.")
    if any("\ud800" <= c <= "\udfff" for c in sql):
        raise InputError("The query holds broken Unicode.", "Send plain text in UTF-8.")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise InputError(f"The query cannot be read: {first_line(error)}") from error
    if len(statements) != 1 or statements[0].type not in _READING:
        raise InputError(
            "Only one reading statement is accepted (SELECT, SHOW, DESCRIBE, SUMMARIZE, EXPLAIN).",
            'For example: cinefile sql "SELECT title, year FROM films LIMIT 5"',
        )
    with catalogue.cursor() as cursor:
        stop = threading.Timer(seconds, cursor.interrupt)
        stop.start()
        try:
            result = cursor.execute(statements[0])
            columns = tuple(d[0] for d in result.description or ())
            rows = result.fetchall() if limit is None else result.fetchmany(limit + 1)
        except duckdb.InterruptException as error:
            raise InputError(f"The query took longer than {seconds:g} s and was stopped.") from error
        except duckdb.Error as error:
            raise InputError(f"The query failed: {first_line(error)}", _hint(error)) from error
        finally:
            stop.cancel()
    return Table(columns, tuple(rows[:limit]), truncated=limit is not None and len(rows) > limit)


def _hint(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return 'See the tables with: cinefile sql "SHOW TABLES", and a table\'s columns with: "DESCRIBE films"'
    return ""
