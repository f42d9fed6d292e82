"""`cinefile people`: people by name."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def people(
    name: Annotated[str, typer.Argument(help="Name; typos and missing accents allowed.")],
    limit: Annotated[int, typer.Option(help="Most people to list, at most 100.")] = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find people by name. Several are listed, never guessed.

    Example: `cinefile people "tom hanks"`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.people(name, limit).document()
    if as_json:
        output.emit_json(answer)
        return
    columns = ("person_id", "name", "films_as_actor", "films_as_director", "known_for", "match")
    output.table(columns, ([person[c] for c in columns] for person in answer["people"]))
