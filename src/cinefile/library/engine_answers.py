"""Answers that need a model beside the catalogue."""

from dataclasses import dataclass

from cinefile.catalogue.questions.answers import Answer
from cinefile.catalogue.questions.several import Several


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
