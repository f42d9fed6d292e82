"""Rating files, block by block: numbers are parsed and checked by Arrow, and only a block with a bad row goes line by
line, so that 25 million rows take seconds and little memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from cinefile.sources.contract import RATING, BadRowError, Rows
from cinefile.sources.readers.arrow_batches import RAW_LIMIT, Batches
from cinefile.sources.readers.cells import integer, real
from cinefile.sources.readers.data_files import DataFile
from cinefile.sources.readers.text_lines import decode

_BLOCK = 8 << 20
COLUMNS = {"user_id": pa.int64(), "movielens_id": pa.int64(), "stars": pa.float64(), "rated_at": pa.int64()}
_LOWEST, _HIGHEST = 0.5, 5.0
_LATEST = 4_102_444_800  # 2100-01-01; later times are milliseconds, or nonsense


@dataclass(frozen=True)
class RatingLayout:
    """How the lines of a rating file are laid out.

    Attributes:
        separator: between the values; "::" too.
        columns: for each value of a line, the name of our column or None to leave it out.
        header: whether the first line names the columns.
    """

    separator: str
    columns: Sequence[str | None]
    header: bool

    def read(self, file: DataFile) -> Iterator[Rows]:
        """All rows of the file."""
        with file.open() as opened:
            line = 1
            for block in blocks(opened.stream):
                if line == 1:
                    block = block.removeprefix(b"\xef\xbb\xbf")
                    if self.header:
                        block, line = block[block.find(b"\n") + 1 :], 2
                yield from self.read_block(block, line, file.name, opened.position())
                line += block.count(b"\n")

    def read_block(self, block: bytes, line: int, name: str, position: int = 0) -> Iterator[Rows]:
        """The rows of whole lines, the first of which is number ``line`` of the file ``name``."""
        batch = self._quick(block, line)
        if batch is not None:
            yield Rows("rating", name, batch, position)
        else:
            yield from self._by_line(block, line, name, position)

    def _quick(self, block: bytes, line: int) -> pa.RecordBatch | None:
        """The block as a batch, or None when it holds anything unusual."""
        separator = self.separator
        if len(separator) > 1:
            separator = "\x1f"
            if b"\x1f" in block:
                return None
            block = block.replace(self.separator.encode(), b"\x1f")
        names = [c or f"unused_{i}" for i, c in enumerate(self.columns)]
        wanted = {c: COLUMNS[c] for c in self.columns if c}
        try:
            table = pacsv.read_csv(
                pa.BufferReader(block),
                read_options=pacsv.ReadOptions(column_names=names, block_size=1 << 20),
                parse_options=pacsv.ParseOptions(delimiter=separator, ignore_empty_lines=False),
                convert_options=pacsv.ConvertOptions(
                    column_types={**{n: pa.string() for n in names}, **wanted},
                    include_columns=list(wanted),
                    null_values=[],
                ),
            ).combine_chunks()
        except pa.ArrowInvalid:
            return None
        ends = block.count(b"\n") + (not block.endswith(b"\n"))
        return checked(table, line) if table.num_rows == ends else None

    def _by_line(self, block: bytes, line: int, name: str, position: int) -> Iterator[Rows]:
        out = Batches("rating", name, lambda: position)
        for number, raw in enumerate(block.split(b"\n"), line):
            text = decode(raw[: RAW_LIMIT * 4]).rstrip("\r")
            if not text.strip():
                continue
            try:
                out.add((number, *self._row(text)), text)
            except BadRowError as error:
                out.reject(number, str(error), text)
            if out.full:
                yield from out.flush()
        yield from out.flush()

    def _row(self, text: str) -> tuple[int, int, float, int | None]:
        values = text.split(self.separator)
        if len(values) != len(self.columns):
            raise BadRowError(f"{len(self.columns)} values expected, {len(values)} found")
        row = {c: v.strip().strip('"') for c, v in zip(self.columns, values, strict=True) if c}
        user, film, stars = integer(row["user_id"]), integer(row["movielens_id"]), real(row["stars"])
        if user is None or film is None or user < 0 or film < 0:
            raise BadRowError("user or film is no whole number")
        if stars is None or not _LOWEST <= stars <= _HIGHEST:
            raise BadRowError(f"the rating is not between {_LOWEST} and {_HIGHEST:.0f} stars")
        if "rated_at" not in row:
            return user, film, stars, None
        time = integer(row["rated_at"])
        if time is None or not 0 <= time < _LATEST:
            raise BadRowError("the time is not in seconds since 1970")
        return user, film, stars, time


def checked(table: pa.Table, line: int) -> pa.RecordBatch | None:
    """Typed columns, named and typed as in ``COLUMNS``, as a batch; None when a value of them is not allowed.

    Args:
        table: in one chunk.
        line: of its first row.
    """
    if not _all_good(table):
        return None
    rated_at = pa.nulls(table.num_rows, pa.timestamp("s"))
    if "rated_at" in table.column_names:
        rated_at = table["rated_at"].cast(pa.timestamp("s")).combine_chunks()
    lines = pa.array(np.arange(line, line + table.num_rows, dtype=np.int64))
    arrays = [lines, *(table[c].combine_chunks() for c in ("user_id", "movielens_id"))]
    return pa.RecordBatch.from_arrays(
        [*arrays, table["stars"].cast(pa.float32()).combine_chunks(), rated_at], schema=RATING
    )


def _all_good(table: pa.Table) -> bool:
    def within(column: str, low: float, high: float) -> bool:
        bounds = pc.min_max(table[column])
        return bool(bounds["min"].as_py() >= low and bounds["max"].as_py() <= high)

    return (
        sum(c.null_count for c in table.columns) == 0
        and within("user_id", 0, 1 << 62)
        and within("movielens_id", 0, 1 << 62)
        and within("stars", _LOWEST, _HIGHEST)
        and not pc.any(pc.is_nan(table["stars"])).as_py()
        and ("rated_at" not in table.column_names or within("rated_at", 0, _LATEST - 1))
    )


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Blocks cut at line ends. A line that goes on and on is cut too, so that memory stays small."""
    rest = b""
    while block := stream.read(_BLOCK):
        block = rest + block
        end = block.rfind(b"\n") + 1
        if end == 0 and len(block) > _BLOCK:
            end = len(block)
        if end:
            yield block[:end]
        rest = block[end:]
    if rest:
        yield rest
