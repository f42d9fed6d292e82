"""One person: films as director and as actor, on a timeline and in tables, with returns and totals."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cinefile.answers import Directing, Film
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.pages import library_of
from cinefile.web.rendering import page, speaker

router = APIRouter(include_in_schema=False)
_MOST = 100


@dataclass(frozen=True)
class Role:
    """A person in one role: films by date, and figures as (key, text)."""

    key: str
    films: list[Any]
    figures: list[tuple[str, str]]


@dataclass(frozen=True)
class Dot:
    """A film on the timeline, in SVG units."""

    film: Any
    role: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Timeline:
    """Dots over an axis of years: (x, year)."""

    dots: list[Dot]
    ticks: list[tuple[float, int]]
    height: int


@router.get("/person/{person_id:id}")
def person(request: Request, person_id: int) -> Response:
    """The page."""
    library, t = library_of(request), speaker(request)
    found = library.person(person_id)
    directed = list(found.directing.films)
    own = {film.film_id for film in directed}
    acted = _acted(library, person_id, own, found.acting.films)
    roles = []
    if directed:
        roles.append(Role("director", directed, _directing_figures(found.directing, t)))
    if acted:
        shown = [
            ("films", t.number(found.acting.films)),
            ("films_with_return", t.number(found.acting.films_with_return)),
            ("mean_return", found.acting.mean_return and f"×{t.number(found.acting.mean_return, 1)}"),
            ("total_return", found.acting.total_return and f"×{t.number(found.acting.total_return, 1)}"),
        ]
        roles.append(Role("actor", acted, [(key, value) for key, value in shown if value]))
    return page(
        request, "person.html", "", f"/person/{person_id}.json", person=found, roles=roles, timeline=_timeline(roles)
    )


@router.get("/person/{person_id:id}.json")
async def twin(person_id: int) -> Response:
    """The API's document on the person."""
    return RedirectResponse(f"/api/people/{person_id}")


def _acted(library: Library, person_id: int, directed: set[int], acting: int) -> list[Film]:
    """Films as actor by date; those directed too are told apart by the number of roles only, so they stay once."""
    if not acting:
        return []
    films = list(library.films(size=_MOST, sort="release", person=person_id).films)
    return films if acting >= len(films) else [f for f in films if f.film_id not in directed]


def _directing_figures(d: Directing, t: Translator) -> list[tuple[str, str]]:
    shown = [
        ("films", t.number(len(d.films))),
        ("total_budget", d.total_budget and t.money(d.total_budget)),
        ("total_revenue", d.total_revenue and t.money(d.total_revenue)),
        ("total_profit", d.total_profit and t.money(d.total_profit)),
        ("mean_return", d.mean_return and f"×{t.number(d.mean_return, 1)}"),
    ]
    return [(key, value) for key, value in shown if value]


def _timeline(roles: list[Role]) -> Timeline | None:
    """Films by year; the area of a dot follows revenue, and dots that would overlap stand on each other."""
    seen: dict[int, tuple[str, Any]] = {}
    for role in roles:
        for film in role.films:
            if film.year:
                seen.setdefault(film.film_id, (role.key, film))
    if len(seen) < 2:
        return None
    years = sorted({film.year for _, film in seen.values()})
    first, last = years[0], years[-1]
    span = max(1, last - first)
    most = max((film.revenue or 0) for _, film in seen.values()) or 1
    dots: list[Dot] = []
    for key, film in sorted(seen.values(), key=lambda item: (item[1].year, item[1].film_id)):
        radius = 7 + 17 * sqrt((film.revenue or 0) / most)
        x = 40 + 920 * (film.year - first) / span
        dots.append(Dot(film, key, x, _lowest(dots, x, radius), radius))
    height = int(max(d.y + d.radius for d in dots)) + 6
    dots = [Dot(d.film, d.role, d.x, height - d.y, d.radius) for d in dots]
    step = next(s for s in (1, 2, 5, 10, 20, 50) if span / s <= 9)
    ticks = [(40 + 920 * (year - first) / span, year) for year in range(-(-first // step) * step, last + 1, step)]
    return Timeline(dots, ticks, height)


def _lowest(dots: list[Dot], x: float, radius: float) -> float:
    """The lowest place above the axis where a dot touches none of the others."""
    y, near = radius, [(d.x - x, d.y, d.radius + radius + 3) for d in dots if abs(d.x - x) < d.radius + radius + 3]
    for across, other, apart in sorted(near, key=lambda n: n[1]):
        if across**2 + (y - other) ** 2 < apart**2:
            y = other + sqrt(apart**2 - across**2)
    return y
