"""Answers that need the catalogue alone: films, people, counts, and the rows of a query."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from cinefile.answers.answer import Answer, Several

if TYPE_CHECKING:
    import pyarrow as pa


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


@dataclass(frozen=True)
class Genre(Answer):
    """A genre of a film: given by sources, or predicted from its plot with a probability."""

    genre: str
    predicted: bool
    probability: float | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ExternalId(Answer):
    """The film's id elsewhere."""

    kind: str
    value: str


@dataclass(frozen=True)
class Plot(Answer):
    """A plot and who wrote it."""

    source: str
    plot: str


@dataclass(frozen=True)
class Credit(Answer):
    """Somebody's part in a film; cast in billing order."""

    person_id: int
    name: str
    department: str
    job: str
    character: str | None
    position: int | None


@dataclass(frozen=True)
class Country(Answer):
    """A country of production, ISO 3166-1."""

    code: str
    country: str | None


@dataclass(frozen=True)
class Provenance(Answer):
    """Which source said the value that stands in a field."""

    field: str
    source: str


@dataclass(frozen=True)
class Merge(Answer):
    """Why a source's film was taken to be this film, and how sure that is (0 to 1)."""

    source: str
    key: str
    title: str
    year: int | None
    rule: str
    confidence: float


@dataclass(frozen=True)
class FilmDetails(Answer):
    """All about one film."""

    film_id: int
    title: str
    year: int | None
    original_title: str | None
    other_titles: tuple[str, ...]
    release_date: date | None
    runtime: float | None
    language: str | None
    status: str | None
    tagline: str | None
    adult: bool | None
    budget: int | None
    revenue: int | None
    profit: int | None
    return_: float | None
    popularity: float | None
    vote_average: float | None
    vote_count: int | None
    score: float | None
    collection: str | None
    genres: tuple[Genre, ...]
    plots: tuple[Plot, ...]
    directors: tuple[Credit, ...]
    cast: tuple[Credit, ...]
    crew: tuple[Credit, ...]
    keywords: tuple[str, ...]
    companies: tuple[str, ...]
    countries: tuple[Country, ...]
    external_ids: tuple[ExternalId, ...]
    provenance: tuple[Provenance, ...]
    merges: tuple[Merge, ...]


@dataclass(frozen=True)
class StarCount(Answer):
    """Number of ratings of half stars of one height."""

    stars: float
    ratings: int


@dataclass(frozen=True)
class StarCounts(Answer, Several[StarCount]):
    """How the ratings of a film are spread from 0.5 to 5 stars, over all sources; empty where nobody rated it."""

    counts: tuple[StarCount, ...]


@dataclass(frozen=True)
class LanguageCount(Answer):
    """Number of films with an original language, ISO 639-1."""

    language: str
    films: int


@dataclass(frozen=True)
class Languages(Answer, Several[LanguageCount]):
    """Original languages, the most frequent first."""

    languages: tuple[LanguageCount, ...]


@dataclass(frozen=True)
class TableCount(Answer):
    """Number of rows of one kind that a catalogue holds."""

    name: str
    rows: int


@dataclass(frozen=True)
class KnownShare(Answer):
    """Share of the films for which a field is known, 0 to 1."""

    field: str
    share: float


@dataclass(frozen=True)
class Overview(Answer):
    """What a catalogue holds as a whole, and how much of it is known."""

    created: str | None
    counts: tuple[TableCount, ...]
    known: tuple[KnownShare, ...]
