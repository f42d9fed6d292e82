"""One figure out of the results files, named as in docs/figures.toml: `FILE / KEY / KEY`, or `A ÷ B`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def value_of(source: str, results: Path) -> float:
    """The figure that a source names.

    Raises:
        KeyError: it is not there.
        OSError: the file is not there.
    """
    over, _, under = source.partition(" ÷ ")
    return _one(over, results) / (_one(under, results) if under else 1)


def _one(source: str, results: Path) -> float:
    name, *keys = source.split(" / ")
    value: Any = _document(results / f"{name}.json")
    for key in keys:
        value = _step(value, key)
    if isinstance(value, list):
        value = sum(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise KeyError(f"it is no number but {str(value)[:60]}")
    return float(value)


def _step(value: Any, key: str) -> Any:
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        column, equals, wanted = key.partition("=")
        if equals:
            return [row for row in value if str(row[column]) in wanted.split("|")]
        named = [row for row in value if next(iter(row.values())) == key]
        return named[0] if named else [row[key] for row in value]
    if isinstance(value, Mapping) and key in value:
        return value[key]
    # A row of the protocol's table is named without saying "models".
    if isinstance(value, Mapping) and isinstance(value.get("models"), list):
        return _step(value["models"], key)
    raise KeyError(f"no {key!r}" + (f" among {', '.join(map(str, value))}" if isinstance(value, Mapping) else ""))


@cache
def _document(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
