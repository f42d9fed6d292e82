"""Films by words: by name, by person, or by what they are about."""

from typing import Annotated

from fastapi import APIRouter, Query

from cinefile.api.parameters import K, Lib, Text, Year
from cinefile.library.engine_answers import FoundFilms

router = APIRouter(prefix="/api/search", tags=["search"])


@router.get("")
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
