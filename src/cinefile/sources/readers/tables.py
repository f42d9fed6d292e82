"""Rows of a table of the user's own, whatever its columns: CSV, TSV, JSONL or Parquet, one row after the other."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetFile

from cinefile.errors import InputError
from cinefile.sources.readers.csv_files import records
from cinefile.sources.readers.nested_cells import parse_literal
from cinefile.sources.readers.text_lines import text_lines

_BATCH = 256
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a CSV, TSV, JSONL or Parquet file as mappings from column to value.

    A row that cannot be read, such as a JSONL line that is no JSON object, comes as ``{"error": reason}``.

    Raises:
        InputError: no such file, or another format.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    suffix = path.suffix.lower()
    if suffix in _SEPARATORS:
        yield from _separated(path, _SEPARATORS[suffix])
    elif suffix in (".jsonl", ".ndjson"):
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json_object(line)
    elif suffix == ".parquet":
        try:
            with ParquetFile(path) as parquet:
                for batch in parquet.iter_batches(_BATCH):
                    yield from batch.to_pylist()
        except pa.ArrowInvalid as error:
            raise InputError(f"{path} is no Parquet file: {error}") from None
    else:
        raise InputError(f"{path.name} has an unknown format.", "Give a .csv, .jsonl or .parquet file.")


def _separated(path: Path, separator: str) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file, text_lines(file) as lines:
        found = records(lines, separator)
        names = next(found, (1, None, ""))[1] or []
        for _, cells, _ in found:
            if cells is None:
                yield {"error": "a cell that does not end: is a quote left open?"}
            else:
                # A short row lacks its last columns; what goes beyond the header has no name.
                yield dict(zip(names, [*cells, *[None] * (len(names) - len(cells))], strict=False))


def json_object(line: str) -> Mapping[str, Any]:
    """Return a JSONL line as a mapping, ``{"error": reason}`` where it is no JSON object."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return {"error": f"no JSON: {error}"}
    return row if isinstance(row, dict) else {"error": "no JSON object"}


def names_in(cell: object) -> list[str]:
    """Return the names in a cell: a list, a JSON or Python list as text, or names between ``|``, ``;`` or ``,``.

    Raises:
        ValueError: the text begins like a list and is none.
    """
    if isinstance(cell, list):
        return [str(value).strip() for value in cell]
    text = str(cell or "").strip()
    if text.startswith("["):
        try:
            return [str(value).strip() for value in parse_literal(text)]
        except ValueError:
            raise ValueError(f"{text[:40]!r} is no list of labels") from None
    return [part.strip() for part in re.split(r"[|;,]", text) if part.strip()]
