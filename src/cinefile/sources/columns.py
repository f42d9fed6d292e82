"""Whole columns of cells to Arrow arrays: in one go where every cell is as it should be, else cell by cell."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cinefile.sources import fields
from cinefile.sources.batches import array

_IMDB = r"^tt[0-9]{7,10}$"
_BLANK, _NO_TEXT, _NO_NUMBER = pa.scalar(""), pa.scalar(None, pa.string()), pa.scalar(None, pa.float64())


def texts(cells: Sequence[Any]) -> pa.Array:
    """Text without surrounding blanks; NULL when nothing is left."""
    try:
        return _blank_to_null(pc.utf8_trim_whitespace(_strings(cells)))
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return array([fields.text(c) for c in _python(cells)], pa.string())


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
    values = [fields.integer(c) for c in _python(cells)]
    return pa.array([v if v is not None and -(1 << bits) <= v < 1 << bits else None for v in values], kind)


def reals(cells: Sequence[Any]) -> pa.Array:
    """Finite numbers, written as numbers or as text; NULL for anything else."""
    try:
        values = _blank_to_null(_strings(cells)).cast(pa.float64())
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return pa.array([fields.real(c) for c in _python(cells)], pa.float64())
    return pc.if_else(pc.is_finite(values), values, _NO_NUMBER)


def days(cells: Sequence[Any]) -> pa.Array:
    """Dates such as 1995-10-30; NULL for anything else."""
    try:
        return _blank_to_null(_strings(cells)).cast(pa.date32())
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        return pa.array([fields.day(c) for c in _python(cells)], pa.date32())


def imdb_ids(cells: Sequence[Any]) -> pa.Array:
    """IMDb title ids; NULL for anything else."""
    try:
        values = _blank_to_null(_strings(cells))
        if pc.all(pc.match_substring_regex(values, _IMDB)).as_py() is not False:
            return values
    except (pa.ArrowInvalid, TypeError, UnicodeEncodeError):
        pass
    return pa.array([fields.imdb(c) for c in _python(cells)], pa.string())


def _strings(cells: Sequence[Any]) -> pa.Array:
    return cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())


def _python(cells: Sequence[Any]) -> Sequence[Any]:
    return cells.to_pylist() if isinstance(cells, pa.Array) else cells


def _blank_to_null(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, _BLANK), _NO_TEXT, values)
