"""CSV files row by row: line breaks and megabytes in a cell, odd bytes, repeated headers and short rows included."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from cinefile.errors import InputError
from cinefile.sources.base import BadRowError, Part
from cinefile.sources.batches import Assemble, Batches, transpose
from cinefile.sources.decoding import decode, text_lines
from cinefile.sources.files import DataFile, Place
from cinefile.sources.rows import Kind, Rows

# A quote that is never closed would swallow the file; more than this in one cell is a broken row.
_CELL_LIMIT = 64_000_000


def as_read(line: int, *cells: Any) -> tuple[Any, ...]:
    """The row as it is, for tables that are parsed column by column."""
    return line, *cells


@dataclass(frozen=True)
class Table:
    """A CSV file of a data set.

    Attributes:
        names: pattern of its usual file names.
        kind: what its rows are.
        required: columns it must have.
        optional: columns read when they are there.
        parse: (line, required values…, optional values or None…) -> a row for `assemble`; raises BadRowError.
        assemble: makes a batch of the rows; as it stands, of rows in the order of the schema.
    """

    names: re.Pattern[str]
    kind: Kind
    required: tuple[str, ...]
    optional: tuple[str, ...]
    parse: Callable[..., tuple[Any, ...]] = as_read
    assemble: Assemble = transpose

    def find(self, place: Place) -> list[Part]:
        """The files of a place that are this table.

        A usual name and most of the required columns will do (`check` then says what is missing); so will any name,
        when all are there and make up at least half of the file.
        """
        return [Part(f, self.read, partial(check, self.required)) for f in place.files.values() if self._fits(f)]

    def _fits(self, file: DataFile) -> bool:
        if not file.name.lower().endswith(".csv"):
            return False
        named = self.names.fullmatch(file.name.lower()) is not None
        if file.size == 0:
            return named
        columns = header(file)
        needed = len(self.required)
        present = len({c.lower() for c in self.required} & set(columns))
        return 2 * present > needed if named else present == needed and 2 * needed >= len(columns)

    def read(self, file: DataFile) -> Iterator[Rows]:
        """All rows of the file."""
        check(self.required, file)
        columns = header(file)
        places = [columns.index(c.lower()) if c.lower() in columns else -1 for c in (*self.required, *self.optional)]
        # One None is put behind every row: what a column that the file lacks reads.
        pick = itemgetter(*places)
        with file.open() as opened:
            out = Batches(self.kind, file.name, opened.position, self.assemble)
            rows = records(text_lines(opened.stream))
            names = next(rows, (1, None, ""))[1]
            for line, fields, raw in rows:
                if fields is None:
                    out.reject(line, f"a cell of over {_CELL_LIMIT:,} characters: is a quote left open?", raw)
                elif len(fields) != len(columns):
                    out.reject(line, f"{len(columns)} columns expected, {len(fields)} found", raw)
                elif fields == names:
                    out.reject(line, "the header again", raw)
                else:
                    fields.append(None)  # type: ignore[arg-type]
                    try:
                        out.add(self.parse(line, *pick(fields)), raw)
                    except BadRowError as error:
                        out.reject(line, str(error), raw)
                if out.full:
                    yield from out.flush()
            yield from out.flush()


def records(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | None, str]]:
    """The records of a CSV file: number of the first line, cells (None when a cell is too long), raw text.

    Blank lines are no records.
    """
    csv.field_size_limit(_CELL_LIMIT)
    seen: list[str] = []
    reader = csv.reader(_remember(lines, seen))
    line = 1
    while True:
        fields: list[str] | None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = None
        if fields is None or fields:
            yield line, fields, seen[0] if len(seen) == 1 else "".join(seen)
        line += len(seen)
        seen.clear()


def _remember(lines: Iterable[str], seen: list[str]) -> Iterator[str]:
    for line in lines:
        seen.append(line)
        yield line


def header(file: DataFile) -> list[str]:
    """Column names of a CSV file, in lower case; empty when its first line is no CSV."""
    try:
        return [c.strip().lower() for c in next(csv.reader(io.StringIO(decode(file.head), newline="")), [])]
    except csv.Error:
        return []


def check(required: Sequence[str], file: DataFile) -> None:
    """See to it that a CSV file has the columns it needs.

    Raises:
        InputError: it is empty or lacks some.
    """
    columns = header(file)
    if not columns:
        raise InputError(f"{file} is empty.", f"Its first line should name the columns: {', '.join(required)}.")
    if missing := [c for c in required if c.lower() not in columns]:
        raise InputError(
            f"{file} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}.",
            f"It has: {', '.join(columns)[:500]}. Nothing was read.",
        )
