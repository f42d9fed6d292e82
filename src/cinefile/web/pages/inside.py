"""Inside: what the data holds and lacks, the models' cards, figures with their commands, and every call to try."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cinefile.catalogue.questions.overview import coverage, totals
from cinefile.web import cards
from cinefile.web.pages import library_of
from cinefile.web.playground import calls
from cinefile.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/inside")
def inside(request: Request) -> Response:
    """The page."""
    from cinefile.reports.models.results import shipped_results

    library = library_of(request)
    return page(
        request, "inside.html", "inside", "/inside.json", counts=list(totals(library.facts).items()),
        coverage=coverage(library.facts), cards=cards.cards(library), figures=cards.figures(shipped_results()),
        calls=calls(request.app),
    )  # fmt: skip


@router.get("/inside.json")
def twin(request: Request) -> dict[str, Any]:
    """The data part as JSON; the interface describes itself at /openapi.json."""
    facts = library_of(request).facts
    return {"counts": dict(totals(facts)), "known": dict(coverage(facts))}
