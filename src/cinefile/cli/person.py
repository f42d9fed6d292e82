"""`cinefile person`: one person as actor and director."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def person(
    person_id: Annotated[int, typer.Argument(help="Id, as `cinefile people` lists it.")],
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show one person: as actor, films and returns; as director, every film with its figures.

    Example: `cinefile person 31`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        found = lib.person(person_id)
    if as_json:
        output.emit_json(found.document())
        return
    acting, directing = found.acting, found.directing
    output.say(f"{found.name}: as actor {acting.films} films, {acting.films_with_return} with a known return"
               + (f", in all {acting.total_return:,.2f}, on average {acting.mean_return:,.2f}." if acting.total_return
                  else "."))  # fmt: skip
    columns = ("film_id", "title", "release_date", "budget", "revenue", "return", "profit")
    rows = [[film[c] for c in columns] for film in (f.document() for f in directing.films)]
    if rows:
        total = [None, "Total", None, directing.total_budget, directing.total_revenue, directing.total_return]
        output.table(columns, [*rows, [*total, directing.total_profit]], title=f"Directed by {found.name}")
