"""Browse by genre, decade and language, sorted and paged; every state is an address."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cinefile.answers import Film
from cinefile.errors import InputError
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.pages import library_of
from cinefile.web.pages.home import decade_counts, genre_counts
from cinefile.web.rendering import Shown, address, page, shown, speaker

router = APIRouter(include_in_schema=False)
SORTS = ("-votes", "-score", "-popularity", "-revenue", "-year", "year", "title")
_SIZE = 24


def wanted(request: Request) -> dict[str, Any]:
    """Filters as `Library.films` takes them; empty form fields mean any.

    Raises:
        InputError: a number is none.
    """
    q = request.query_params
    return {
        "genre": q.get("genre") or None,
        "language": q.get("language") or None,
        "decade": _whole(q.get("decade"), "decade"),
        "min_votes": _whole(q.get("min_votes"), "min_votes"),
        "sort": q.get("sort") or "-votes",
    }


def _whole(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise InputError(f"{name} is {text[:20]!r}; a whole number is expected.")
    return int(text)


@router.get("/browse")
def browse(request: Request) -> Response:
    """The page."""
    library, t = library_of(request), speaker(request)
    filters, number = wanted(request), _whole(request.query_params.get("page"), "page") or 1
    found = library.films(page=number, size=_SIZE, **filters)
    chosen = {
        "genre": filters["genre"] or "",
        "decade": str(filters["decade"] or ""),
        "language": filters["language"] or "",
        "sort": filters["sort"],
        "min_votes": filters["min_votes"],
    }
    genre = library.genre_name(chosen["genre"]) if chosen["genre"] else None
    shared = {key: value for key, value in request.query_params.items() if key != "lang"}
    return page(
        request,
        "browse.html",
        "browse",
        address("/browse.json", **shared),
        heading=_heading(chosen, t),
        films=[_noted(f, chosen["sort"], genre, t) for f in found.films],
        guessed=any(_guessed(f, genre) for f in found.films),
        total=found.total,
        page=number,
        pages=found.pages,
        chosen=chosen,
        selects=_selects(library, t),
        filtered=any(v for k, v in chosen.items() if k != "sort"),
    )


@router.get("/browse.json")
def twin(request: Request) -> Response:
    """The API's list with the same filters."""
    number = _whole(request.query_params.get("page"), "page") or 1
    return RedirectResponse(address("/api/films", **wanted(request), page=number, size=_SIZE))


def _heading(chosen: dict[str, Any], t: Translator) -> str:
    parts = [t.name_of("genre", chosen["genre"])] if chosen["genre"] else []
    parts += [t("decade", decade=chosen["decade"])] if chosen["decade"] else []
    parts += [t.name_of("language", chosen["language"]).capitalize()] if chosen["language"] else []
    return " · ".join(parts) or t("browse.all")


def _guessed(film: Film, genre: str | None) -> bool:
    """Whether the genre looked for is only predicted for a film."""
    return genre in film.predicted_genres and genre not in film.genres


def _noted(film: Film, sort: str, genre: str | None, t: Translator) -> Shown:
    """A film with the figure that the list is sorted by, so that the order explains itself."""
    note = ""
    if sort == "-score" and film.score:
        note = f"{t.number(film.score, 1)} / 10"
    elif sort == "-revenue" and film.revenue:
        note = t.money(film.revenue)
    elif sort in ("-votes", "-popularity") and film.vote_average:
        note = f"{t.number(film.vote_average, 1)} / 10"
    if _guessed(film, genre):
        note = " · ".join(filter(None, (note, t("browse.predicted"))))
    return shown(film, note)


def _selects(library: Library, t: Translator) -> list[tuple[str, list[tuple[str, str, int]]]]:
    spoken = [(found.language, t.name_of("language", found.language), found.films) for found in library.languages()]
    return [
        ("genre", [(g, t.name_of("genre", g), n) for g, n in genre_counts(library)]),
        ("decade", [(str(d), t("decade", decade=str(d)), n) for d, n in reversed(decade_counts(library))]),
        ("language", spoken),
        ("sort", [(key, t(f"sort.{key}"), 0) for key in SORTS]),
    ]
