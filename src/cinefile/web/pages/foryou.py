"""For you: ratings from the browser in, picks with stars, interval and reasons out. Nothing is stored or logged."""

import csv
import io
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from cinefile.answers import ExportReport, Film, MatchedRow
from cinefile.errors import InputError, ModelError, TooLargeError
from cinefile.library import Library
from cinefile.limits import LARGEST_GROUP, MOST_RATINGS, SURE
from cinefile.web.i18n import LANGUAGES, Translator
from cinefile.web.pages import library_of
from cinefile.web.pages.home import decade_counts, genre_counts
from cinefile.web.pages.search import find
from cinefile.web.rendering import PageCache, kept_page, page, render, speaker

router = APIRouter(include_in_schema=False)
UPLOAD_LIMIT = 4_000_000  # bytes as sent; the setting body_limit cuts requests before
_SHOWN_NAME = 60
_SPOKEN = 25
_NO_FILMS = ("tv", "unusable")
_kept = PageCache(len(LANGUAGES))


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


class Viewer(BaseModel):
    """Somebody's ratings, as the browser sends them with each question."""

    name: str = Field(default="", max_length=60)
    ratings: dict[int, float] = Field(max_length=MOST_RATINGS)


class PicksQuestion(BaseModel):
    """Who watches, and what it may be."""

    people: list[Viewer] = Field(default_factory=list, max_length=LARGEST_GROUP)
    genre: str | None = Field(default=None, max_length=60)
    language: str | None = Field(default=None, max_length=10)
    decade: int | None = Field(default=None, ge=1870, le=2100)
    dial: float = Field(default=0.0, ge=-1, le=1)
    hide: list[int] = Field(default_factory=list, max_length=20_000)
    k: int = Field(default=12, ge=1, le=50)


@dataclass(frozen=True)
class PagePick:
    """A pick as shown; `low` and `high` hold the person's rating four times in five, `members` a group's stars."""

    film: Film
    stars: float
    low: float | None = None
    high: float | None = None
    because: list[Film] = field(default_factory=list)
    members: list[tuple[str, float]] = field(default_factory=list)


@dataclass(frozen=True)
class ShownMatch:
    """One rating of an export; `film` is None where nothing matched, `rule` says why it was taken to be that film."""

    title: str
    year: int | None
    stars: float
    film: Film | None
    rule: str


@dataclass(frozen=True)
class ShownReport:
    """Ratings of an export by how sure their match is, and film ids: of the watchlist, and of films seen, not rated.

    What is only suggested is shown as dropped: it counts when the person takes it up again.
    """

    sure: list[ShownMatch]
    unsure: list[ShownMatch]
    suggested: list[ShownMatch]
    unmatched: list[ShownMatch]
    skipped: int
    watchlist: list[int]
    seen: list[int]
    ratings: dict[int, float]


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
        spoken=[(found.language, found.films) for found in library.languages().languages[:_SPOKEN]],
        starters=library.what_to_rate_next({}),
    )


@router.post("/for-you/picks")
def picks(request: Request, question: PicksQuestion) -> Response:
    """Picks as a piece of the page."""
    return page(request, "parts/picks.html", **_picked(request, question))


@router.post("/for-you/picks.csv")
def picks_csv(request: Request, question: PicksQuestion) -> Response:
    """Picks for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["film_id", "title", "year", "stars", "low", "high", "because"])
    for p in _picks(library_of(request), question):
        because = "; ".join(film.title for film in p.because)
        row = [p.film.film_id, p.film.title, p.film.year, round(p.stars, 2), _two(p.low), _two(p.high), because]
        # A spreadsheet would run a title that starts like a formula.
        table.writerow([f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t" and v else v for v in row])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


@router.post("/for-you/next")
def rate_next(request: Request, question: PicksQuestion) -> Response:
    """What to rate next, as a piece of the page."""
    library = library_of(request)
    ratings = _known(library, question.people[0]) if question.people else {}
    return page(request, "parts/next.html", films=library.what_to_rate_next(ratings))


@router.get("/for-you/find")
def find_to_rate(request: Request, q: str = "") -> Response:
    """Films to rate, by title."""
    found = find(library_of(request), q, 6, 1, 0)
    return page(request, "parts/next.html", films=found.films)


@router.get("/for-you/choose")
def choose(request: Request, q: str = "") -> Response:
    """Films to put in place of a wrong match."""
    found = find(library_of(request), q, 6, 1, 0)
    return page(request, "parts/choose.html", films=found.films)


@router.post("/for-you/import")
def import_export(request: Request, file: Annotated[UploadFile, File()]) -> Response:
    """The match report on an uploaded export; a whole page, with picks, for browsers without JavaScript.

    Nothing of an upload touches the disk, and no name that a client sends is used as a path.
    """
    library, whole = library_of(request), "x-fragment" not in request.headers
    template = "import.html" if whole else "parts/report.html"
    try:
        report = _matched(library, file, speaker(request))
    except InputError as error:
        status = error.http_status if whole else 200
        return page(request, template, "foryou", status=status, problem=str(error))
    shown: dict[str, Any] = {"problem": "", "report": report}
    if whole and report.ratings:
        question = PicksQuestion(people=[Viewer(ratings=report.ratings)], hide=report.seen)
        shown["picked"] = _picked(request, question)
    return page(request, template, "foryou", **shown)


@router.post("/for-you/same")
def same(request: Request, asked: RatedFilms) -> Same:
    """The ids that films have in this catalogue, for ratings that were given in another one."""
    return Same(films=library_of(request).same_films([(film.title, film.year) for film in asked.films]))


def _picked(request: Request, question: PicksQuestion) -> dict[str, Any]:
    """Picks, or why there are none; where a model should be is the server's business."""
    try:
        return {"picks": _picks(library_of(request), question), "problem": ""}
    except ModelError:
        return {"picks": [], "problem": speaker(request)("foryou.unavailable")}
    except InputError as error:
        return {"picks": [], "problem": str(error)}


