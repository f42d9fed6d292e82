"""Horizontal bars."""

from collections.abc import Sequence

from markupsafe import Markup

from cinefile.reports.charts.svg import HALF, LETTER, frame, rect, scale, text
from cinefile.reports.tables import shown

_ROW = 24


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
    """One bar per label, its value at its end.

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
        y = row * _ROW + 6.0
        cut = name if len(name) <= most else name[: most - 1] + "…"
        body.append(text(left - 8, y + 13, cut, "label", "end"))
        if value is None:
            body.append(text(left + 4, y + 13, "not known", "value"))
            continue
        body.append(rect(left, y, max(1.0, place(value) - left), 16, "bar", f"{name}: {shown(value, unit)}"))
        body.append(text(place(value) + 6, y + 13, shown(value, unit), "value"))
    height = len(names) * _ROW + 30
    note = axis if low == 0 else f"{axis}; the axis starts at {shown(low, unit)}"
    body.append(text(left, height - 6, note, "axis"))
    best = max(range(len(names)), key=lambda i: values[i] if values[i] is not None else float("-inf"))  # type: ignore[arg-type,return-value]
    said = f"Bars of {axis}. Largest: {names[best]}, {shown(values[best], unit)}; {len(names)} bars in all."
    return frame(title, said, width, height, body)
