"""Results as `cinefile evaluate --out` and the benchmarks write them: one JSON file each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cinefile.errors import InputError
from cinefile.evaluation import PROTOCOLS
from cinefile.reports.charts import bars, heatmap, line, twice
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import ReportTable, heading, is_number, matrix

_HEAD = ("command", "date", "description", "protocol", "machine", "kept")


@dataclass(frozen=True)
class Measured:
    """One results file.

    Attributes:
        name: the file's, without ending.
        protocol: name of the protocol of `cinefile evaluate` that wrote it, or an empty string.
        description: data, split and metric in a sentence, where the file says it.
        command: what gives the figures again.
        date: the day they were measured, or an empty string where the file does not say.
        machine: what it says of the machine, as words.
        figures: everything else in the file.
    """

    name: str
    protocol: str
    description: str
    command: str
    date: str
    machine: str
    figures: Mapping[str, Any]


def shipped_results() -> Path | None:
    """The folder of published results: inside an installed package, or `benchmarks/results` of a checkout."""
    here = Path(__file__).resolve()
    places = (here.parent / "results", here.parents[3] / "benchmarks" / "results")
    return next((place for place in places if place.is_dir()), None)


def read_results(folder: Path) -> list[Measured]:
    """All results of a folder: protocols in their registry's order, then the rest by name.

    Raises:
        InputError: there is no such folder, or a file in it is no JSON object.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", "Results are written by cinefile evaluate … --out FOLDER.")
    found = [_read(file) for file in sorted(folder.glob("*.json"))]
    order = {name: at for at, name in enumerate(PROTOCOLS)}
    return sorted(found, key=lambda m: (order.get(m.protocol, len(order)), m.name))


def _read(file: Path) -> Measured:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as JSON: {error}.", "Measure it again, or take it away.") from error
    if not isinstance(document, dict):
        raise InputError(f"{file} does not hold a JSON object.", "Measure it again, or take it away.")
    protocol = str(document.get("protocol", ""))
    machine = document.get("machine", {})
    return Measured(
        name=file.stem,
        protocol=protocol,
        description=str(document.get("description", "")),
        command=str(document.get("command", evaluate_command(protocol) if protocol in PROTOCOLS else "")),
        date=str(document.get("date", "")),
        machine=", ".join(f"{v} {k}" if k == "cores" else f"{k} {v}" for k, v in machine.items())
        if isinstance(machine, dict)
        else str(machine),
        figures={key: value for key, value in document.items() if key not in _HEAD},
    )


def evaluate_command(protocol: str) -> str:
    """The command that measures a protocol."""
    return f"cinefile evaluate {protocol} --data FOLDER --out RESULTS"


_MOST_TABLES, _MOST_ROWS, _MOST_COLUMNS = 3, 14, 9  # of a results file, what a page can show well
_MOST_BARS = 40


def parts(figures: Mapping[str, Any]) -> list[Part]:
    """One part per table in a results file; its single figures come first, together.

    Args:
        figures: the file's content.
    """
    single = tuple((heading(key), value) for key, value in figures.items() if _scalar(value))
    # Labels name the rows of a matrix; alone they say nothing.
    named = any(isinstance(value, list) and _is_matrix(value) for value in figures.values())
    many = {k: v for k, v in figures.items() if not _scalar(v) and v and not (named and k == "labels")}
    made = [_part(key, value, figures) for key, value in _opened(many)]
    head = [Part("figures", "Figures", ReportTable(("figure", "value"), single))] if single else []
    # The table of models is what a protocol is about.
    return sorted([*head, *made], key=lambda part: part.name != "models")


