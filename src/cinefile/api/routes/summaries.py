"""What the catalogue holds by genre and by decade."""

from fastapi import APIRouter

from cinefile.api.parameters import Lib
from cinefile.catalogue.questions.answers import Decades, Genres

router = APIRouter(prefix="/api", tags=["summaries"])


@router.get("/genres/summary")
def genres(lib: Lib) -> Genres:
    """All genres with number of films, mean score, revenue, median return and years."""
    return lib.genres()


@router.get("/decades")
def decades(lib: Lib) -> Decades:
    """All decades with number of films, means, totals and most frequent genres."""
    return lib.decades()
