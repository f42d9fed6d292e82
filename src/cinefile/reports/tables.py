"""The numbers of a report: a table that both the page and the JSON are written from, so that they cannot differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from markupsafe import Markup, escape

_PLAIN = ("year", "decade", "id", "first", "last", "date")
_ENDINGS = {"_usd": " (US$)", "_share": " (%)", "_minutes": " (minutes)", "_seconds": " (seconds)"}


@dataclass(frozen=True)
class ReportTable:
    """Named columns and rows.

    A column's name says its unit: `…_share` is 0 to 1 and shown in per cent, `…_usd` US dollars, `…_minutes`,
    `…_seconds`; `year`, `decade` and the like are shown without thousands separators.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @classmethod
    def query(cls, cursor: duckdb.DuckDBPyConnection, statement: str) -> "ReportTable":
        """The rows that a statement gives."""
        result = cursor.execute(statement)
        columns = tuple(column[0] for column in result.description or ())
        return cls(columns, tuple(result.fetchall()))

    @classmethod
    def transposed(cls, table: "ReportTable", names: tuple[str, str] = ("figure", "value")) -> "ReportTable":
        """The only row of a table as one row per column."""
        values = table.rows[0] if table.rows else (None,) * len(table.columns)
        return cls(names, tuple((name.replace("_", " "), v) for name, v in zip(table.columns, values, strict=True)))

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Any]:
        """Values of one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def document(self) -> list[dict[str, Any]]:
        """One dict per row, JSON-serialisable."""
        return [dict(zip(self.columns, map(_jsonable, row), strict=True)) for row in self.rows]

    def headings(self) -> list[str]:
        """Column names for people."""
        return [heading(name) for name in self.columns]

    def numeric(self) -> list[bool]:
        """Which columns hold numbers."""
        return [any(is_number(row[at]) for row in self.rows) for at in range(len(self.columns))]

    def cells(self) -> list[list[Markup]]:
        """The cells as HTML; a number is a `data` element whose value is the unrounded one."""
        places = [_places(self.column(name)) for name in self.columns]
        return [
            # A row about years is written as years, whatever its columns are called.
            [
                cell(v, "year" if row[0] == "year" else name, d)
                for v, name, d in zip(row, self.columns, places, strict=True)
            ]
            for row in self.rows
        ]


def heading(name: str) -> str:
    """A column's name for people."""
    for ending, unit in _ENDINGS.items():
        if name.endswith(ending):
            return name.removesuffix(ending).replace("_", " ") + unit
    return name.replace("_", " ")


def cell(value: object, name: str = "", places: int | None = None) -> Markup:
    """One value as HTML."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Markup('<span class="none" title="unknown">–</span>')
    if is_number(value):
        return Markup('<data value="{}">{}</data>').format(repr(value), shown(value, name, places))
    if isinstance(value, list | tuple):
        return escape(", ".join(map(str, value)))
    return escape(str(value))


def shown(value: Any, name: str = "", places: int | None = None) -> str:
    """A number for people: thousands separated, shares in per cent, four significant digits or so many places."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if name.endswith("_share"):
        return f"{100 * value:.1f}%"
    if name.split("_")[-1] in _PLAIN and 1000 <= value < 3000:
        return f"{value:.0f}"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    if value != 0 and abs(value) < 0.001:
        return f"{value:.2e}"
    return f"{value:.4g}" if places is None else f"{value:.{places}f}"


def _places(values: Sequence[object]) -> int | None:
    """Decimal places for a column, so that its figures stand under each other; None where sizes differ too much."""
    sizes = [v for v in values if isinstance(v, float) and math.isfinite(v) and v != 0]
    if not sizes or max(map(abs, sizes)) >= 1000 or min(map(abs, sizes)) < 0.001:
        return None
    return max(len(f"{v:.4g}".partition(".")[2]) for v in sizes)


def short(value: float) -> str:
    """A number for an axis or a bar's end: 1.2k, 3.4M, 5B."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.3g}"


def is_number(value: object) -> bool:
    """Whether a value is a number (True and False are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _jsonable(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list | tuple):
        return [_jsonable(v) for v in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def matrix(names: Sequence[str], first: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> ReportTable:
    """A matrix with named rows and columns as a table; `first` names the column of the row names."""
    return ReportTable((first, *columns), tuple((name, *row) for name, row in zip(names, values, strict=True)))