def _opened(figures: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Tables that lie inside others stand for themselves, after the single figures beside them."""
    for key, value in figures.items():
        inner = {k: v for k, v in value.items() if isinstance(v, dict)} if isinstance(value, dict) else {}
        if not inner or is_curve(value) or all(isinstance(v, dict) and _flat(v.values()) for v in value.values()):
            yield key, value
            continue
        if beside := {k: v for k, v in value.items() if k not in inner}:
            yield key, beside
        yield from _opened({f"{key}: {k}": v for k, v in inner.items() if v})


def _part(key: str, value: Any, figures: Mapping[str, Any]) -> Part:
    title = heading(key).capitalize()
    if is_curve(value):
        return curve(key, title, value)
    if _are_records(value):
        table = _records(value)
        return Part(key, title, table, _compared(title, table), wide=True, unfolded=key == "models")
    if isinstance(value, list) and _is_matrix(value):
        return _confusion(key, title, value, figures.get("labels"))
    if "interval" in key and (bounds := _bounds(value)):
        return Part(key, title, ReportTable(("figure", "low", "high"), bounds))
    if isinstance(value, list) and all(map(_scalar, value)):
        if any(isinstance(v, str) for v in value):
            return Part(key, title, ReportTable((key,), tuple((v,) for v in value)))
        return Part(key, title, ReportTable(("number", key), tuple(enumerate(value, start=1))))
    if isinstance(value, dict) and _flat(value.values()) and not _are_runs(value):
        return Part(key, title, ReportTable(("figure", "value"), tuple((heading(k), v) for k, v in value.items())))
    if isinstance(value, dict) and all(isinstance(v, dict) and _flat(v.values()) for v in value.values()):
        table = _records([{"name": name, **row} for name, row in value.items()])
        return Part(key, title, table, _compared(title, table), wide=True)
    if isinstance(value, dict) and _are_runs(value):
        return _runs(key, title, value)
    if isinstance(value, dict) and all(_are_records(v) for v in value.values()):
        table = _records([{"name": name, **row} for name, rows in value.items() for row in rows])
        return Part(key, title, table, wide=True)
    text = tuple((heading(str(k)), json.dumps(v, ensure_ascii=False)) for k, v in _items(value))
    return Part(key, title, ReportTable(("figure", "value"), text), wide=True)


def _records(rows: Sequence[Mapping[str, Any]]) -> ReportTable:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return ReportTable(columns, tuple(tuple(row.get(name) for name in columns) for row in rows))


def _compared(title: str, table: ReportTable) -> Markup:
    """Bars of the first column of measurements (counts come second), the rows named by their texts."""
    numeric = table.numeric()
    named = [c for c, is_numeric in zip(table.columns, numeric, strict=True) if not is_numeric]
    measured = [c for c, is_numeric in zip(table.columns, numeric, strict=True) if is_numeric]
    if not named or not measured or not 1 < len(table) <= _MOST_BARS:
        return Markup()
    measured.sort(key=lambda c: not any(isinstance(v, float) for v in table.column(c)))
    values = [float(v) if is_number(v) and v == v else None for v in table.column(measured[0])]
    known = [v for v in values if v is not None]
    if not known or min(known) < 0:
        return Markup()
    # Figures that differ by little are told apart by an axis that does not start at 0; the axis says so.
    close = min(known) > 0.5 * max(known) and max(known) > min(known)
    low = round(max(0.0, min(known) - 0.6 * (max(known) - min(known))), 4) if close else 0.0
    names = [" · ".join(str(row[table.columns.index(n)]) for n in named[:2]) for row in table.rows]
    return twice(partial(bars, title, names, values, heading(measured[0]), low=low))


def _confusion(key: str, title: str, counts: list[list[float]], labels: object) -> Part:
    square = len(counts) == len(counts[0])
    names = [str(n) for n in labels] if isinstance(labels, list) and len(labels) == len(counts) else None
    rows = names or [str(i + 1) for i in range(len(counts))]
    columns = (names if square else None) or [str(i + 1) for i in range(len(counts[0]))]
    shares = [[n / sum(row) if sum(row) else None for n in row] for row in counts]
    picture = heatmap(title, rows, columns, shares, "per cent of the row (true class) by column (predicted class)")
    return Part(key, title, matrix(rows, "true class", columns, counts), picture, wide=True)


def _runs(key: str, title: str, series: Mapping[str, list[float]]) -> Part:
    longest = max((len(v) for v in series.values()), default=0)
    table = ReportTable(
        ("number", *series),
        tuple((i + 1, *(v[i] if i < len(v) else None for v in series.values())) for i in range(longest)),
    )
    curves = {name: [(float(i + 1), float(v)) for i, v in enumerate(values)] for name, values in series.items()}
    drawn = twice(partial(line, title, curves, "step", heading(key), from_zero=False)) if longest > 5 else Markup()
    return Part(key, title, table, drawn, wide=bool(drawn))


def _are_records(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and _flat(row.values()) for row in value)


def _is_matrix(value: list[Any]) -> bool:
    rows = all(isinstance(row, list) and row and all(map(is_number, row)) for row in value)
    return bool(value) and rows and len({len(row) for row in value}) == 1 and len(value) > 2


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else list(enumerate(value, start=1))


def _bounds(value: Any) -> tuple[tuple[str, float, float], ...]:
    """Rows of (name, low, high) where a value holds one interval, or one under each name; else none."""
    named = value if isinstance(value, dict) else {"interval": value}
    right = all(isinstance(v, list) and len(v) == 2 and all(map(is_number, v)) for v in named.values())
    return tuple((heading(name), low, high) for name, (low, high) in named.items()) if right else ()


def _are_runs(value: Mapping[str, Any]) -> bool:
    """Whether it holds a list of figures under each name: single runs, or a curve."""
    return all(isinstance(v, list) and v and all(map(is_number, v)) for v in value.values())


def _flat(values: Iterable[object]) -> bool:
    """Whether each value fits a cell: single, or a list of single ones."""
    return all(_scalar(v) or (isinstance(v, list) and all(map(_scalar, v))) for v in values)


def _scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


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
    return Part(key, title, ReportTable(("name", x, y), rows), drawn, wide=True)


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


@dataclass(frozen=True)
class MeasuredTables:
    """One results file: what was measured, the command that measures it again, and its main tables."""

    name: str
    about: str
    command: str
    date: str
    tables: tuple[Part, ...]


def published_tables(folder: Path | None) -> tuple[MeasuredTables, ...]:
    """Every result in a folder, protocols first; tables that are too large for a page are left to the report."""
    found = []
    for measured in read_results(folder) if folder is not None else []:
        # The table of models is what a protocol is about; it scrolls where it is wide.
        fitting = [
            part
            for part in parts(measured.figures)
            if part.name == "models" or (0 < len(part.table) <= _MOST_ROWS and len(part.table.columns) <= _MOST_COLUMNS)
        ]
        name = measured.name.replace("_", "-")
        tables = tuple(fitting[:_MOST_TABLES])
        found.append(MeasuredTables(name, measured.description, measured.command, measured.date, tables))
    return tuple(found)
