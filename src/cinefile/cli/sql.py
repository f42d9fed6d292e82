"""`cinefile sql`: one read-only query."""

import csv
import sys
from enum import StrEnum
from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


def sql(
    query: Annotated[
        str, typer.Argument(help="One SELECT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN, in DuckDB's dialect.")
    ],
    limit: Annotated[int, typer.Option(help="Largest number of rows to print.")] = 1000,
    seconds: Annotated[float, typer.Option(min=0.1, help="Number of seconds after which the query is stopped.")] = 60.0,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.table,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Run one read-only SQL query. No statement can change the catalogue or read other files.

    Examples: `cinefile sql "SHOW TABLES"`; `cinefile sql "SELECT title, revenue FROM films ORDER BY 2 DESC LIMIT 5"`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.sql(query, limit, seconds)
    if as_json or form is Format.json:
        output.emit_json(
            {**answer.document(), "rows": [dict(zip(answer.columns, r, strict=True)) for r in answer.rows]}
        )
    elif form is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
    else:
        output.table(answer.columns, answer.rows)
    if answer.truncated:
        output.say(f"Only the first {limit:,} rows are shown; --limit takes more.")
