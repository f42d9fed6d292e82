"""Films: lists by title, filters and sort order; one film; its votes."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from cinefile.api.parameters import Film, Identifier, Lib, Page, Text, Year
from cinefile.catalogue.questions.answers import FilmPage, Votes
from cinefile.catalogue.questions.checks import LARGEST_ID
from cinefile.catalogue.questions.film_answers import FilmDetails
from cinefile.catalogue.questions.listing import LARGEST_PAGE, SORT_KEYS

router = APIRouter(prefix="/api/films", tags=["films"])
_ORDERS = f"One of {', '.join(SORT_KEYS)}; with - in front for descending. Default: match with a title, else -votes."
Minutes = Annotated[int, Field(ge=0, le=100_000)]


@router.get("")
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


@router.get("/{film}")
def film(lib: Lib, film: Film) -> FilmDetails:
    """All about one film: facts, genres given and predicted, people, plots, ids, and which source said what."""
    return lib.film(film)


@router.get("/{film}/votes")
async def votes(
    lib: Lib,
    film: Film,
    minimum: Annotated[int, Query(ge=0, le=LARGEST_ID, description="Number of votes to require, say 2000.")] = 0,
) -> Votes:
    """Number of votes and average of one film; where it has too few, an answer that says so, without average."""
    return lib.votes(film, minimum)
