"""`cinefile films`, `cinefile film` and `cinefile votes`: lists of films, one film, its votes."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json

FilmArgument = Annotated[str, typer.Argument(help='Id, or title with the year: "Toy Story (1995)".')]


def film(film: FilmArgument, db: Db = None, as_json: Json = False) -> None:
    """Show one film: its facts, score, genres, people, ids, and the source of each value.

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


_COLUMNS = ("film_id", "title", "year", "genres", "score", "vote_count", "popularity", "revenue", "return")
_ORDERS = (
    "match, title, year, release, runtime, popularity, score, votes, average, budget, revenue, profit or return; "
    "with - in front for descending."
)


def films(
    title: Annotated[str | None, typer.Argument(help="Words of the title; typos and missing accents allowed.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of release.")] = None,
    year_from: output.YearFrom = None,
    year_to: output.YearTo = None,
    genre: output.Genre = None,
    language: output.Language = None,
    country: output.Country = None,
    runtime_from: Annotated[int | None, typer.Option(help="Shortest runtime in minutes.")] = None,
    runtime_to: Annotated[int | None, typer.Option(help="Longest runtime in minutes.")] = None,
    min_votes: output.MinVotes = None,
    person: Annotated[int | None, typer.Option(help="Id of an actor or director.")] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            help="match, title, year, release, runtime, popularity, score, votes, average, budget, "
            "revenue, profit, return; - in front for descending."
        ),
    ] = None,
    page: Annotated[int, typer.Option(help="Page, from 1.")] = 1,
    size: Annotated[int, typer.Option(help="Films per page, at most 100.")] = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List films by title, filters and sort order.

    Examples: `cinefile films "blade runer"`

    `cinefile films --genre horror --from 1980 --to 1989 --sort=-score`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.films(
            page,
            size,
            title=title,
            year=year,
            year_from=year_from,
            year_to=year_to,
            genre=genre,
            language=language,
            country=country,
            runtime_from=runtime_from,
            runtime_to=runtime_to,
            min_votes=min_votes,
            person=person,
            sort=sort,
        ).document()
    if as_json:
        output.emit_json(answer)
        return
    output.table(_COLUMNS, ([film[c] for c in _COLUMNS] for film in answer["films"]))
    output.say(f"{answer['total']:,} films, page {page} of {answer['pages']:,}.")


def votes(
    film: Annotated[str, typer.Argument(help='Id, or title with the year: "Toy Story (1995)".')],
    minimum: Annotated[int, typer.Option("--min", help="Smallest number of votes for an average, such as 2000.")] = 0,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show the number of votes of a film, and their average where there are enough.

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
