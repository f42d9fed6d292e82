"""The start: search, well-known films, what cinefile does, decades and genres."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cinefile.library import Library
from cinefile.web.i18n import LANGUAGES
from cinefile.web.pages import library_of
from cinefile.web.rendering import PageCache, kept_page, render

router = APIRouter(include_in_schema=False)
_EXAMPLES = ("blade runer", "Hitchcock", "a heist in space", "Amelie")
_WALL = 24
_kept = PageCache(len(LANGUAGES))


@router.get("/")
async def home(request: Request) -> Response:
    """The page, from memory when it was asked for before."""
    library = library_of(request)
    return await kept_page(_kept, request, library, "home", lambda: _render(request, library))


def _render(request: Request, library: Library) -> bytes:
    return render(
        request,
        "home.html",
        "home",
        "/index.json",
        kept=True,
        wall=_wall(library),
        examples=_EXAMPLES,
        total=library.films(size=1).total,
        decades=decade_counts(library),
        genres=genre_counts(library),
    )


@router.get("/index.json")
def twin(request: Request) -> dict[str, Any]:
    """What the page shows."""
    library = library_of(request)
    return {
        "films": [film.document() for film in _wall(library)],
        "decades": [{"decade": decade, "films": films} for decade, films in decade_counts(library)],
        "genres": [{"genre": genre, "films": films} for genre, films in genre_counts(library)],
    }


def _wall(library: Library) -> list[Any]:
    """Well-known films of different decades: by votes alone the wall would be the last twenty years."""
    found: dict[int, list[Any]] = {}
    for decade, _ in decade_counts(library):
        found[decade] = list(library.films(size=6, sort="-votes", year_from=decade, year_to=decade + 9).films)
    rounds = (films[i] for i in range(6) for films in reversed(found.values()) if i < len(films))
    return list(rounds)[:_WALL]


def decade_counts(library: Library) -> list[tuple[int, int]]:
    """(decade, films), the earliest first."""
    return [(d.decade, d.films) for d in library.decades().decades]


def genre_counts(library: Library) -> list[tuple[str, int]]:
    """(genre, films with it, given or predicted), the largest first; as many as browsing by it lists."""
    counts = [(g.genre, g.films + g.predicted_films) for g in library.genres().genres]
    return sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1])
