"""Curves in results files, and the learning curves of a training's log."""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cinefile.errors import InputError
from cinefile.reports.charts import line, twice
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table, is_number

LOG = "log.jsonl"


def is_curve(value: object) -> bool:
    """Whether a value names two axes and has points of (x, y) under each name."""
    return isinstance(value, Mapping) and {"x", "y", "points"} <= value.keys()


def curve(key: str, title: str, value: Mapping[str, Any]) -> Part:
    """Lines of points, told apart by colour, dashes and names."""
    x, y = str(value["x"]), str(value["y"])
    points = {name: [(float(a), float(b)) for a, b in of] for name, of in value["points"].items()}
    rows = tuple((name, a, b) for name, of in points.items() for a, b in of)
    drawn = twice(partial(line, title, points, x, y, log_x=bool(value.get("log_x")), from_zero=False))
    return Part(key, title, Table(("name", x, y), rows), drawn, wide=True)


def log_sections(folders: Iterable[Path]) -> list[Section]:
    """A section per training log at or in some folders: how each figure went from step to step.

    Raises:
        InputError: a line of a log is no JSON object.
    """
    logs = [log for folder in folders for log in sorted(folder.rglob(LOG))]
    return [_log_section(log, number) for number, log in enumerate(dict.fromkeys(logs), start=1)]


def _log_section(log: Path, number: int) -> Section:
    series: dict[str, list[tuple[float, float]]] = {}
    for at, text in enumerate(log.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            step, *figures = _figures(json.loads(text), at)
        except (ValueError, AttributeError) as error:
            raise InputError(f"{log}, line {at} is no JSON object: {error}.", "Take the line away.") from error
        for name, value in figures:
            series.setdefault(name, []).append((step[1], value))
    drawn = [(name, points) for name, points in series.items() if len({x for x, _ in points}) > 1]
    parts = [
        curve(name.replace(" ", "_"), name.capitalize(), {"x": "step", "y": name, "points": {name: points}})
        for name, points in drawn
    ]
    place = f"{log.parent.parent.name}/{log.parent.name}"
    return Section(f"training-{number}", f"Training: {place}", f"What the training wrote down in {log.name}.", parts)


def _figures(row: Mapping[str, Any], at: int) -> list[tuple[str, float]]:
    """The step of a line (its number where it has none), and its other figures."""
    figures = {name: float(value) for name, value in row.items() if is_number(value)}
    return [("step", figures.pop("step", float(at))), *figures.items()]
