"""`cinefile people` and `cinefile person`: people by name, and one person as actor and director."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def people(
    name: Annotated[str, typer.Argument(help="Name; typos and missing accents allowed.")],
    limit: Annotated[int, typer.Option(help="Largest number of people to list, up to 100.")] = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find people by name. Where several match, all are listed.

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


def person(
    person_id: Annotated[int, typer.Argument(help="Id, as `cinefile people` lists it.")],
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show one person: films and returns as an actor, and every film with its figures as a director.

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
