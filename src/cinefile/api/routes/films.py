"""Routes on films: lists, one film, its votes, films like it, and search by words."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from cinefile.answers import FilmDetails, FilmPage, FoundFilms, SimilarFilms, Votes
from cinefile.api.parameters import Film, Identifier, K, Lib, Page, Text, Year
from cinefile.catalogue.queries.film_lists import LARGEST_PAGE, SORT_KEYS
from cinefile.limits import LARGEST_ID

router = APIRouter(prefix="/api")
_ORDERS = f"One of {', '.join(SORT_KEYS)}; with - in front for descending. Default: match with a title, else -votes."
Minutes = Annotated[int, Field(ge=0, le=100_000)]


@router.get("/films", tags=["films"])
async def films(
    lib: Lib,
    title: Annotated[Text | None, Query(description="Words of the title; typos and missing accents allowed.")] = None,
    year: Annotated[Year | None, Query(description="Year of release.")] = None,
    year_from: Annotated[Year | None, Query(description="First year.")] = None,
    year_to: Annotated[Year | None, Query(description="Last year.")] = None,
    genre: Annotated[Text | None, Query(description="In any usual spelling: Sci-Fi, science fiction.")] = None,
    language: Annotated[Text | None, Query(description="ISO 639-1: es.")] = None,
    country: Annotated[Text | None, Query(description="ISO 3166-1 alpha-2: ES.")] = None,
    runtime_from: Annotated[Minutes | None, Query(description="Least running time in minutes.")] = None,
    runtime_to: Annotated[Minutes | None, Query(description="Longest running time in minutes.")] = None,
    min_votes: Annotated[Identifier | None, Query(description="Least number of votes.")] = None,
    person: Annotated[Identifier | None, Query(description="Id of an actor or director.")] = None,
    sort: Annotated[Text | None, Query(description=_ORDERS)] = None,
    page: Page = 1,
    size: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Films per page.")] = 20,
) -> FilmPage:
    """Films that pass all filters, page by page in a stable order."""
    return lib.films(
        page,
        size,
        title=title,
        year=year,
        year_from=year_from,
        year_to=year_to,
        genre=genre,
        language=language,
        country=country,
        runtime_from=runtime_from,
        runtime_to=runtime_to,
        min_votes=min_votes,
        person=person,
        sort=sort,
    )


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
    k: K = 10,
    franchise: Annotated[
        Literal["any", "out", "only"], Query(description="Films of the same series: let in, left out, or no others.")
    ] = "any",
    fame: Annotated[
        float, Query(ge=-1, le=1, allow_inf_nan=False, description="From -1, more obscure, to 1, more famous.")
    ] = 0.0,
    diversity: Annotated[
        float, Query(ge=0, le=1, allow_inf_nan=False, description="More makes the answers less like each other.")
    ] = 0.0,
    year_from: Annotated[Year | None, Query(description="First year.")] = None,
    year_to: Annotated[Year | None, Query(description="Last year.")] = None,
    genre: Annotated[Text | None, Query(description="Only films of this genre.")] = None,
    language: Annotated[Text | None, Query(description="ISO 639-1 code of the original language.")] = None,
    min_votes: Annotated[int | None, Query(ge=0, le=1_000_000_000, description="Least number of votes.")] = None,
) -> SimilarFilms:
    """The k films most like one, the most alike first, each with what they have in common."""
    from cinefile.catalogue.film_filters import FilmFilters
    from cinefile.similar import SimilarOptions

    filters = FilmFilters(year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes)
    return lib.similar(film, k, SimilarOptions(filters=filters, franchise=franchise, fame=fame, diversity=diversity))


@router.get("/search", tags=["search"])
def search(
    lib: Lib,
    q: Annotated[Text, Query(min_length=1, description='Words: "blade runer", "a heist in space with a robot".')],
    k: K = 10,
    year_from: Annotated[Year | None, Query(description="First year.")] = None,
    year_to: Annotated[Year | None, Query(description="Last year.")] = None,
    genre: Annotated[Text | None, Query(description="Only films of this genre.")] = None,
    language: Annotated[Text | None, Query(description="ISO 639-1 code of the original language.")] = None,
    min_votes: Annotated[int | None, Query(ge=0, le=1_000_000_000, description="Least number of votes.")] = None,
) -> FoundFilms:
    """Films by words, best first; `by` says what found each: its title, its people, its words or its meaning."""
    return lib.search(q, k, year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes)
