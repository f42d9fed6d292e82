"""Nested columns of TMDB records: lists of {"id": …, "name": …} written as Python literals or JSON."""

import json
from collections.abc import Callable
from typing import Any

from cinefile.sources.base import BadRowError
from cinefile.sources.literals import parse_literal

Parse = Callable[[str], Any]
json_value: Parse = json.JSONDecoder(strict=False).decode
literal_value: Parse = parse_literal


def entries(cell: Any, column: str, parse: Parse = literal_value) -> list[dict[str, Any]] | None:
    """A list of objects; NULL for an empty cell.

    Raises:
        BadRowError: the cell is cut off or holds something else.
    """
    value = _value(cell, column, parse)
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(v) is dict for v in value):
        raise BadRowError(f"column {column} is no list of objects; the columns may be shifted")
    return value


def entry(cell: Any, column: str, parse: Parse = literal_value) -> dict[str, Any] | None:
    """One object; NULL for an empty cell.

    Raises:
        BadRowError: the cell is cut off or holds something else.
    """
    value = _value(cell, column, parse)
    if value is not None and type(value) is not dict:
        raise BadRowError(f"column {column} is no object; the columns may be shifted")
    return value


def _value(cell: Any, column: str, parse: Parse) -> Any:
    if not isinstance(cell, str):
        return cell
    if cell in ("", "[]", "{}"):
        return [] if cell == "[]" else None
    try:
        return parse(cell)
    except (ValueError, RecursionError) as error:
        raise BadRowError(f"column {column} cannot be read: {error}") from None
