"""`cinefile genres`, `cinefile decades` and `cinefile releases`: counts of films."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def genres(db: Db = None, as_json: Json = False) -> None:
    """List all genres with number of films, mean score, revenue, median return and years."""
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.genres().document()
    if as_json:
        output.emit_json(answer)
    else:
        _table(answer["genres"])


def decades(db: Db = None, as_json: Json = False) -> None:
    """List all decades with number of films, means, totals and most frequent genres."""
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.decades().document()
    if as_json:
        output.emit_json(answer)
    else:
        _table(answer["decades"])


def _table(rows: list[dict[str, object]]) -> None:
    if rows:
        output.table(tuple(rows[0]), (tuple(row.values()) for row in rows))


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
