"""Which words or sentences carried a genre: occlusion, for any model that turns texts into logits.

Every unit is taken out in turn and the model asked again (Zeiler & Fergus, 2014; for text Li et al., "Understanding
neural networks through representation erasure", 2016). It knows nothing of the model's inside, so that it holds for the
encoder and the n-gram table together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import InputError

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
# Words that no one would want to see as a reason; leaving them out halves the passes.
_FUNCTION_WORDS = frozenset(
    re.split(
        r"\s+",
        """a an the and or but of to in on at by for with from as is are was were be been being it its his her their he
        she they them him who whom which that this these those what when where while has have had do does did not no so
        if into out up down over under after before then than there here all some any one two s t i you we my your our
        me us will would can could may must also just about between through during against only own same other
        another""",
    )
)
LIMIT = 200


@dataclass(frozen=True)
class Contribution:
    """A unit of the plot and how far the genre's logit falls without it."""

    text: str
    weight: float


@dataclass(frozen=True)
class Occlusion:
    """Falls of the logits by unit: `falls` is (units, genres)."""

    units: list[str]
    falls: NDArray[np.float32]

    def strongest(self, genre: int) -> list[Contribution]:
        """Units by their fall of one genre's logit, the greatest first."""
        order = np.argsort(-self.falls[:, genre], kind="stable")
        return [Contribution(self.units[i], float(self.falls[i, genre])) for i in order]


def spans(plot: str, unit: str) -> dict[str, list[tuple[int, int]]]:
    """Units of a plot with the places where they stand; a word's occurrences are one unit, function words none.

    Raises:
        InputError: `unit` is neither ``word`` nor ``sentence``.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    if unit == "sentence":
        for m in _SENTENCE.finditer(plot):
            if _WORD.search(m[0]):
                found.setdefault(m[0].strip(), []).append(m.span())
    elif unit == "word":
        for m in _WORD.finditer(plot):
            if (word := m[0].lower()) not in _FUNCTION_WORDS:
                found.setdefault(word, []).append(m.span())
    else:
        raise InputError(f"Unknown unit {unit!r}.", "Choose word or sentence.")
    return dict(list(found.items())[:LIMIT])


def without(plot: str, places: Sequence[tuple[int, int]]) -> str:
    """The plot with the places cut out."""
    kept, last = [], 0
    for start, stop in sorted(places):
        kept.append(plot[last:start])
        last = stop
    return "".join([*kept, plot[last:]])


def occlude(plot: str, logits: Callable[[list[str]], NDArray[np.float32]], unit: str = "word") -> Occlusion:
    """Take every unit out in turn.

    Args:
        plot: the text.
        logits: texts to (texts, genres).
        unit: ``word`` or ``sentence``.
    """
    units = spans(plot, unit)
    values = logits([plot, *(without(plot, places) for places in units.values())])
    return Occlusion(list(units), values[0] - values[1:])
