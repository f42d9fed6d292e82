"""`cinefile demo`: a short tour of what cinefile does, then the page."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db
from cinefile.errors import ModelError, NotFoundError

if TYPE_CHECKING:
    from cinefile.library import Library

PLOT = (
    "A worn-out detective in a rainy city of the near future hunts four artificial humans who have come back to Earth "
    "to find their maker, and begins to doubt what sets him apart from them when he falls in love with one."
)
FILM = "Toy Story (1995)"
PERSON = {
    "Blade Runner (1982)": 5.0,
    "Alien (1979)": 4.5,
    "The Matrix (1999)": 4.5,
    "Twelve Monkeys (1995)": 4.0,
    "Heat (1995)": 4.0,
    "Titanic (1997)": 2.0,
    "Forrest Gump (1994)": 2.5,
}


def demo(
    db: Db = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the page after the tour.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page.")] = 8000,
) -> None:
    """Take a short tour: questions, a plot tagged, similar films, picks for a sample person; then serve the page.

    Example: `cinefile demo --no-serve`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        for title, part in TOUR.items():
            output.say(f"\n[bold]{title}[/]")
            try:
                part(lib)
            except (ModelError, NotFoundError) as error:
                output.say(f"Left out: {error}")
    if serve:
        from cinefile.cli.serve import run

        output.say("")
        run(db, "127.0.0.1", port)


def _catalogue(lib: "Library") -> None:
    ((films, people, first, last),) = lib.sql(
        "SELECT count(*), (SELECT count(*) FROM people), min(year), max(year) FROM films"
    ).rows
    output.say(f"{lib.path.name}: {films:,} films from {first} to {last}, {people:,} people")


def _questions(lib: "Library") -> None:
    answer = lib.releases(month="octubre")
    output.say(f"Released in October: {answer.films:,} of {answer.dated:,} films with a full date")
    output.say('Searched for "blade runer":')
    _films((f.title, f.year, f.score) for f in lib.films(title="blade runer", size=3).films)


def _tags(lib: "Library") -> None:
    output.say(PLOT)
    (tags,) = lib.tag([PLOT])
    output.table(("genre", "probability"), ((t.genre, t.probability) for t in tags.genres))


def _similar(lib: "Library") -> None:
    _films((f.title, f.year, f.score) for f in lib.similar(FILM, k=5).films)


def _picks(lib: "Library") -> None:
    ratings = {}
    for title, stars in PERSON.items():
        page = lib.films(title=title.rsplit(" (", 1)[0], year=int(title[-5:-1]), size=1)
        if page.match == "exact":
            ratings[page.films[0].film_id] = stars
            output.say(f"  {stars} stars for {title}")
    picks = lib.recommend(ratings, k=5)
    because = (", ".join(reason.title for reason in film.because[:2]) for film in picks.films)
    rows = ((f.title, f.year, f.stars, why) for f, why in zip(picks.films, because, strict=True))
    output.table(("title", "year", "stars", "because of"), rows)


def _films(rows: Iterable[tuple[object, ...]]) -> None:
    output.table(("title", "year", "score"), rows)


TOUR: dict[str, Callable[["Library"], None]] = {
    "The catalogue": _catalogue,
    "Questions": _questions,
    "Genres from a plot": _tags,
    f"Films like {FILM}": _similar,
    "Picks for a person who gave": _picks,
}