def _picks(library: Library, question: PicksQuestion) -> list[PagePick]:
    """Picks for one person, or for several together, with their films.

    Raises:
        InputError: nobody rated anything, or a value is out of range.
        ModelError: no taste model goes with the catalogue.
    """
    group = [(person.name, ratings) for person in question.people if (ratings := _known(library, person))]
    wanted: dict[str, Any] = {"exclude": question.hide, "rarity": question.dial, "decade": question.decade}
    wanted |= {"genre": question.genre or None, "language": question.language or None}
    if len(group) > 1:
        together = library.recommend_for_group([ratings for _, ratings in group], question.k, **wanted)
        films = library.films_with_ids([pick.film_id for pick in together])
        names = [name or str(at) for at, (name, _) in enumerate(group, 1)]
        return [PagePick(films[p.film_id], p.stars, members=list(zip(names, p.members, strict=True))) for p in together]
    found = library.recommend(group[0][1] if group else {}, k=question.k, **wanted)
    films = library.films_with_ids([i for p in found for i in (p.film_id, *(reason.film_id for reason in p.because))])
    return [
        PagePick(films[p.film_id], p.stars, p.low, p.high, [films[reason.film_id] for reason in p.because])
        for p in found
    ]


def _known(library: Library, person: Viewer) -> dict[int, float]:
    """A person's ratings without those of films that the catalogue has lost since."""
    return {film_id: stars for film_id, stars in person.ratings.items() if library.has_film(film_id)}


def _matched(library: Library, file: UploadFile, t: Translator) -> ShownReport:
    """The report on an upload.

    Raises:
        InputError: it is no export, or over a limit.
    """
    content = file.file.read(UPLOAD_LIMIT + 1)
    if len(content) > UPLOAD_LIMIT:
        raise TooLargeError(
            f"The file is larger than {UPLOAD_LIMIT // 1_000_000} MB.", "An export has a few hundred kB."
        )
    if not content.strip():
        raise InputError("The file is empty.", "Choose a Letterboxd zip or an IMDb ratings file.")
    called = "".join(c for c in file.filename or "" if c.isprintable())[:_SHOWN_NAME] or "the file"
    return _shown(library.match_export(content, name=called), t)


def _shown(report: ExportReport, t: Translator) -> ShownReport:
    rated = [row for row in report if row.stars is not None and row.how not in _NO_FILMS]

    def shown(row: MatchedRow) -> ShownMatch:
        return ShownMatch(
            row.title, row.year, row.stars or 0.0, row.film, t(f"rule.{row.why or row.how}") if row.film else ""
        )

    return ShownReport(
        sure=[shown(row) for row in rated if row.film and row.confidence >= SURE],
        unsure=[shown(row) for row in rated if row.film and row.how != "suggested" and row.confidence < SURE],
        suggested=[shown(row) for row in rated if row.film and row.how == "suggested"],
        unmatched=[shown(row) for row in rated if row.film is None],
        skipped=sum(1 for row in report if row.how in _NO_FILMS or (row.stars is None and row.film is None)),
        watchlist=[film.film_id for film in report.watchlist],
        seen=[film_id for film_id in report.seen if film_id not in report.ratings],
        ratings=dict(report.ratings),
    )


def _two(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
