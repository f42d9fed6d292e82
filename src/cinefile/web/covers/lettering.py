"""The title on a cover: broken into lines and sized so that it fits, without asking a browser.

SVG does not wrap text and the server has no fonts, so widths are estimated from classes of letters, on the wide side:
a face that is a little wider than the reference still stays inside the cover.
"""

from dataclasses import dataclass
from math import floor

_SERIF = "Iowan Old Style,Palatino Linotype,Palatino,Liberation Serif,Times New Roman,serif"
_NARROW = "Avenir Next Condensed,Arial Narrow,Liberation Sans Narrow,Roboto Condensed,sans-serif-condensed,sans-serif"
_SANS = "Helvetica Neue,Arial,Liberation Sans,sans-serif"
FACES = {  # name: (SVG attributes, width factor, upper case, line height, size limit)
    "serif": (f'font-family="{_SERIF}" font-weight="700" letter-spacing="-.2"', 0.98, False, 1.02, 38),
    "narrow": (f'font-family="{_NARROW}" font-weight="700"', 0.80, True, 0.98, 46),
    "sans": (f'font-family="{_SANS}" font-weight="700" letter-spacing="-.5"', 1.0, False, 1.0, 38),
}
_THIN, _SLIM, _WIDE = set("iljI.,:;'!|’·"), set("frt()-–/ J1"), set("mwMW@%&—")


@dataclass(frozen=True)
class Lettering:
    """A title set in lines: the SVG attributes of its face, the font size and the distance of lines, in SVG units."""

    attributes: str
    lines: tuple[str, ...]
    size: float
    leading: float


def width(text: str, factor: float) -> float:
    """Estimated width of a text in em."""
    return sum(_letter(c) for c in text) * factor


def _letter(c: str) -> float:
    if c in _THIN:
        return 0.30
    if c in _SLIM:
        return 0.38
    if c in _WIDE:
        return 0.93
    if ord(c) > 0x2E80:
        return 1.02
    return 0.72 if c.isupper() else 0.58


def set_title(title: str, face: str, room: float, height: float) -> Lettering:
    """Set a title as large as fits.

    Args:
        title: the film's title; beyond 90 characters it is cut with an ellipsis.
        face: key of FACES.
        room: width of the text box.
        height: height of the text box.
    """
    attributes, factor, upper, leading, limit = FACES[face]
    text = title if len(title) <= 90 else title[:88].rstrip() + "…"
    words = (text.upper() if upper else text).split() or ["?"]
    best: tuple[float, list[str]] = (0.0, [])
    for count in range(1, min(len(words), 6) + 1):
        lines = _balanced(words, count, factor)
        size = min(limit, room / max(width(line, factor) for line in lines), height / (leading * len(lines)))
        if size > best[0] + 0.5:
            best = (size, lines)
    size = floor(best[0] * 10) / 10
    return Lettering(attributes, tuple(best[1]), size, round(size * leading, 2))


def _balanced(words: list[str], count: int, factor: float) -> list[str]:
    """Break words into at most `count` lines whose longest is as short as can be (binary search on its width)."""
    low = max(width(w, factor) for w in words)
    high = width(" ".join(words), factor)
    for _ in range(12):
        middle = (low + high) / 2
        if len(_greedy(words, middle, factor)) <= count:
            high = middle
        else:
            low = middle
    return _greedy(words, high + 1e-6, factor)


def _greedy(words: list[str], room: float, factor: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if width(f"{lines[-1]} {word}", factor) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
