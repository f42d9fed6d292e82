"""Picks for the page: filters turned into wishes, one person or a group asked, answers with films and reasons."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from cinefile.answers import Film
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.catalogue.queries.films import films_by_id
from cinefile.errors import InputError, ModelError
from cinefile.library import Library

if TYPE_CHECKING:
    from cinefile.taste.recommend import Wishes

# The rating models bring SciPy along, which takes a quarter of a second: they are imported when first asked for.

_PAGE = 100
_MOST_PEOPLE = 5


class Viewer(BaseModel):
    """Somebody's ratings, as the browser sends them with each question."""

    name: str = Field(default="", max_length=60)
    ratings: dict[int, float] = Field(max_length=10_000)


class PicksQuestion(BaseModel):
    """Who watches, and what it may be."""

    people: list[Viewer] = Field(default_factory=list, max_length=_MOST_PEOPLE)
    genre: str | None = Field(default=None, max_length=60)
    language: str | None = Field(default=None, max_length=10)
    decade: int | None = Field(default=None, ge=1870, le=2100)
    dial: float = Field(default=0.0, ge=-1, le=1)
    hide: list[int] = Field(default_factory=list, max_length=20_000)
    k: int = Field(default=12, ge=1, le=50)


@dataclass(frozen=True)
class PagePick:
    """A pick as shown; `low` and `high` hold the person's rating four times in five, `members` a group's stars."""

    film: Film
    stars: float
    low: float | None
    high: float | None
    because: list[Film] = field(default_factory=list)
    members: list[tuple[str, float]] = field(default_factory=list)


def picks(library: Library, question: PicksQuestion) -> list[PagePick]:
    """Picks for one person, or for several together.

    Raises:
        InputError: nobody rated anything, or stars are out of range.
        ModelError: no taste model goes with the catalogue.
    """
    from cinefile.taste.recommend import Wishes

    people = [p for p in question.people if p.ratings]
    if not people:
        raise InputError("There are no ratings.", "Rate at least one film.")
    for person in people:
        if not all(0.5 <= stars <= 5.0 for stars in person.ratings.values()):
            raise InputError("Some stars are out of range.", "Stars go from 0.5 to 5.")
    model = library.taste_model()
    wishes = Wishes(allowed=_allowed(library, question), exclude=question.hide, rarity=question.dial)
    if len(people) > 1:
        return _for_group(library, model, people, question.k, wishes)
    found = model.recommend(people[0].ratings, k=question.k, wishes=wishes)
    films = films_by_id(library.facts, [i for p in found for i in (p.film_id, *(film for film, _ in p.because))])
    answer = []
    for pick in found:
        if pick.film_id not in films:  # the model may know films that the catalogue has lost since
            continue
        low, high = pick.interval(0.8) or (None, None)
        because = [films[film] for film, _ in pick.because if film in films]
        answer.append(PagePick(films[pick.film_id], pick.stars, low, high, because))
    return answer


def _for_group(library: Library, model: Any, people: list[Viewer], k: int, wishes: "Wishes") -> list[PagePick]:
    from cinefile.taste.group import recommend_for_group

    found = recommend_for_group(model, [p.ratings for p in people], k=k, wishes=wishes)
    films = films_by_id(library.facts, [p.film_id for p in found])
    names = [p.name or str(i) for i, p in enumerate(people, 1)]
    return [
        PagePick(
            films[p.film_id], sum(p.stars) / len(p.stars), None, None, members=list(zip(names, p.stars, strict=True))
        )
        for p in found
        if p.film_id in films
    ]


def rate_next(library: Library, ratings: dict[int, float], k: int = 8) -> list[Film]:
    """Films whose stars would tell most about a person; without such a model, the best known ones not rated yet."""
    from cinefile.taste.models.factor.model import FactorModel
    from cinefile.taste.next_film import what_to_rate_next

    try:
        model = library.taste_model()
    except ModelError:
        model = None
    if isinstance(model, FactorModel):
        asked = [question.film_id for question in what_to_rate_next(model, ratings, k)]
        return list(films_by_id(library.facts, asked).values())
    known = library.films(size=min(_PAGE, k + len(ratings)), sort="-votes").films
    return [film for film in known if film.film_id not in ratings][:k]


def _allowed(library: Library, question: PicksQuestion) -> NDArray[np.int64] | None:
    """Ids of the films that pass the filters; None where there is no filter."""
    decade = question.decade
    filters: dict[str, Any] = {"genre": question.genre or None, "language": question.language or None}
    filters |= {"year_from": decade, "year_to": decade + 9} if decade else {}
    if not any(filters.values()):
        return None
    return FilmFilters(**filters).film_ids(library.facts)
