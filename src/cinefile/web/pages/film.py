"""One film: facts, people, genres given and predicted, ratings, similar films with reasons."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from cinefile.answers import FilmDetails, Likeness
from cinefile.errors import ModelError
from cinefile.library import Library
from cinefile.web.i18n import Translator
from cinefile.web.pages import library_of
from cinefile.web.rendering import PageCache, Shown, kept_page, page, render, respond, shown, speaker

router = APIRouter(include_in_schema=False)
_kept = PageCache()
_CAST, _CREW, _SIMILAR = 12, 6, 14
_LONGEST_REASON = 40
_JOBS = ("Director", "Screenplay", "Writer", "Original Music Composer", "Director of Photography", "Editor", "Producer")


@router.get("/film/{film_id:id}")
async def film(request: Request, film_id: int) -> Response:
    """The page, from memory when it was asked for before."""
    library = library_of(request)
    if not library.prepared():
        return respond(request, await run_in_threadpool(_render, request, library, film_id, waiting=True))
    return await kept_page(_kept, request, library, film_id, lambda: _render(request, library, film_id))


@router.get("/film/{film_id:id}.json")
async def twin(film_id: int) -> Response:
    """The API's document on the film."""
    return RedirectResponse(f"/api/films/{film_id}")


@router.get("/film/{film_id:id}/similar")
def similar(request: Request, film_id: int) -> Response:
    """Similar films alone, for a page that was shown before they were ready."""
    library = library_of(request)
    found, note = _similar_films(library, film_id, speaker(request))
    return page(request, "parts/similar.html", similar=found, similar_note=note)


def _render(request: Request, library: Library, film_id: int, waiting: bool = False) -> bytes:
    t = speaker(request)
    found = library.film(film_id)
    counts = [(count.stars, count.ratings) for count in library.star_counts(film_id)]
    n = sum(count for _, count in counts)
    found_similar, note = ([], "") if waiting else _similar_films(library, film_id, t)
    crew = sorted((c for c in (*found.directors, *found.crew) if c.job in _JOBS), key=lambda c: _JOBS.index(c.job))
    return render(
        request,
        "film.html",
        "",
        f"/film/{film_id}.json",
        kept=True,
        film=found,
        directors=found.directors[:3],
        given=[g.genre for g in found.genres if not g.predicted],
        predicted=_predicted(found),
        figures=_figures(found, t),
        facts=_facts(found, t),
        crew=crew[:_CREW],
        cast=found.cast[:_CAST],
        distribution=counts,
        mean_stars=t.number(sum(s * c for s, c in counts) / n, 2) if n else "",
        similar=found_similar,
        waiting=waiting,
        similar_note=note,
    )


def _similar_films(library: Library, film_id: int, t: Translator) -> tuple[list[Shown], str]:
    """Films like one, each with its reasons; and what to say when there are none."""
    try:
        found = library.similar(film_id, _SIMILAR)
    except ModelError:
        return [], t("film.similar.none")
    films = library.films_with_ids([f.film_id for f in found])
    return [shown(films[f.film_id], reasons=_said(f.shared, t)) for f in found], t("film.similar.few")


def _said(shared: Likeness | None, t: Translator) -> list[str]:
    """What two films have in common, in a few words of the reader's language, the most telling first."""
    if shared is None:
        return []
    said = [t("reason.series", name=shared.collection)] if shared.collection else []
    said += [*shared.people[:2], *shared.keywords[:2]]
    said += [t("reason.liked")] if shared.liked_by_same else []
    said += [t("reason.story")] if shared.same_story else []
    if len(said) < 3:
        said += [t.name_of("genre", genre) for genre in shared.genres[:2]]
    return [text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…" for text in said[:4]]


def _predicted(film: FilmDetails) -> list[tuple[str, float | None]]:
    given = {g.genre for g in film.genres if not g.predicted}
    return [(g.genre, g.probability) for g in film.genres if g.predicted and g.genre not in given]


def _figures(film: FilmDetails, t: Translator) -> list[tuple[str, str]]:
    shown = [
        ("score", film.score and t.number(film.score, 1)),
        ("votes", film.vote_count and t.number(film.vote_count)),
        ("average", film.vote_average and t.number(film.vote_average, 1)),
        ("budget", film.budget and t.money(film.budget)),
        ("revenue", film.revenue and t.money(film.revenue)),
        ("return", film.return_ and f"×{t.number(film.return_, 1)}"),
    ]
    return [(key, value) for key, value in shown if value]


def _facts(film: FilmDetails, t: Translator) -> list[tuple[str, str]]:
    names: dict[str, Any] = {
        "release_date": film.release_date and t.day(film.release_date),
        "runtime": film.runtime and t.runtime(film.runtime),
        "countries": ", ".join(c.country or c.code for c in film.countries[:5]),
        "companies": ", ".join(film.companies[:4]),
        "collection": film.collection,
        "other_titles": " · ".join(name for name in film.other_titles[:5] if name != film.title),
        "keywords": ", ".join(film.keywords[:12]),
        "ids": ", ".join(f"{e.kind} {e.value}" for e in film.external_ids if e.kind in ("imdb", "tmdb", "movielens")),
        "sources": ", ".join(sorted({m.source for m in film.merges})),
    }
    return [(key, value) for key, value in names.items() if value]
