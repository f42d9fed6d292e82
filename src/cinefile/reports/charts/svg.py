"""What all charts share: the frame with its description, axes and ticks."""

import math
from collections.abc import Callable, Sequence
from hashlib import sha1

from markupsafe import Markup

from cinefile.reports.tables import short

# Widths of a chart that shares its row with another, and of one that has the row for itself.
HALF, WHOLE = 460, 940
# Mean width of a letter of 13 px system type, for leaving room; measured over film titles and names.
LETTER = 6.9


def frame(title: str, description: str, width: float, height: float, body: Sequence[Markup]) -> Markup:
    """The SVG element. Its name is the title, its description says what is to be seen."""
    key = "c" + sha1(f"{title}\n{description}\n{width}".encode(), usedforsecurity=False).hexdigest()[:10]
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}t {}d">'
        '<title id="{}t">{}</title><desc id="{}d">{}</desc>{}</svg>'
    ).format(
        "whole" if width > HALF else "half",
        width,
        _n(height),
        key,
        key,
        key,
        title,
        key,
        description,
        Markup("").join(body),
    )


def twice(draw: Callable[..., Markup]) -> Markup:
    """A chart for a whole row, and the same for a phone; the style sheet shows one of them.

    Args:
        draw: makes the chart when given `width`.
    """
    drawn = draw(width=WHOLE)
    both = Markup('<div class="broad">{}</div><div class="narrow">{}</div>')
    return both.format(drawn, draw(width=HALF)) if drawn else drawn


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Words; `kind` is a class of the style sheet, `anchor` start, middle or end."""
    return Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(_n(x), _n(y), kind, anchor, words)


def rect(x: float, y: float, width: float, height: float, kind: str, says: str, style: str = "") -> Markup:
    """A filled box that says its numbers when pointed at."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"{}><title>{}</title></rect>').format(
        _n(x), _n(y), _n(max(width, 0.0)), _n(max(height, 0.0)), kind,
        Markup(' style="{}"').format(style) if style else "", says,
    )  # fmt: skip


def rule(x1: float, y1: float, x2: float, y2: float, kind: str = "grid") -> Markup:
    """A straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(_n(x1), _n(y1), _n(x2), _n(y2), kind)


def turned(x: float, y: float, words: str) -> Markup:
    """The vertical axis's label, read from below."""
    return Markup('<text transform="translate({} {}) rotate(-90)" class="axis" text-anchor="middle">{}</text>').format(
        _n(x), _n(y), words
    )


def scale(low: float, high: float, start: float, end: float, log: bool = False) -> Callable[[float], float]:
    """A function from values to pixels; values outside are clipped."""
    if log:
        low, high = math.log10(low), math.log10(high)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        at = math.log10(max(value, 1e-300)) if log else value
        return start + (min(max(at, low), high) - low) / span * (end - start)

    return place


def ticks(low: float, high: float, log: bool = False, most: int = 7) -> list[float]:
    """Round values between two bounds: powers of ten where logarithmic, else steps of 1, 2, 2.5 or 5."""
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        step = max(1, math.ceil((last - first + 1) / most))
        return [10.0**power for power in range(first, last + 1, step)]
    if high <= low:
        return [low]
    rough = (high - low) / most
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(first * step + i * step, 10) for i in range(int((high - first * step) / step + 1e-9) + 1)]


def tick_label(value: float, plain: bool) -> str:
    """A tick's words; `plain` for years."""
    return f"{value:.0f}" if plain else short(value)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
