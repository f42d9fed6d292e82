"""Films like a film."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from cinefile.api.parameters import Film, K, Lib, Text, Year
from cinefile.library.engine_answers import SimilarFilms

router = APIRouter(prefix="/api/films", tags=["similar"])


@router.get("/{film}/similar")
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
    from cinefile.similar import Filters, Options

    filters = Filters(year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes)
    return lib.similar(film, k, Options(filters=filters, franchise=franchise, fame=fame, diversity=diversity))
