"""Charts as SVG text, coloured by the page's style sheet: bars, histogram, line, heatmap."""

import math
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha1

from markupsafe import Markup

from cinefile.reports.tables import short, shown

__all__ = ["HALF", "WHOLE", "bars", "heatmap", "histogram", "line", "twice"]

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


_BAR_HEIGHT = 24


def bars(
    title: str,
    labels: Sequence[object],
    values: Sequence[float | None],
    axis: str,
    *,
    unit: str = "",
    low: float = 0.0,
    width: int = HALF,
) -> Markup:
    """Draw one bar per label, with its value at the end.

    Args:
        title: what the chart shows.
        labels: names, first on top.
        values: lengths; None draws no bar.
        axis: label of the horizontal axis, with the unit.
        unit: a column name, for the way values are written (`…_share` in per cent).
        low: value at the left edge; 0 unless differences are what matters.
        width: HALF or WHOLE a row.
    """
    if not labels:
        return Markup()
    names = [str(label) for label in labels]
    known = [v for v in values if v is not None]
    left = min(width * 0.4, max(len(name) for name in names) * LETTER + 14)
    most = max(3, round((left - 14) / LETTER))
    end = max((len(shown(v, unit)) for v in known), default=1) * LETTER + 12
    place = scale(low, max(known, default=1.0) if max(known, default=1.0) > low else low + 1, left, width - end)
    body = []
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        y = row * _BAR_HEIGHT + 6.0
        cut = name if len(name) <= most else name[: most - 1] + "…"
        body.append(text(left - 8, y + 13, cut, "label", "end"))
        if value is None:
            body.append(text(left + 4, y + 13, "not known", "value"))
            continue
        body.append(rect(left, y, max(1.0, place(value) - left), 16, "bar", f"{name}: {shown(value, unit)}"))
        body.append(text(place(value) + 6, y + 13, shown(value, unit), "value"))
    height = len(names) * _BAR_HEIGHT + 30
    note = axis if low == 0 else f"{axis}; the axis starts at {shown(low, unit)}"
    body.append(text(left, height - 6, note, "axis"))
    best = max(range(len(names)), key=lambda i: values[i] if values[i] is not None else float("-inf"))  # type: ignore[arg-type,return-value]
    said = f"Bars of {axis}. Largest: {names[best]}, {shown(values[best], unit)}; {len(names)} bars in all."
    return frame(title, said, width, height, body)


_CELL_HEIGHT = 26.0


def heatmap(
    title: str,
    rows: Sequence[object],
    columns: Sequence[object],
    values: Sequence[Sequence[float | None]],
    meaning: str,
    *,
    share: bool = True,
    width: int = WHOLE,
) -> Markup:
    """Draw one cell per row and column, darker for larger values.

    Args:
        title: what the chart shows.
        rows: names of the rows.
        columns: names of the columns.
        values: one per cell; None leaves it blank. Shares are 0 to 1.
        meaning: what a cell says, with its unit.
        share: write cells in per cent.
        width: HALF or WHOLE a row.
    """
    if not len(rows) or not len(columns):
        return Markup()
    names, heads = [str(r) for r in rows], [str(c) for c in columns]
    left = min(190.0, max(map(len, names)) * LETTER + 14)
    cell = (width - left - 4) / len(heads)
    upright = max(map(len, heads)) * LETTER > cell
    if upright:  # room for the last head, which leans out to the right
        cell = (width - left - 4 - max(0.0, len(heads[-1]) * LETTER * 0.72 - cell / 2)) / len(heads)
    top = min(130.0, max(map(len, heads)) * LETTER * 0.75 + 18) if upright else 24.0
    known = [v for row in values for v in row if v is not None]
    most = max(known, default=0) or 1
    body = []
    for j, head in enumerate(heads):
        x = left + (j + 0.5) * cell
        if upright:
            body.append(
                Markup('<text transform="translate({} {}) rotate(-45)" class="tick">{}</text>').format(
                    f"{x:.1f}", f"{top - 6:.1f}", head
                )
            )
        else:
            body.append(text(x, top - 8, head, "tick", "middle"))
    for i, (name, row) in enumerate(zip(names, values, strict=True)):
        y = top + i * _CELL_HEIGHT
        body.append(text(left - 8, y + 17, name, "label", "end"))
        for j, value in enumerate(row):
            x = left + j * cell
            if value is None:
                body.append(rect(x, y, cell - 2, _CELL_HEIGHT - 2, "blank", f"{name}, {heads[j]}: none"))
                continue
            words = f"{100 * value:.0f}" if share else short(value)
            says = f"{name}, {heads[j]}: {shown(value, '_share' if share else '')}"
            # Weaker than 4% would look like a blank cell; the root keeps small shares apart.
            weight = max(0.04, (value / most) ** 0.5) if value > 0 else 0.0
            body.append(rect(x, y, cell - 2, _CELL_HEIGHT - 2, "heat", says, f"--w:{100 * weight:.0f}%"))
            if cell >= len(words) * LETTER * 0.85:
                body.append(text(x + cell / 2 - 1, y + 16.5, words, "on" if weight > 0.72 else "off", "middle"))
    height = top + len(names) * _CELL_HEIGHT + 28
    body.append(text(left, height - 8, meaning, "axis"))
    best = max(
        (
            (v, n, h)
            for n, row in zip(names, values, strict=True)
            for h, v in zip(heads, row, strict=True)
            if v is not None and n != h
        ),
        default=None,
        key=lambda t: t[0],
    )
    said = f"{len(names)} rows by {len(heads)} columns; {meaning}."
    if best is not None:
        said += f" Largest: {best[1]} and {best[2]}, {shown(best[0], '_share' if share else '')}."
    return frame(title, said, width, height, body)


