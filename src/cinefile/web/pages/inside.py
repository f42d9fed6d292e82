"""Inside: what the data holds and lacks, the models' cards, figures with their commands, and every call to try."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cinefile.catalogue.questions.overview import coverage, totals
from cinefile.library import Library
from cinefile.web import cards
from cinefile.web.pages import library_of
from cinefile.web.playground import calls
from cinefile.web.rendering import page

# Reports take a while to import, and few come here.
if TYPE_CHECKING:
    from cinefile.reports.report import Part

router = APIRouter(include_in_schema=False)
_SHOWN = ("checks", "doubts", "rejects", "merges", "same_title_and_year")


@router.get("/inside")
def inside(request: Request) -> Response:
    """The page."""
    from cinefile.reports.models.results import shipped_results

    library = library_of(request)
    return page(
        request, "inside.html", "inside", "/inside.json", counts=list(totals(library.facts).items()),
        coverage=coverage(library.facts), cards=library.facts.kept("cards", lambda: cards.cards(library)),
        figures=library.facts.kept("figures", lambda: cards.figures(shipped_results())),
        calls=calls(request.app),
    )  # fmt: skip


@router.get("/inside/quality")
def quality(request: Request) -> Response:
    """What was checked, doubted, rejected and merged, as a piece of the page: a large catalogue takes two seconds."""
    return page(request, "parts/quality.html", quality=_quality(library_of(request)))


def _quality(library: Library) -> "list[Part]":
    from cinefile.reports.data.quality import section

    def made() -> "list[Part]":
        with library.catalogue.cursor() as cursor:
            return [part for part in section(cursor).parts if part.name in _SHOWN]

    return library.facts.kept("quality", made)


@router.get("/inside.json")
def twin(request: Request) -> dict[str, Any]:
    """The data part as JSON; the interface describes itself at /openapi.json."""
    facts = library_of(request).facts
    return {"counts": dict(totals(facts)), "known": dict(coverage(facts))}
