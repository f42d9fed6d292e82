"""Answers, as the library returns them and the command line and the HTTP interface print them.

Money is in US dollars. None means unknown, never zero. `return_` (in JSON `return`, a word Python keeps for itself) is
revenue divided by budget. `score` is the weighted rating, 0 to 10 (IMDb's formula, see docs/catalogue.md).
"""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from cinefile.catalogue.questions.several import Several
from cinefile.catalogue.questions.tabular import Tabular

if TYPE_CHECKING:
    import pyarrow as pa


def json_name(name: str) -> str:
    """Name of a field in JSON."""
    return name.rstrip("_")


@dataclass(frozen=True)
class Answer(Tabular):
    """Base of all answers."""

    # Read by pydantic, which the HTTP interface uses; nothing is imported for it here.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"alias_generator": json_name, "populate_by_name": True}

    def document(self) -> dict[str, Any]:
        """The answer as plain dicts and lists for JSON; dates stay dates."""
        return {json_name(f.name): _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, Answer):
        return value.document()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


@dataclass(frozen=True)
class Film(Answer):
    """A film in a list."""

    film_id: int
    title: str
    year: int | None
    release_date: date | None
    runtime: float | None
    language: str | None
    genres: tuple[str, ...]
    predicted_genres: tuple[str, ...]
    budget: int | None
    revenue: int | None
    profit: int | None
    return_: float | None
    popularity: float | None
    vote_average: float | None
    vote_count: int | None
    score: float | None


@dataclass(frozen=True)
class FilmPage(Answer, Several[Film]):
    """One page of a list of films. `match` says how the first film met the title asked for."""

    films: tuple[Film, ...]
    total: int
    page: int
    size: int
    pages: int
    match: Literal["exact", "words", "similar"] | None = None


@dataclass(frozen=True)
class Votes(Answer):
    """Votes of a film. `vote_average` is None where nobody voted or fewer than `minimum` did; `message` says so."""

    film_id: int
    title: str
    year: int | None
    vote_count: int
    vote_average: float | None
    minimum: int
    enough: bool
    message: str


@dataclass(frozen=True)
class Releases(Answer):
    """How many films came out in a month, on a weekday, or both; `dated` is how many films have a full date."""

    month: int | None
    month_name: str | None
    weekday: int | None
    weekday_name: str | None
    year: int | None
    films: int
    dated: int


@dataclass(frozen=True)
class PersonMatch(Answer):
    """A person found by name. `known_for` holds the titles most voted for, to tell namesakes apart."""

    person_id: int
    name: str
    films_as_actor: int
    films_as_director: int
    known_for: tuple[str, ...]
    match: Literal["exact", "words", "similar"]


@dataclass(frozen=True)
class People(Answer, Several[PersonMatch]):
    """People found by name, best first: listed, never guessed."""

    people: tuple[PersonMatch, ...]


@dataclass(frozen=True)
class Acting(Answer):
    """A person as actor. Returns are over the films whose budget and revenue are known."""

    films: int
    films_with_return: int
    total_return: float | None
    mean_return: float | None


@dataclass(frozen=True)
class DirectedFilm(Answer):
    """A film of a director."""

    film_id: int
    title: str
    year: int | None
    release_date: date | None
    budget: int | None
    revenue: int | None
    return_: float | None
    profit: int | None


@dataclass(frozen=True)
class Directing(Answer):
    """A person as director, films by release date. Each total is over the films where the figure is known."""

    films: tuple[DirectedFilm, ...]
    films_with_return: int
    total_budget: int | None
    total_revenue: int | None
    total_profit: int | None
    total_return: float | None
    mean_return: float | None


@dataclass(frozen=True)
class Person(Answer):
    """A person, as actor and as director."""

    person_id: int
    name: str
    gender: Literal["female", "male", "non-binary"] | None
    tmdb_id: int | None
    acting: Acting
    directing: Directing


@dataclass(frozen=True)
class GenreSummary(Answer):
    """The films of one genre, given and predicted; means and totals are over the given ones."""

    genre: str
    films: int
    predicted_films: int
    mean_score: float | None
    total_revenue: int | None
    median_return: float | None
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class Genres(Answer, Several[GenreSummary]):
    """All genres, the largest first."""

    genres: tuple[GenreSummary, ...]


@dataclass(frozen=True)
class DecadeSummary(Answer):
    """The films of one decade (1990 stands for 1990 to 1999) with its three most frequent genres."""

    decade: int
    films: int
    mean_score: float | None
    mean_runtime: float | None
    total_budget: int | None
    total_revenue: int | None
    top_genres: tuple[str, ...]


@dataclass(frozen=True)
class Decades(Answer, Several[DecadeSummary]):
    """All decades, the earliest first."""

    decades: tuple[DecadeSummary, ...]


@dataclass(frozen=True)
class Table(Answer):
    """Rows of an SQL query; `truncated` when there were more than the limit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool

    def to_arrow(self) -> "pa.Table":
        """A pyarrow table; types follow the values, as the columns of a query can be anything."""
        import pyarrow as pa

        # By position: two columns of a query may share a name.
        arrays = [pa.array([row[at] for row in self.rows]) for at in range(len(self.columns))]
        return pa.table(arrays, names=list(self.columns))

    def _records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
