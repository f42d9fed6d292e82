"""Nested columns of TMDB records: {"id": …, "name": …} or lists of them, as Python literals, JSON, or parsed."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from cinefile.sources.literals import parse_literal

Parse = Callable[[str], Any]
Bad = dict[int, str]
json_value: Parse = json.JSONDecoder(strict=False).decode
literal_value: Parse = parse_literal


def lists_of_objects(cells: Sequence[Any], column: str, parse: Parse, bad: Bad) -> list[list[dict[str, Any]] | None]:
    """The lists in a column, None for empty cells. A cell of something else adds its row and reason to `bad`."""
    return _values(cells, column, parse, bad, _is_list)


def objects(cells: Sequence[Any], column: str, parse: Parse, bad: Bad) -> list[dict[str, Any] | None]:
    """The objects in a column, None for empty cells. A cell of something else adds its row and reason to `bad`."""
    return _values(cells, column, parse, bad, _is_object)


def _values(cells: Sequence[Any], column: str, parse: Parse, bad: Bad, good: Callable[[Any], bool]) -> list[Any]:
    values: list[Any] = []
    for row, cell in enumerate(cells):
        value = cell
        if type(cell) is str:
            try:
                value = [] if cell == "[]" else parse(cell) if cell else None
            except (ValueError, RecursionError) as error:
                bad.setdefault(row, f"column {column} cannot be read: {error}")
                value = None
        if value is not None and not good(value):
            bad.setdefault(row, f"column {column} holds something else; the columns may be shifted")
            value = None
        values.append(value)
    return values


def _is_list(value: Any) -> bool:
    if type(value) is not list:
        return False
    for item in value:  # noqa: SIM110 - a loop is twice as fast as all() here, and this is where ingest spends its time
        if type(item) is not dict:
            return False
    return True


def _is_object(value: Any) -> bool:
    return type(value) is dict
