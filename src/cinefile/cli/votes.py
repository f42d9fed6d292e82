"""`cinefile votes`: the votes of one film."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def votes(
    film: Annotated[str, typer.Argument(help='Id, or title with the year: "Toy Story (1995)".')],
    minimum: Annotated[int, typer.Option("--min", help="Number of votes to require, say 2000.")] = 0,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Number of votes of a film and their average, when it has enough of them.

    Example: `cinefile votes "Titanic (1997)" --min 2000`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.votes(film, minimum)
    if as_json:
        output.emit_json(answer.document())
        return
    output.table(
        ("title", "year", "votes", "average"), [(answer.title, answer.year, answer.vote_count, answer.vote_average)]
    )
    output.say(answer.message)
