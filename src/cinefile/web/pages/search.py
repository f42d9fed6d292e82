"""Search over titles, people and, where an index is installed, meaning; suggestions while typing."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cinefile.errors import InputError, ModelError
from cinefile.library import Library
from cinefile.web.pages import library_of
from cinefile.web.rendering import Shown, address, page, shown

router = APIRouter(include_in_schema=False)
_LONGEST = 200
_STORY = frozenset({"words", "meaning"})  # rankings of the search that look at what a film is about
_NAMES = frozenset({"title", "people"})


@dataclass(frozen=True)
class SearchResults:
    """What a query found; `meaning` leaves out what titles found, and leads where titles are merely like the query."""

    films: list[Any]
    people: list[dict[str, Any]]
    meaning: list[Any]
    story: bool = False


def find(library: Library, query: str, titles: int, people: int, meaning: int) -> SearchResults:
    """Titles, people and films by meaning for a query, each at most so many."""
    text = " ".join(query[:_LONGEST].split())
    if not text:
        return SearchResults([], [], [])
    try:
        titled = library.films(title=text, size=titles)
        persons = library.people(text, limit=people).people
    except InputError:  # nothing but control characters: nothing is called so
        return SearchResults([], [], [])
    # A name that is merely like the query is only worth showing when no title has its words, and the other way round.
    if titled.match != "similar":
        persons = tuple(p for p in persons if p.match != "similar")
    films = list(titled.films)
    if titled.match == "similar" and any(p.match == "exact" for p in persons):
        films = []
    named = [
        {"person_id": p.person_id, "name": p.name, "films": max(p.films_as_actor, p.films_as_director)} for p in persons
    ]
    known = {film.film_id for film in films}
    near = [film for film in _by_story(library, text, meaning + titles) if film.film_id not in known]
    story = bool(near) and titled.match in (None, "similar")
    return SearchResults(
        films[: titles // 3] if story else films, [] if story and films else named, near[:meaning], story
    )


def _by_story(library: Library, query: str, k: int) -> list[Shown]:
    """Films whose story is close to some words; none where no index is installed or ready."""
    if not library.prepared():
        return []
    try:
        found = library.search(query, 2 * k)
    except (InputError, ModelError):
        return []
    near = [f.film_id for f in found if _STORY & set(f.by) and not _NAMES & set(f.by)][:k]
    films = library.films_with_ids(near)
    return [shown(films[i]) for i in near]


@router.get("/search")
def search(request: Request, q: str = "") -> Response:
    """The page; works as a plain form."""
    found = find(library_of(request), q, 18, 12, 12)
    twin = address("/search.json", q=q)
    return page(
        request,
        "search.html",
        "home",
        twin,
        query=q[:_LONGEST],
        films=found.films,
        people=found.people,
        meaning=found.meaning,
        story=found.story,
    )


@router.get("/search.json")
def twin(request: Request, q: str = "") -> dict[str, Any]:
    """What the page shows."""
    found = find(library_of(request), q, 18, 12, 12)
    return {
        "query": q[:_LONGEST],
        "films": [f.document() for f in found.films],
        "people": found.people,
        "meaning": [f.document() for f in found.meaning],
    }


@router.get("/search/suggest")
def suggest(request: Request, q: str = "") -> Response:
    """A short list under the search field."""
    found = find(library_of(request), q, 5, 3, 3)
    return page(request, "parts/suggest.html", query=q, films=found.films, people=found.people, meaning=found.meaning)
