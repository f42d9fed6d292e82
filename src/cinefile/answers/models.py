"""Answers that need a model beside the catalogue: tags, similar films, search, recommendations, exports."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cinefile.answers.answer import Answer, Several
from cinefile.answers.catalogue import Film


@dataclass(frozen=True)
class Word(Answer):
    """A word of a plot, and how far the genre's logit falls when it is taken out."""

    text: str
    weight: float


@dataclass(frozen=True)
class Tag(Answer):
    """A genre with its calibrated probability; if asked for, the words that carried it, the strongest first.

    `threshold` is the genre's own, tuned one.
    """

    genre: str
    probability: float
    because: tuple[Word, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True)
class Tags(Answer, Several[Tag]):
    """Genres of a plot at or above a threshold, the most probable first, and why to believe them less, if at all.

    `english` is false where the plot seems to be in another language, `short` true where it is too short to judge well;
    `notes` says both in words.
    """

    genres: tuple[Tag, ...]
    notes: tuple[str, ...] = ()
    english: bool = True
    short: bool = False


@dataclass(frozen=True)
class Likeness(Answer):
    """What two films have in common, the most telling first in each list; `same_story`: their plots count most."""

    collection: str | None
    people: tuple[str, ...]
    keywords: tuple[str, ...]
    genres: tuple[str, ...]
    liked_by_same: bool
    same_story: bool


@dataclass(frozen=True)
class SimilarFilm(Answer):
    """A film like another; `score` is from 0 to 1, `because` says in words what they have in common."""

    film_id: int
    title: str
    year: int | None
    score: float
    because: str
    shared: Likeness | None = None


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


@dataclass(frozen=True)
class GroupPick(Answer):
    """A film recommended to several people: the mean of their predicted stars, and each person's."""

    film_id: int
    title: str
    year: int | None
    stars: float
    members: tuple[float, ...]


@dataclass(frozen=True)
class GroupPicks(Answer, Several[GroupPick]):
    """Films recommended to several people together, best first."""

    films: tuple[GroupPick, ...]


@dataclass(frozen=True)
class FilmsToRate(Answer, Several[Film]):
    """Films whose stars would tell most about a person, the most telling first."""

    films: tuple[Film, ...]


@dataclass(frozen=True)
class MatchedRow(Answer):
    """A row of an export and the film it is taken for, if any: by what, and how sure that is (0 to 1).

    Where `how` is "suggested", the film is a guess by the rule `why`, and counts neither as rated nor as seen until the
    person confirms it. Where a row cannot be used, `why` says what is wrong with it.
    """

    file: str
    line: int
    title: str
    year: int | None
    stars: float | None
    how: str
    confidence: float
    film: Film | None
    why: str = ""


@dataclass(frozen=True)
class ExportReport(Answer, Several[MatchedRow]):
    """Every row of an export with its film, and the films of its watchlist.

    `ratings` are stars by film id: of a film rated twice the surest row stands, of equally sure ones the newest.
    `not_understood` counts, by column, the cells that hold something which could not be understood; `listed` is the
    number of films on watchlists and lists, which do not count as seen; `kinds` say what each table was taken to be.
    """

    rows: tuple[MatchedRow, ...]
    watchlist: tuple[Film, ...] = ()
    ratings: Mapping[int, float] = field(default_factory=dict)
    not_understood: Mapping[str, int] = field(default_factory=dict)
    listed: int = 0
    kinds: tuple[str, ...] = ()

    @property
    def seen(self) -> dict[int, Film]:
        """Films seen, rated or not, by id."""
        return {row.film.film_id: row.film for row in self.rows if row.film and row.how != "suggested"}

    def counts(self) -> dict[str, int]:
        """Number of rows by how they were matched."""
        return dict(Counter(row.how for row in self.rows))
