"""Cells to typed values, one at a time or a whole column at once."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from cinefile.sources.contract import BadRowError
from cinefile.sources.readers.arrow_batches import array

_INT64 = 1 << 63
_IMDB_CELL = re.compile(r"tt\d{7,10}")


class FilmCells(NamedTuple):
    """A film, in the order of rows.FILM."""

    line: int
    key: str
    title: str
    aliases: list[str] | None = None
    original_title: str | None = None
    year: int | None = None
    release_date: date | None = None
    runtime: float | None = None
    language: str | None = None
    status: str | None = None
    tagline: str | None = None
    adult: bool | None = None
    budget: int | None = None
    revenue: int | None = None
    popularity: float | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    movielens_id: int | None = None
    wikipedia_id: str | None = None
    collection: dict[str, Any] | None = None
    genres: list[str] | None = None
    keywords: list[str] | None = None
    companies: list[dict[str, Any]] | None = None
    countries: list[dict[str, Any]] | None = None
    cast_names: list[str] | None = None
    plot: str | None = None


def text(value: object) -> str | None:
    """Text without surrounding blanks; NULL when nothing is left."""
    return (value if isinstance(value, str) else str(value)).strip() or None if value is not None else None


def integer(value: object) -> int | None:
    """A whole number, also as "81.0"; NULL when it is none or too large for 64 bits."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        exact = real(value)
        if exact is None or not exact.is_integer():
            return None
        number = int(exact)
    return number if -_INT64 <= number < _INT64 else None


def real(value: object) -> float | None:
    """A finite number, or NULL."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def year(value: object) -> int | None:
    """A year that fits the column; whether it makes sense is for the build to say."""
    number = integer(value)
    return number if number is not None and -32_768 <= number < 32_768 else None


def day(value: object) -> date | None:
    """A date such as 1995-10-30, or NULL."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def imdb(value: object) -> str | None:
    """An IMDb title id: "tt0114709", also given as "0114709" or 114709."""
    if value in ("", "0", 0, None):
        return None
    raw = str(value).strip()
    raw = raw if raw.startswith("tt") else f"tt{raw.zfill(7)}"
    return raw if _IMDB_CELL.fullmatch(raw) else None


def positive(value: object, name: str) -> int:
    """An id.

    Raises:
        BadRowError: it is no positive whole number.
    """
    number = integer(value)
    if number is None or number <= 0:
        shown = repr(value if not isinstance(value, str) or len(value) <= 40 else value[:40] + "…")
        raise BadRowError(f"{name} {shown} is no positive whole number; the columns may be shifted")
    return number


def title(value: object) -> str:
    """A title.

    Raises:
        BadRowError: there is none.
    """
    found = text(value)
    if found is None:
        raise BadRowError("no title")
    return found


def names(values: Iterable[Any]) -> list[str]:
    """The names in a list of {"name": …}, in their order, each once."""
    return list(dict.fromkeys(n for v in values if (n := text(v.get("name")))))


_IMDB_COLUMN = r"^tt[0-9]{7,10}$"
_BLANK, _NO_TEXT, _NO_NUMBER = pa.scalar(""), pa.scalar(None, pa.string()), pa.scalar(None, pa.float64())


def texts(cells: Sequence[Any]) -> pa.Array:
    """Text without surrounding blanks; NULL when nothing is left."""
    try:
        return _blank_to_null(pc.utf8_trim_whitespace(_strings(cells)))
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return array([text(c) for c in _python(cells)], pa.string())


def integers(cells: Sequence[Any], kind: pa.DataType | None = None) -> pa.Array:
    """Whole numbers (64 bits unless told otherwise), written as numbers or as text; NULL for anything else."""
    kind = kind or pa.int64()
    try:
        values = cells if isinstance(cells, pa.Array) else pa.array(cells)
        if pa.types.is_string(values.type):
            values = _blank_to_null(values)
        elif not pa.types.is_integer(values.type) and not pa.types.is_null(values.type):
            return _integers_one_by_one(cells, kind)
        return values.cast(kind)
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return _integers_one_by_one(cells, kind)


def _integers_one_by_one(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    bits = kind.bit_width - 1
    values = [integer(c) for c in _python(cells)]
    return pa.array([v if v is not None and -(1 << bits) <= v < 1 << bits else None for v in values], kind)


def reals(cells: Sequence[Any]) -> pa.Array:
    """Finite numbers, written as numbers or as text; NULL for anything else."""
    try:
        values = _blank_to_null(_strings(cells)).cast(pa.float64())
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return pa.array([real(c) for c in _python(cells)], pa.float64())
    return pc.if_else(pc.is_finite(values), values, _NO_NUMBER)


def days(cells: Sequence[Any]) -> pa.Array:
    """Dates such as 1995-10-30; NULL for anything else."""
    try:
        return _blank_to_null(_strings(cells)).cast(pa.date32())
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return pa.array([day(c) for c in _python(cells)], pa.date32())


def imdb_ids(cells: Sequence[Any]) -> pa.Array:
    """IMDb title ids; NULL for anything else."""
    try:
        values = _blank_to_null(_strings(cells))
        if pc.all(pc.match_substring_regex(values, _IMDB_COLUMN)).as_py() is not False:
            return values
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        pass
    return pa.array([imdb(c) for c in _python(cells)], pa.string())


def _strings(cells: Sequence[Any]) -> pa.Array:
    return cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())


def _python(cells: Sequence[Any]) -> Sequence[Any]:
    return cells.to_pylist() if isinstance(cells, pa.Array) else cells


def _blank_to_null(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, _BLANK), _NO_TEXT, values)
