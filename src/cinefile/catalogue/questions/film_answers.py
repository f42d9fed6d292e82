"""The answer about one film, with all that the catalogue holds on it."""

from dataclasses import dataclass
from datetime import date

from cinefile.catalogue.questions.answers import Answer


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
