"""Routes on the catalogue: films, films like one, search by words, people, and counts by genre, decade and date."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from cinefile.answers import (
    Decades,
    FilmDetails,
    FilmPage,
    FoundFilms,
    Genres,
    People,
    Person,
    Releases,
    SimilarFilms,
    Votes,
)
from cinefile.api.parameters import Chosen, Dial, Film, Identifier, K, Lib, Page, Share, Text, Year
from cinefile.limits import LARGEST_ID, LARGEST_PAGE, MOST_PEOPLE_LISTED, SORT_KEYS

router = APIRouter(prefix="/api")
_ORDERS = f"One of {', '.join(SORT_KEYS)}; with - in front for descending. Default: match with a title, else -votes."


@router.get("/films", tags=["films"])
async def films(
    lib: Lib,
    chosen: Chosen,
    title: Annotated[Text | None, Query(description="Words of the title; typos and missing accents allowed.")] = None,
    sort: Annotated[Text | None, Query(description=_ORDERS)] = None,
    page: Page = 1,
    size: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Films per page.")] = 20,
) -> FilmPage:
    """Films that pass all filters, page by page in a stable order."""
    return lib.films(page, size, title, sort, **chosen)


@router.get("/films/{film}", tags=["films"])
def film(lib: Lib, film: Film) -> FilmDetails:
    """All about one film: facts, genres given and predicted, people, plots, ids, and which source said what."""
    return lib.film(film)


@router.get("/films/{film}/votes", tags=["films"])
async def votes(
    lib: Lib,
    film: Film,
    minimum: Annotated[int, Query(ge=0, le=LARGEST_ID, description="Number of votes to require, say 2000.")] = 0,
) -> Votes:
    """Number of votes and average of one film; where it has too few, an answer that says so, without average."""
    return lib.votes(film, minimum)


@router.get("/films/{film}/similar", tags=["similar"])
def similar(
    lib: Lib,
    film: Film,
    chosen: Chosen,
    k: K = 10,
    franchise: Annotated[
        Literal["any", "out", "only"], Query(description="Films of the same series: let in, left out, or no others.")
    ] = "any",
    fame: Annotated[Dial, Query(description="From -1, more obscure, to 1, more famous.")] = 0.0,
    diversity: Annotated[Share, Query(description="More makes the answers less like each other.")] = 0.0,
) -> SimilarFilms:
    """The k films most like one, the most alike first, each with what they have in common."""
    return lib.similar(film, k, franchise=franchise, fame=fame, diversity=diversity, **chosen)


@router.get("/search", tags=["search"])
def search(
    lib: Lib,
    q: Annotated[Text, Query(min_length=1, description='Words: "blade runer", "a heist in space with a robot".')],
    chosen: Chosen,
    k: K = 10,
) -> FoundFilms:
    """Films by words, best first; `by` says what found each: its title, its people, its words or its meaning."""
    return lib.search(q, k, **chosen)


@router.get("/people", tags=["people"])
async def people(
    lib: Lib,
    name: Annotated[Text, Query(description="Name; typos and missing accents allowed.")],
    limit: Annotated[int, Query(ge=1, le=MOST_PEOPLE_LISTED, description="At most this many.")] = 20,
) -> People:
    """People by name: those called so, then those with all the words, else similar names. Several are all listed."""
    return lib.people(name, limit)


@router.get("/people/{person_id}", tags=["people"])
async def person(
    lib: Lib, person_id: Annotated[Identifier, Path(description="Id of a person, as `/api/people` gives it.")]
) -> Person:
    """One person: as actor, number of films, total and mean return; as director, every film with its figures."""
    return lib.person(person_id)


@router.get("/releases", tags=["releases"])
async def releases(
    lib: Lib,
    month: Annotated[Text | None, Query(description="1 to 12, or a name in English or Spanish: enero.")] = None,
    weekday: Annotated[Text | None, Query(description="1 (Monday) to 7, or a name: lunes.")] = None,
    year: Annotated[Year | None, Query(description="Only releases of this year.")] = None,
) -> Releases:
    """Number of films released in a month, on a weekday, or both; at least one of the two is required."""
    return lib.releases(month, weekday, year)


@router.get("/genres/summary", tags=["summaries"])
def genres(lib: Lib) -> Genres:
    """All genres with number of films, mean score, revenue, median return and years."""
    return lib.genres()


@router.get("/decades", tags=["summaries"])
def decades(lib: Lib) -> Decades:
    """All decades with number of films, means, totals and most frequent genres."""
    return lib.decades()
