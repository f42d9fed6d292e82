"""A tagger's answer as the page shows it: bars with thresholds, notes, and the words that carried each genre."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cinefile.genres.explain import Contribution
from cinefile.library import Library
from cinefile.text.language import SHORT_WORDS, notes
from cinefile.web.i18n import Translator

_BARS = 8
_EXPLAINED = 4  # genres whose words are shown
_WORDS = 10  # words marked per genre
_WEAKEST = 0.15  # of the strongest word's weight; fainter ones are noise to a reader
Pieces = list[tuple[str, int]]


@dataclass(frozen=True)
class Bar:
    """A genre's probability beside its own threshold."""

    genre: str
    probability: float
    threshold: float
    over: bool


def bars(library: Library, plot: str, title: str | None, year: int | None) -> list[Bar]:
    """The most probable genres of a plot, and all that pass their threshold, best first.

    Raises:
        ModelError: no tagger is installed.
    """
    tagger = library.tagger()
    probabilities = tagger.predict_proba([plot], [title], [year])[0]
    made = [
        Bar(genre, float(p), tagger.thresholds[genre], p >= tagger.thresholds[genre])
        for genre, p in zip(tagger.labels, probabilities, strict=True)
    ]
    made.sort(key=lambda bar: -bar.probability)
    return [bar for i, bar in enumerate(made) if i < _BARS or bar.over]


def warnings(plot: str, t: Translator) -> list[str]:
    """Why the answer may be less sure than it looks."""
    found = notes(plot)
    said = [] if found.english else [t("tag.note.language")]
    return said + ([t("tag.note.short")] if found.words < SHORT_WORDS else [])


def carried_by(
    library: Library, plot: str, title: str | None, year: int | None, genres: Sequence[str]
) -> list[tuple[str, Pieces]]:
    """The plot once per genre, cut into pieces with the strength of each as a reason: 0 (none) to 3."""
    if not genres:
        return []
    found = library.tagger().explain(plot, title, year, genres=list(genres[:_EXPLAINED]))
    return [(genre, marked(plot, words)) for genre, words in found.items()]


def marked(plot: str, words: Sequence[Contribution]) -> Pieces:
    """A text cut at the words that speak for a genre.

    Args:
        plot: the text.
        words: with their weights, the strongest first; those that speak against it are left unmarked.
    """
    strong = [w for w in words[:_WORDS] if w.weight > 0 and w.weight >= _WEAKEST * words[0].weight]
    if not strong:
        return [(plot, 0)]
    levels = {w.text.casefold(): 1 + int(2.99 * w.weight / strong[0].weight) for w in strong}
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, levels))})(?!\w)", re.IGNORECASE)
    return [(piece, min(3, levels.get(piece.casefold(), 0))) for piece in pattern.split(plot) if piece]


def answer(library: Library, plot: str, title: str | None, year: int | None, t: Translator) -> dict[str, Any]:
    """Bars, chosen genres and notes for a plot; the words are asked for apart, they take longer."""
    found = bars(library, plot, title, year)
    return {"bars": found, "chosen": [bar.genre for bar in found if bar.over], "notes": warnings(plot, t)}
