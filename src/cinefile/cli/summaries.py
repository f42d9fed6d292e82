"""`cinefile genres` and `cinefile decades`: what a catalogue holds."""

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
