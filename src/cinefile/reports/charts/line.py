"""Lines over a common axis, told apart by colour, dashes and a name at their end."""

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cinefile.reports.charts.svg import HALF, LETTER, frame, rule, scale, text, tick_label, ticks, turned
from cinefile.reports.tables import short

_HEIGHT, _LEFT, _TOP, _BOTTOM = 280.0, 66.0, 14.0, 48.0
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
    """One line per series of (x, y).

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
    across = scale(min(xs), max(xs), _LEFT, right, log_x)
    high = max(ys) if max(ys) > low else low + 1
    up = scale(low, high, _HEIGHT - _BOTTOM, _TOP, log_y)
    floor = _HEIGHT - _BOTTOM
    body = []
    for value in ticks(low, high, log_y, 5):
        body += [rule(_LEFT, up(value), right, up(value)), text(_LEFT - 8, up(value) + 4, short(value), "tick", "end")]
    for value in ticks(min(xs), max(xs), log_x, 8):
        body += [
            rule(across(value), floor, across(value), floor + 5, "edge"),
            text(across(value), floor + 19, tick_label(value, plain), "tick", "middle"),
        ]
    body.append(rule(_LEFT, floor, right, floor, "edge"))
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
        text((_LEFT + right) / 2, _HEIGHT - 8, x_axis + (" (logarithmic)" if log_x else ""), "axis", "middle"),
        turned(14, _HEIGHT / 2 - 16, y_axis + (" (logarithmic)" if log_y else "")),
    ]
    said = f"{y_axis} over {x_axis}."
    for name, of in series.items():
        if of:
            first, last = (f"{short(y)} at {tick_label(x, plain)}" for x, y in (of[0], of[-1]))
            said += f" {name}: from {first} to {last}, highest {short(max(y for _, y in of))}."
    return frame(title, said, width, _HEIGHT, body)


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
