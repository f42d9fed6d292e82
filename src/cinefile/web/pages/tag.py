"""Tag a plot: genres with probabilities, thresholds and the words that carried them; works as a plain form too."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from cinefile.answers import Tag, Word
from cinefile.errors import InputError, ModelError
from cinefile.limits import LONGEST_PLOT
from cinefile.web.pages import library_of
from cinefile.web.rendering import address, page, speaker

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Pieces = list[tuple[str, int]]
_BARS = 8
_EXPLAINED = 4  # genres whose words are shown
_WEAKEST = 0.15  # of the strongest word's weight; fainter ones are noise to a reader
# Written for this page: no source's text.
_EXAMPLES = (
    "A retired safecracker is talked into one last job by his estranged daughter. As the crew of old hands plans "
    "to empty a bank on the eve of its closing, a patient detective follows the money, and someone inside is "
    "selling them out.",
    "After her grandmother's death, a young woman moves into the house on the moor. At night something walks "
    "behind the walls, the mirrors show rooms that burned down long ago, and the villagers will not say what was "
    "buried in the cellar.",
    "Two wedding planners who cannot stand each other must share one venue for a weekend. Between mixed-up "
    "brides, a cake that will not stand and a best man who has lost the rings, they begin to wonder why they ever"
    " quarrelled.",
    "The crew of a survey ship wakes from years of sleep to find their planet gone and a signal where it should "
    "be. With oxygen running out, the youngest engineer must trust the ship's failing computer and follow it into"
    " the dark.",
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
        request, "tag.html", "tag", address("/tag.json", plot=plot[:LONGEST_PLOT], title=title, year=year),
        examples=examples, plot=plot[:LONGEST_PLOT], title=title, year=year, unavailable=unavailable, lazy=False,
        **_answer(request, plot, title, year, words=True),
    )  # fmt: skip


@router.post("/tag")
def tags(request: Request, plot: Text = "", title: Text = "", year: Text = "") -> Response:
    """The answer alone, while somebody types; it asks for the words in turn."""
    return page(request, "parts/tags.html", lazy=True, **_answer(request, plot, title, year, words=False))


@router.post("/tag/words")
def words(request: Request, plot: Text = "", title: Text = "", year: Text = "") -> Response:
    """The words that carried each genre."""
    return page(request, "parts/words.html", **_answer(request, plot, title, year, words=True))


@router.get("/tag.json")
async def twin(plot: str = "", title: str = "", year: str = "") -> Response:
    """The API's answer on the plot."""
    title = title.strip()
    return RedirectResponse(address("/api/genres", plot=plot[:LONGEST_PLOT], title=title, year=_year(year)))


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _answer(request: Request, plot: str, title: str, year: str, *, words: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"problem": "", "bars": [], "chosen": [], "notes": [], "explained": []}
    if not plot.strip():
        return made
    text, name, known, t = plot[:LONGEST_PLOT], title.strip() or None, _year(year), speaker(request)
    library = library_of(request)
    try:
        # Every genre, for the bars; which of them are the plot's, each genre's own threshold says.
        found = library.tag([text], 0.0, titles=[name], years=[known])[0]
        chosen = [tag.genre for tag in found if _over(tag)]
        if words and chosen:
            told = library.tag([text], "tuned", titles=[name], years=[known], explain=True)[0]
            made["explained"] = [(tag.genre, marked(text, tag.because)) for tag in told.genres[:_EXPLAINED]]
    except ModelError:
        return made | {"problem": t("tag.unavailable")}
    except InputError as error:
        return made | {"problem": str(error)}
    made["bars"] = [tag for at, tag in enumerate(found) if at < _BARS or _over(tag)]
    made["notes"] = ([] if found.english else [t("tag.note.language")]) + ([t("tag.note.short")] if found.short else [])
    return made | {"chosen": chosen}


def _over(tag: Tag) -> bool:
    return tag.threshold is not None and tag.probability >= tag.threshold


def marked(plot: str, words: Sequence[Word]) -> Pieces:
    """A text cut at the words that speak for a genre, each piece with its strength as a reason: 0 (none) to 3.

    Args:
        plot: the text.
        words: with their weights, the strongest first.
    """
    strong = [w for w in words if w.weight >= _WEAKEST * words[0].weight]
    if not strong:
        return [(plot, 0)]
    levels = {w.text.casefold(): 1 + int(2.99 * w.weight / strong[0].weight) for w in strong}
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, levels))})(?!\w)", re.IGNORECASE)
    return [(piece, min(3, levels.get(piece.casefold(), 0))) for piece in pattern.split(plot) if piece]