_HISTOGRAM_HEIGHT, _HISTOGRAM_LEFT, _HISTOGRAM_TOP, _HISTOGRAM_BOTTOM = 260.0, 66.0, 40.0, 48.0


def histogram(
    title: str,
    lows: Sequence[float],
    highs: Sequence[float],
    counts: Sequence[int],
    axis: str,
    *,
    counted: str = "films",
    log: bool = False,
    plain: bool = False,
    marks: Mapping[str, float] | None = None,
    width: int = HALF,
) -> Markup:
    """Draw the counts per interval.

    Args:
        title: what the chart shows.
        lows: lower bound of each interval, in `axis` units; positive where `log`.
        highs: upper bound of each.
        counts: how many lie in each.
        axis: label of the horizontal axis, with the unit.
        counted: what is counted, for the vertical axis.
        log: logarithmic horizontal axis.
        plain: write values without thousands separator (years).
        marks: named values drawn as upright lines.
        width: HALF or WHOLE a row.
    """
    if not counts:
        return Markup()
    low, high, top = min(lows), max(highs), max(counts)
    across = scale(low, high, _HISTOGRAM_LEFT, width - 16, log)
    up = scale(0, top, _HISTOGRAM_HEIGHT - _HISTOGRAM_BOTTOM, _HISTOGRAM_TOP)
    body = []
    for value in ticks(0, top, most=4):
        body += [
            rule(_HISTOGRAM_LEFT, up(value), width - 16, up(value)),
            text(_HISTOGRAM_LEFT - 8, up(value) + 4, tick_label(value, False), "tick", "end"),
        ]
    for a, b, n in zip(lows, highs, counts, strict=True):
        says = f"{tick_label(a, plain)} to {tick_label(b, plain)}: {n:,} {counted}"
        body.append(rect(across(a), up(n), max(1.0, across(b) - across(a) - 1), up(0) - up(n), "bar", says))
    for value in ticks(low, high, log, 8):
        body += [
            rule(across(value), up(0), across(value), up(0) + 5, "edge"),
            text(across(value), up(0) + 19, tick_label(value, plain), "tick", "middle"),
        ]
    body.append(rule(_HISTOGRAM_LEFT, up(0), width - 16, up(0), "edge"))
    for row, (name, value) in enumerate((marks or {}).items()):
        x, y = across(value), 13.0 + 15 * row
        anchor = "end" if x > width * 0.62 else "start"
        words = f"{name} {tick_label(value, plain)}"
        body += [rule(x, y + 3, x, up(0), "mark"), text(x + (-5 if anchor == "end" else 5), y, words, "marked", anchor)]
    body += [
        text(
            (_HISTOGRAM_LEFT + width) / 2,
            _HISTOGRAM_HEIGHT - 8,
            axis + (" (logarithmic)" if log else ""),
            "axis",
            "middle",
        ),
        turned(14, _HISTOGRAM_HEIGHT / 2 - 4, counted),
    ]
    mode = max(range(len(counts)), key=counts.__getitem__)
    whole, fullest = ((tick_label(a, plain), tick_label(b, plain)) for a, b in ((low, high), (lows[mode], highs[mode])))
    said = f"Histogram over {axis}, from {whole[0]} to {whole[1]}. "
    said += f"Most {counted} ({counts[mode]:,}) lie between {fullest[0]} and {fullest[1]}."
    said += "".join(f" {name}: {tick_label(v, plain)}." for name, v in (marks or {}).items())
    return frame(title, said, width, _HISTOGRAM_HEIGHT, body)


