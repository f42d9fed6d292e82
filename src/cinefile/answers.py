"""Every answer of the library: frozen dataclasses with a JSON form."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from cinefile.answer_tables import Tabular

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


class Several(Generic[T]):
    """Mixin of answers that begin with a list: `for film in lib.similar(…)`, `len(…)` and `[0]` mean that list."""

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __getitem__(self, place: int) -> T:
        return self._items()[place]

    def _items(self) -> tuple[T, ...]:
        answer: Any = self
        items: tuple[T, ...] = getattr(answer, dataclasses.fields(answer)[0].name)
        return items


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
class Word(Answer):
    """A word of a plot, and how far the genre's logit falls when it is taken out."""

    text: str
    weight: float


@dataclass(frozen=True)
class Tag(Answer):
    """A genre with its calibrated probability; if asked for, the words that carried it, the strongest first."""

    genre: str
    probability: float
    because: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Tags(Answer, Several[Tag]):
    """Genres of a plot at or above a threshold, the most probable first, and why to believe them less, if at all."""

    genres: tuple[Tag, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SimilarFilm(Answer):
    """A film like another; `score` is from 0 to 1, `because` says in words what they have in common."""

    film_id: int
    title: str
    year: int | None
    score: float
    because: str


@dataclass(frozen=True)
class SimilarFilms(Answer, Several[SimilarFilm]):
    """Films like another, the most alike first."""

    films: tuple[SimilarFilm, ...]


@dataclass(frozen=True)
class FoundFilm(Answer):
    """A film found by words; `score` is from 0 to 1, `by` names what found it: title, people, words, meaning."""

    film_id: int
    title: str
    year: int | None
    score: float
    by: tuple[str, ...]


@dataclass(frozen=True)
class FoundFilms(Answer, Several[FoundFilm]):
    """Films found by words, best first."""

    films: tuple[FoundFilm, ...]


@dataclass(frozen=True)
class Reason(Answer):
    """One of the person's own ratings, and the stars that it adds to the prediction."""

    film_id: int
    title: str
    year: int | None
    stars: float


@dataclass(frozen=True)
class PickedFilm(Answer):
    """A film recommended: predicted stars, the interval that holds the person's rating four times in five, and why."""

    film_id: int
    title: str
    year: int | None
    stars: float
    low: float | None
    high: float | None
    because: tuple[Reason, ...]


@dataclass(frozen=True)
class Picks(Answer, Several[PickedFilm]):
    """Films recommended, best first."""

    films: tuple[PickedFilm, ...]
