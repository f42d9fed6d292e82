"""Matrix of coloured cells, the figure in each."""

from collections.abc import Sequence

from markupsafe import Markup

from cinefile.reports.charts.svg import LETTER, WHOLE, frame, rect, text
from cinefile.reports.tables import short, shown

_ROW = 26.0


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
    """A cell per row and column, the darker the more.

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
        y = top + i * _ROW
        body.append(text(left - 8, y + 17, name, "label", "end"))
        for j, value in enumerate(row):
            x = left + j * cell
            if value is None:
                body.append(rect(x, y, cell - 2, _ROW - 2, "blank", f"{name}, {heads[j]}: none"))
                continue
            words = f"{100 * value:.0f}" if share else short(value)
            says = f"{name}, {heads[j]}: {shown(value, '_share' if share else '')}"
            # Weaker than 4% would look like a blank cell; the root keeps small shares apart.
            weight = max(0.04, (value / most) ** 0.5) if value > 0 else 0.0
            body.append(rect(x, y, cell - 2, _ROW - 2, "heat", says, f"--w:{100 * weight:.0f}%"))
            if cell >= len(words) * LETTER * 0.85:
                body.append(text(x + cell / 2 - 1, y + 16.5, words, "on" if weight > 0.72 else "off", "middle"))
    height = top + len(names) * _ROW + 28
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
