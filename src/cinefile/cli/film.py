"""`cinefile film`: all about one film."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json

FilmArgument = Annotated[str, typer.Argument(help='Id, or title with the year: "Toy Story (1995)".')]


def film(film: FilmArgument, db: Db = None, as_json: Json = False) -> None:
    """Show all about one film: its facts, score, genres, people, ids, and who said what.

    Example: `cinefile film "Toy Story (1995)"`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.film(film).document()
    if as_json:
        output.emit_json(answer)
        return
    output.table(
        ("field", "value"), ((name, _text(value)) for name, value in answer.items() if value not in (None, []))
    )


def _text(value: object) -> str:
    """A value for one cell: records become their first two fields, long lists are cut."""
    if isinstance(value, list):
        shown = ", ".join(_text(v) for v in value[:12])
        return f"{shown}, … ({len(value)} in all)" if len(value) > 12 else shown
    if isinstance(value, dict):
        name = next((value[k] for k in ("name", "genre", "plot", "kind", "field", "code", "source") if k in value), "")
        more = next((value[k] for k in ("character", "job", "value", "source", "rule") if value.get(k)), None)
        return f"{name} ({more})" if more and more != name else str(name)
    return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)