_LINE_HEIGHT, _LINE_LEFT, _LINE_TOP, _LINE_BOTTOM = 280.0, 66.0, 14.0, 48.0
Points = Sequence[tuple[float, float]]


def line(
    title: str,
    series: Mapping[str, Points],
    x_axis: str,
    y_axis: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    plain: bool = False,
    from_zero: bool = True,
    width: int = HALF,
) -> Markup:
    """Draw one line per series of (x, y).

    Args:
        title: what the chart shows.
        series: points by name, in the order of x; at most six names are told apart well.
        x_axis: label of the horizontal axis, with the unit.
        y_axis: label of the vertical axis, with the unit.
        log_x: logarithmic horizontal axis (x positive).
        log_y: logarithmic vertical axis (y positive).
        plain: write x without thousands separator (years).
        from_zero: let a linear vertical axis start at 0.
        width: HALF or WHOLE a row.
    """
    points = [p for of in series.values() for p in of if math.isfinite(p[0]) and math.isfinite(p[1])]
    if not points:
        return Markup()
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    low = min(ys) if log_y or not from_zero else min(0.0, *ys) if len(ys) > 1 else min(0.0, ys[0])
    named = len(series) > 1
    right = width - (16 if not named else min(220.0, max(map(len, series)) * LETTER + 22))
    across = scale(min(xs), max(xs), _LINE_LEFT, right, log_x)
    high = max(ys) if max(ys) > low else low + 1
    up = scale(low, high, _LINE_HEIGHT - _LINE_BOTTOM, _LINE_TOP, log_y)
    floor = _LINE_HEIGHT - _LINE_BOTTOM
    body = []
    for value in ticks(low, high, log_y, 5):
        body += [
            rule(_LINE_LEFT, up(value), right, up(value)),
            text(_LINE_LEFT - 8, up(value) + 4, short(value), "tick", "end"),
        ]
    for value in ticks(min(xs), max(xs), log_x, 8):
        body += [
            rule(across(value), floor, across(value), floor + 5, "edge"),
            text(across(value), floor + 19, tick_label(value, plain), "tick", "middle"),
        ]
    body.append(rule(_LINE_LEFT, floor, right, floor, "edge"))
    ends = _apart({name: up(of[-1][1]) for name, of in series.items() if of}, floor)
    for number, (name, of) in enumerate(series.items()):
        if not of:
            continue
        places = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in of)
        body.append(
            Markup('<polyline points="{}" class="line s{}"><title>{}</title></polyline>').format(
                places, number % 6, name
            )
        )
        if named:
            body.append(
                Markup('<text x="{}" y="{}" class="label t{}">{}</text>').format(
                    f"{across(of[-1][0]) + 8:.1f}", f"{ends[name] + 4:.1f}", number % 6, name
                )
            )
    body += [
        text(
            (_LINE_LEFT + right) / 2, _LINE_HEIGHT - 8, x_axis + (" (logarithmic)" if log_x else ""), "axis", "middle"
        ),
        turned(14, _LINE_HEIGHT / 2 - 16, y_axis + (" (logarithmic)" if log_y else "")),
    ]
    said = f"{y_axis} over {x_axis}."
    for name, of in series.items():
        if of:
            first, last = (f"{short(y)} at {tick_label(x, plain)}" for x, y in (of[0], of[-1]))
            said += f" {name}: from {first} to {last}, highest {short(max(y for _, y in of))}."
    return frame(title, said, width, _LINE_HEIGHT, body)


def _apart(heights: Mapping[str, float], floor: float, least: float = 15.0) -> dict[str, float]:
    """Moves labels down until none covers another, and those that fell below the floor up again."""
    placed: dict[str, float] = {}
    last = -math.inf
    for name in sorted(heights, key=heights.__getitem__):
        last = max(heights[name], last + least)
        placed[name] = last
    for name in reversed(placed):
        placed[name] = min(placed[name], floor)
        floor = placed[name] - least
    return placed
