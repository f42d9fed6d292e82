"""`cinefile search`: films by name, by person, or by what they are about."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def search(
    words: Annotated[str, typer.Argument(help="A title or name (typos allowed), or what the film is about.")],
    k: Annotated[int, typer.Option("-k", help="How many films.")] = 10,
    year_from: Annotated[int | None, typer.Option("--from", help="First year.")] = None,
    year_to: Annotated[int | None, typer.Option("--to", help="Last year.")] = None,
    genre: Annotated[str | None, typer.Option(help="Only films of this genre.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1: fr.")] = None,
    min_votes: Annotated[int | None, typer.Option(help="Least number of votes.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find films by words.

    Examples: `cinefile search "blade runer"`

    `cinefile search "a heist in space with a robot" --from 1980`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.search(
            words, k, year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes
        ).document()
    if as_json:
        output.emit_json(answer)
        return
    output.table(("film_id", "title", "year", "score", "found by"), [list(f.values()) for f in answer["films"]])
