"""Films like a film."""

from fastapi import APIRouter

from cinefile.api.parameters import Film, K, Lib
from cinefile.library.engine_answers import SimilarFilms

router = APIRouter(prefix="/api/films", tags=["similar"])


@router.get("/{film}/similar")
def similar(lib: Lib, film: Film, k: K = 10) -> SimilarFilms:
    """The k films most like one, the most alike first."""
    return lib.similar(film, k)
