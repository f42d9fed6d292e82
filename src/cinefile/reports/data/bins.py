"""Counts per interval and figures of a column, for histograms."""

import duckdb

from cinefile.reports.charts import HALF, WHOLE, histogram
from cinefile.reports.report import Part
from cinefile.reports.tables import Table, heading


def spread(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    title: str,
    expression: str,
    source: str,
    *,
    width: float | None = None,
    per_decade: int = 5,
    counted: str = "films",
    plain: bool = False,
    note: str = "",
    wide: bool = False,
) -> Part:
    """A histogram with median and 95th percentile.

    Args:
        cursor: of the catalogue.
        name: the part's key; its ending says the unit (see `Table`).
        title: the part's heading.
        expression: SQL of the value; NULL is left out.
        source: what stands after FROM.
        width: of an interval; None takes logarithmic intervals, and values above 0 only.
        per_decade: logarithmic intervals per factor ten.
        counted: what is counted.
        plain: values are years.
        note: how to read it.
        wide: give it the full width.
    """
    if width is None:
        low = f"pow(10, floor(log10({expression}) * {per_decade}) / {per_decade})"
        high = f"pow(10, (floor(log10({expression}) * {per_decade}) + 1) / {per_decade})"
        where = f"{expression} > 0"
    else:
        low = f"floor({expression} / {width}) * {width}"
        high = f"{low} + {width}"
        where = f"{expression} IS NOT NULL"
    table = Table.query(
        cursor,
        f'SELECT {low}::DOUBLE AS "from", any_value({high})::DOUBLE AS "to", count(*) AS {counted} FROM {source} '
        f"WHERE {where} GROUP BY 1 ORDER BY 1",
    )
    middle, high_end = cursor.execute(
        f"SELECT median({expression})::DOUBLE, quantile_cont({expression}::DOUBLE, 0.95) FROM {source} WHERE {where}"
    ).fetchall()[0]
    marks = {} if middle is None else {"median": middle, "95th percentile": high_end}
    picture = histogram(
        title,
        table.column("from"),
        table.column("to"),
        table.column(counted),
        heading(name),
        counted=counted,
        log=width is None,
        plain=plain,
        marks=marks,
        width=WHOLE if wide else HALF,
    )
    return Part(name, title, table, picture, note, wide=wide)
