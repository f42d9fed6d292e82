"""Films of a CSV, JSONL or Parquet file, row by row: their plots, and their labels where they have some."""

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cinefile.errors import InputError

PLOT_COLUMNS = ("plot", "overview", "description", "synopsis", "extract", "text")
BATCH = 256


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Rows of a CSV, JSONL or Parquet file as mappings, one after the other.

    A JSONL line that is no JSON object comes as ``{"error": reason}``.

    Raises:
        InputError: no such file, or another format.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        csv.field_size_limit(1 << 24)
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    elif suffix in (".jsonl", ".ndjson"):
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield parsed(line)
    elif suffix == ".parquet":
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile

        try:
            with ParquetFile(path) as parquet:
                for batch in parquet.iter_batches(BATCH):
                    yield from batch.to_pylist()
        except ArrowInvalid as error:
            raise InputError(f"{path} is no Parquet file: {error}") from None
    else:
        raise InputError(f"{path.name} has an unknown format.", "Give a .csv, .jsonl or .parquet file.")


def parsed(line: str) -> Mapping[str, Any]:
    """A JSONL line as a mapping, ``{"error": reason}`` where it is no JSON object."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return {"error": f"no JSON: {error}"}
    return row if isinstance(row, dict) else {"error": "no JSON object"}


def usable(row: Mapping[str, Any], column: str | None) -> tuple[str, str | None, int | None]:
    """Plot, title and year of a row; ValueError says what is wrong with it."""
    if isinstance(row.get("error"), str) and len(row) == 1:
        raise ValueError(row["error"])
    name = column or next((c for c in PLOT_COLUMNS if c in row), None)
    if name is None or name not in row:
        raise ValueError(f"no column {column or ' or '.join(PLOT_COLUMNS)}")
    plot = row[name]
    if not isinstance(plot, str) or not plot.strip():
        raise ValueError(f"the {name} is empty")
    year = re.match(r"\d{4}", str(row.get("year") or row.get("release_date") or ""))
    title = row.get("title")
    return plot, str(title) if title else None, int(year[0]) if year else None


def labelled(
    source: Path, label_column: str = "genres", plot_column: str | None = None
) -> tuple[list[str], list[list[str]], list[str | None], list[int | None], list[str]]:
    """Plots, labels, titles and years of a file's usable rows, and what was wrong with the others.

    Labels are a list, or one string: a JSON or Python list, or names between ``|``, ``;`` or ``,``.

    Raises:
        InputError: the file cannot be read, or no row of it has a plot and the label column.
    """
    plots, labels, titles, years, problems = [], [], [], [], []
    for number, row in enumerate(rows(source)):
        try:
            plot, title, year = usable(row, plot_column)
            if label_column not in row:
                raise ValueError(f"no column {label_column}")
            labels.append(_names(row[label_column]))
        except ValueError as error:
            problems.append(f"row {number}: {error}")
            continue
        plots.append(plot)
        titles.append(title)
        years.append(year)
    if not plots:
        raise InputError(f"{source} has no usable row; {'; '.join(problems[:3])}.")
    return plots, labels, titles, years, problems


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(v).strip() for v in value]
    text = str(value or "").strip()
    if text.startswith("["):
        try:
            return [str(v).strip() for v in ast.literal_eval(text)]
        except (ValueError, SyntaxError):
            raise ValueError(f"{text[:40]!r} is no list of labels") from None
    return [part.strip() for part in re.split(r"[|;,]", text) if part.strip()]
