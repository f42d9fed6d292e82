"""Histogram on a linear or logarithmic axis, with marks such as the median."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cinefile.reports.charts.svg import HALF, frame, rect, rule, scale, text, tick_label, ticks, turned

_HEIGHT, _LEFT, _TOP, _BOTTOM = 260.0, 66.0, 40.0, 48.0


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
    """Counts per interval.

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
    across = scale(low, high, _LEFT, width - 16, log)
    up = scale(0, top, _HEIGHT - _BOTTOM, _TOP)
    body = []
    for value in ticks(0, top, most=4):
        body += [
            rule(_LEFT, up(value), width - 16, up(value)),
            text(_LEFT - 8, up(value) + 4, tick_label(value, False), "tick", "end"),
        ]
    for a, b, n in zip(lows, highs, counts, strict=True):
        says = f"{tick_label(a, plain)} to {tick_label(b, plain)}: {n:,} {counted}"
        body.append(rect(across(a), up(n), max(1.0, across(b) - across(a) - 1), up(0) - up(n), "bar", says))
    for value in ticks(low, high, log, 8):
        body += [
            rule(across(value), up(0), across(value), up(0) + 5, "edge"),
            text(across(value), up(0) + 19, tick_label(value, plain), "tick", "middle"),
        ]
    body.append(rule(_LEFT, up(0), width - 16, up(0), "edge"))
    for row, (name, value) in enumerate((marks or {}).items()):
        x, y = across(value), 13.0 + 15 * row
        anchor = "end" if x > width * 0.62 else "start"
        words = f"{name} {tick_label(value, plain)}"
        body += [rule(x, y + 3, x, up(0), "mark"), text(x + (-5 if anchor == "end" else 5), y, words, "marked", anchor)]
    body += [
        text((_LEFT + width) / 2, _HEIGHT - 8, axis + (" (logarithmic)" if log else ""), "axis", "middle"),
        turned(14, _HEIGHT / 2 - 4, counted),
    ]
    mode = max(range(len(counts)), key=counts.__getitem__)
    whole, fullest = ((tick_label(a, plain), tick_label(b, plain)) for a, b in ((low, high), (lows[mode], highs[mode])))
    said = f"Histogram over {axis}, from {whole[0]} to {whole[1]}. "
    said += f"Most {counted} ({counts[mode]:,}) lie between {fullest[0]} and {fullest[1]}."
    said += "".join(f" {name}: {tick_label(v, plain)}." for name, v in (marks or {}).items())
    return frame(title, said, width, _HEIGHT, body)
