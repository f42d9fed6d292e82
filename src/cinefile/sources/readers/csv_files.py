"""CSV files row by row: line breaks and megabytes in a cell, odd bytes, repeated headers and short rows included."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from cinefile.errors import InputError
from cinefile.sources.contract import SCHEMAS, BadRowError, DataPart, Kind, Rows
from cinefile.sources.readers.arrow_batches import Assemble, Batches, in_order, rejects, without
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.text_lines import decode, text_lines

# A quote that is never closed would swallow the file; more than this in one cell is a broken row.
_CELL_LIMIT = 64_000_000
_BLOCK = 1 << 20  # Arrow reads up to 32 blocks ahead


@dataclass(frozen=True)
class CsvTable:
    """A CSV file of a data set.

    Attributes:
        names: pattern of its usual file names.
        kind: what its rows are.
        required: columns it must have.
        optional: columns read when they are there.
        parse: (line, required values…, optional values or None…) -> a row in the order of the schema; raises
            BadRowError. None for a table that `assemble` parses column by column.
        assemble: makes a batch of the columns line, required and optional, or of what `parse` gives.
        slow: whether its rows are parsed in Python for a good part, see Part.
    """

    names: re.Pattern[str]
    kind: Kind
    required: tuple[str, ...]
    optional: tuple[str, ...]
    parse: Callable[..., tuple[Any, ...]] | None = None
    assemble: Assemble = in_order
    slow: bool = False

    def find(self, place: Place) -> list[DataPart]:
        """The files of a place that are this table.

        A usual name and most of the required columns will do (`check` then says what is missing); so will any name,
        when all are there and make up at least half of the file.
        """
        found = [f for f in place.files.values() if self._fits(f)]
        return [DataPart(f, self.read, partial(check, self.required), self.slow) for f in found]

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
        done = 0
        if self.parse is None:
            try:
                for rows, count in self._quick(file):
                    yield from rows
                    done += count
                return
            except pa.ArrowInvalid:
                pass  # an odd byte, a short row, a cell of megabytes: from here on row by row
        yield from self._exact(file, done)

    def _quick(self, file: DataFile) -> Iterator[tuple[list[Rows], int]]:
        """Batches parsed by Arrow, and their rows. Raises ArrowInvalid at the first that is out of the ordinary."""
        columns, wanted = header(file), [c.lower() for c in (*self.required, *self.optional)]
        first = pa.scalar(columns[0])
        line = 2
        with file.open() as opened:
            for table in arrow_batches(opened.stream, len(columns)):
                if pc.any(pc.equal(pc.utf8_lower(table.column(0)), first)).as_py():
                    raise pa.ArrowInvalid("maybe the header again")
                breaks = sum(pc.count_substring(c, "\n").to_numpy(zero_copy_only=False) for c in table.columns)
                ends = line + np.cumsum(1 + np.asarray(breaks, np.int64))
                lines = np.concatenate([[line], ends[:-1]])
                line = int(ends[-1])
                nothing = (None,) * table.num_rows
                cells = [table.column(columns.index(c)) if c in columns else nothing for c in wanted]
                batch, bad = self.assemble([pa.array(lines), *cells], SCHEMAS[self.kind])
                good, rows = without(batch, bad), []
                if good.num_rows:
                    rows.append(Rows(self.kind, file.name, good, opened.position()))
                if bad:
                    raws = [(int(lines[r]), why, _as_csv(table.slice(r, 1))) for r, why in bad.items()]
                    rows.append(Rows("reject", file.name, rejects(raws), opened.position()))
                yield rows, table.num_rows

    def _exact(self, file: DataFile, skip: int) -> Iterator[Rows]:
        """All rows after the first `skip`, read one by one."""
        columns = header(file)
        places = [columns.index(c.lower()) if c.lower() in columns else -1 for c in (*self.required, *self.optional)]
        # One None is put behind every row: what a column that the file lacks reads.
        pick = itemgetter(*places)
        with file.open() as opened, text_lines(opened.stream) as text:
            out = Batches(self.kind, file.name, opened.position, self.assemble)
            rows = records(text)
            names = next(rows, (1, None, ""))[1]
            for line, fields, raw in islice(rows, skip, None):
                if fields is None:
                    out.reject(line, f"a cell of over {_CELL_LIMIT:,} characters: is a quote left open?", raw)
                elif len(fields) != len(columns):
                    out.reject(line, f"{len(columns)} columns expected, {len(fields)} found", raw)
                elif fields == names:
                    out.reject(line, "the header again", raw)
                else:
                    fields.append(None)  # type: ignore[arg-type]
                    values = pick(fields)
                    try:
                        out.add(self.parse(line, *values) if self.parse else (line, *values), raw)
                    except BadRowError as error:
                        out.reject(line, str(error), raw)
                if out.full:
                    yield from out.flush()
            yield from out.flush()


def arrow_batches(stream: BinaryIO, width: int) -> Iterator[pa.RecordBatch]:
    """All cells of a CSV file as text, without its header.

    Raises:
        pa.ArrowInvalid: a row of another width, bytes that are no UTF-8, a row that fills a block.
    """
    names = [f"c{i}" for i in range(width)]
    with pacsv.open_csv(
        stream,
        read_options=pacsv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=1, use_threads=False),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    ) as reader:
        for batch in reader:
            if batch.num_rows:
                yield batch


def _as_csv(row: pa.RecordBatch) -> str:
    """A row as the text that it was, but for needless quotes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([c[0].as_py() for c in row.columns])
    return out.getvalue()


def records(lines: Iterable[str], separator: str = ",") -> Iterator[tuple[int, list[str] | None, str]]:
    """The records of a CSV file: number of the first line, cells (None when a cell is too long), raw text.

    Blank lines are no records.
    """
    csv.field_size_limit(_CELL_LIMIT)
    seen: list[str] = []
    reader = csv.reader(_remember(lines, seen), delimiter=separator)
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
    """Check that a CSV file has the columns it needs.

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
