"""Tag a plot: genres with probabilities, thresholds and the words that carried them; works as a plain form too."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from cinefile.errors import InputError, ModelError
from cinefile.library.engines import LONGEST_PLOT
from cinefile.web import tagging
from cinefile.web.pages import library_of
from cinefile.web.rendering import address, page, speaker

router = APIRouter(include_in_schema=False)
# Written for this page: no source's text.
_EXAMPLES = (
    "A retired safecracker is talked into one last job by his estranged daughter. As the crew of old hands plans to "
    "empty a bank on the eve of its closing, a patient detective follows the money, and someone inside is selling them out.",
    "After her grandmother's death, a young woman moves into the house on the moor. At night something walks behind the "
    "walls, the mirrors show rooms that burned down long ago, and the villagers will not say what was buried in the cellar.",
    "Two wedding planners who cannot stand each other must share one venue for a weekend. Between mixed-up brides, a cake "
    "that will not stand and a best man who has lost the rings, they begin to wonder why they ever quarrelled.",
    "The crew of a survey ship wakes from years of sleep to find their planet gone and a signal where it should be. With "
    "oxygen running out, the youngest engineer must trust the ship's failing computer and follow it into the dark.",
)


@router.get("/tag")
def tag(request: Request, plot: str = "", title: str = "", year: str = "") -> Response:
    """The page, with an answer when a plot is in the address."""
    t = speaker(request)
    examples = [(t(f"tag.example.{i}"), text) for i, text in enumerate(_EXAMPLES, 1)]
    try:
        library_of(request).tagger()
        unavailable = ""
    except ModelError:
        unavailable = t("tag.unavailable")
    return page(
        request, "tag.html", "tag", address("/tag.json", plot=plot[:LONGEST_PLOT]), examples=examples,
        plot=plot[:LONGEST_PLOT], title=title, year=year, unavailable=unavailable, **_answer(request, plot, title, year),
    )  # fmt: skip


@router.post("/tag")
def tags(
    request: Request,
    plot: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    year: Annotated[str, Form()] = "",
) -> Response:
    """The answer alone, while somebody types."""
    return page(request, "parts/tags.html", **_answer(request, plot, title, year))


@router.get("/tag.json")
async def twin(plot: str = "") -> Response:
    """The API's answer on the plot."""
    return RedirectResponse(address("/api/genres", plot=plot[:LONGEST_PLOT]))


def _answer(request: Request, plot: str, title: str, year: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"problem": "", "bars": [], "chosen": [], "notes": [], "explained": []}
    if not plot.strip():
        return empty
    try:
        library = library_of(request)
        known = int(year) if year.isdecimal() and len(year) == 4 else None
        return empty | tagging.answer(library, plot[:LONGEST_PLOT], title.strip() or None, known, speaker(request))
    except (InputError, ModelError) as error:
        return empty | {"problem": str(error)}
