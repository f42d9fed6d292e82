"""For you: ratings from the browser in, picks with stars, interval and reasons out. Nothing is stored or logged."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from cinefile.catalogue.queries.films import languages
from cinefile.errors import InputError, ModelError
from cinefile.library import Library
from cinefile.web import exports, taste
from cinefile.web.i18n import LANGUAGES
from cinefile.web.pages import library_of
from cinefile.web.pages.home import decade_counts, genre_counts
from cinefile.web.pages.search import find
from cinefile.web.rendering import PageCache, kept_page, page, render, speaker

router = APIRouter(include_in_schema=False)


class Named(BaseModel):
    """A film by what people call it."""

    title: str = Field(max_length=500)
    year: int | None = Field(default=None, ge=0, le=9999)


class RatedFilms(BaseModel):
    """Films rated in another catalogue."""

    films: list[Named] = Field(max_length=50_000)


class Same(BaseModel):
    """Their ids here, in the same order; null where this catalogue has no such film."""

    films: list[int | None]


_SPOKEN = 25
_kept = PageCache(len(LANGUAGES))


@router.get("/for-you")
async def for_you(request: Request) -> Response:
    """The page, the same for everybody: the ratings are added to it in the browser."""
    library = library_of(request)
    return await kept_page(_kept, request, library, "for you", lambda: _render(request, library))


def _render(request: Request, library: Library) -> bytes:
    try:
        library.taste_model()
        unavailable = ""
    except ModelError:
        unavailable = speaker(request)("foryou.unavailable")
    return render(
        request,
        "foryou.html",
        "foryou",
        kept=True,
        unavailable=unavailable,
        genres=genre_counts(library),
        decades=decade_counts(library),
        spoken=languages(library.facts)[:_SPOKEN],
        starters=taste.rate_next(library, {}),
    )


@router.post("/for-you/picks")
def picks(request: Request, question: taste.PicksQuestion) -> Response:
    """Picks as a piece of the page."""
    return page(request, "parts/picks.html", **_picked(request, question))


@router.post("/for-you/picks.csv")
def picks_csv(request: Request, question: taste.PicksQuestion) -> Response:
    """Picks for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["film_id", "title", "year", "stars", "low", "high", "because"])
    for p in taste.picks(library_of(request), question):
        because = "; ".join(film.title for film in p.because)
        row = [p.film.film_id, p.film.title, p.film.year, round(p.stars, 2), _two(p.low), _two(p.high), because]
        # A spreadsheet would run a title that starts like a formula.
        table.writerow([f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t" and v else v for v in row])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


@router.post("/for-you/next")
def rate_next(request: Request, question: taste.PicksQuestion) -> Response:
    """What to rate next, as a piece of the page."""
    ratings = question.people[0].ratings if question.people else {}
    return page(request, "parts/next.html", films=taste.rate_next(library_of(request), ratings))


@router.get("/for-you/find")
def find_to_rate(request: Request, q: str = "") -> Response:
    """Films to rate, by title."""
    found = find(library_of(request), q, 6, 1, 0, speaker(request))
    return page(request, "parts/next.html", films=found.films)


@router.get("/for-you/choose")
def choose(request: Request, q: str = "") -> Response:
    """Films to put in place of a wrong match."""
    found = find(library_of(request), q, 6, 1, 0, speaker(request))
    return page(request, "parts/choose.html", films=found.films)


@router.post("/for-you/import")
def import_export(request: Request, file: Annotated[UploadFile, File()]) -> Response:
    """The match report on an uploaded export; a whole page, with picks, for browsers without JavaScript."""
    library, whole = library_of(request), "x-fragment" not in request.headers
    template = "import.html" if whole else "parts/report.html"
    try:
        content = file.file.read(exports.UPLOAD_LIMIT + 1)
        report = exports.read(library, file.filename or "", content, speaker(request))
    except InputError as error:
        status = error.http_status if whole else 200
        return page(request, template, "foryou", status=status, problem=str(error))
    shown: dict[str, Any] = {"problem": "", "report": report}
    if whole and report.ratings:
        question = taste.PicksQuestion(people=[taste.Viewer(ratings=report.ratings)], hide=report.seen)
        shown["picked"] = _picked(request, question)
    return page(request, template, "foryou", **shown)


@router.post("/for-you/same")
def same(request: Request, asked: RatedFilms) -> Same:
    """The ids that films have in this catalogue, for ratings that were given in another one."""
    return Same(films=exports.same_films(library_of(request), [(film.title, film.year) for film in asked.films]))


def _picked(request: Request, question: taste.PicksQuestion) -> dict[str, Any]:
    """Picks, or why there are none; where a model should be is the server's business."""
    try:
        return {"picks": taste.picks(library_of(request), question), "problem": ""}
    except ModelError:
        return {"picks": [], "problem": speaker(request)("foryou.unavailable")}
    except InputError as error:
        return {"picks": [], "problem": str(error)}


def _two(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
