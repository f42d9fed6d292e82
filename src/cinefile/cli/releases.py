"""`cinefile releases`: how many films came out in a month or on a weekday."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def releases(
    month: Annotated[str | None, typer.Option(help="1 to 12, or a name in English or Spanish: enero.")] = None,
    weekday: Annotated[str | None, typer.Option(help="1 (Monday) to 7, or a name: lunes.")] = None,
    year: Annotated[int | None, typer.Option(help="Only releases of this year.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Count the films released in a month, on a weekday, or both.

    Examples: `cinefile releases --month enero`; `cinefile releases --weekday Friday --year 1995`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.releases(month, weekday, year)
    if as_json:
        output.emit_json(answer.document())
        return
    columns = ("month", "weekday", "year", "films", "of all dated")
    output.table(columns, [(answer.month_name, answer.weekday_name, answer.year, answer.films, answer.dated)])
