"""Routes on counts: films by genre, by decade, by month and by weekday."""

from typing import Annotated

from fastapi import APIRouter, Query

from cinefile.answers import Decades, Genres, Releases
from cinefile.api.parameters import Lib, Text, Year

router = APIRouter(prefix="/api")


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
