"""How many films came out in a month or on a weekday."""

from typing import Annotated

from fastapi import APIRouter, Query

from cinefile.api.parameters import Lib, Text, Year
from cinefile.catalogue.questions.answers import Releases

router = APIRouter(prefix="/api/releases", tags=["releases"])


@router.get("")
async def releases(
    lib: Lib,
    month: Annotated[Text | None, Query(description="1 to 12, or a name in English or Spanish: enero.")] = None,
    weekday: Annotated[Text | None, Query(description="1 (Monday) to 7, or a name: lunes.")] = None,
    year: Annotated[Year | None, Query(description="Only releases of this year.")] = None,
) -> Releases:
    """Number of films released in a month, on a weekday, or both; at least one of the two is required."""
    return lib.releases(month, weekday, year)
