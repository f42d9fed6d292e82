"""Rating files in pieces that tasks can read side by side, each through the same cleaning as everywhere (`sources`)."""

import gzip
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cinefile.errors import InputError, UnknownFormatError
from cinefile.sources.contract import Rows
from cinefile.sources.movielens import RATING_COLUMNS, RATINGS_NEED
from cinefile.sources.readers.rating_files import COLUMNS, RatingLayout, blocks, checked
from cinefile.spark.shared_files import files_under, open_file

_PIECE = 32 << 20  # bytes of a CSV file, about; a task holds the ratings of one
_BLOCK = 8 << 20
_ROWS = 1 << 18
_ENDINGS = (".csv", ".csv.gz", ".parquet")
# Parquet files come with our own names as often as with MovieLens'.
_NAMES = {**RATING_COLUMNS, **{name: name for name in COLUMNS}, "movie_id": "movielens_id"}


@dataclass(frozen=True)
class Piece:
    """A part of a file.

    Attributes:
        number: its place in the order of all rows.
        uri: of the file.
        columns: of the file, as our names; None for those not wanted.
        start, end: bytes of a CSV file, or row groups of a Parquet file.
        line: number of its first row in the file, or None where it takes reading all before to know.
    """

    number: int
    uri: str
    columns: tuple[str | None, ...]
    start: int
    end: int
    line: int | None

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.uri.rsplit("/", 1)[-1].removesuffix(".gz")


def pieces(uris: Sequence[str], size: int = _PIECE) -> list[Piece]:
    """The rating files under some paths, in pieces, in the order of their names.

    Files of other tables are left alone, and so is a small copy of the ratings beside the whole.

    Raises:
        UnknownFormatError: there are no ratings.
        InputError: a path does not exist, or a file is damaged.
    """
    files = [file for uri in uris for file in files_under(uri, _ENDINGS)]
    with ThreadPoolExecutor(16) as pool:
        found = [f for f in pool.map(lambda file: _cut(file[0], file[1], size), files) if f]
    whole = [f for f in found if "_small" not in f[0].uri.rsplit("/", 1)[-1]] or found
    if not whole:
        raise UnknownFormatError(
            f"No ratings at {', '.join(uris)}.",
            f"The Spark engine reads .csv, .csv.gz and .parquet with the columns {', '.join(RATINGS_NEED)}, and "
            "timestamp if known. For other formats leave --engine spark out.",
        )
    every = [piece for file in whole for piece in file]
    return [Piece(n, p.uri, p.columns, p.start, p.end, p.line) for n, p in enumerate(every)]


def _cut(uri: str, bytes_: int, size: int) -> list[Piece]:
    if uri.lower().endswith(".parquet"):
        try:
            with open_file(uri) as raw:
                meta = pq.ParquetFile(raw).metadata
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{uri} is no Parquet file: {error}.") from error
        columns = _ours(meta.schema.to_arrow_schema().names)
        if columns is None:
            return []
        line, found = 1, []
        for group in range(meta.num_row_groups):
            found.append(Piece(0, uri, columns, group, group + 1, line))
            line += meta.row_group(group).num_rows
        return found
    with open_file(uri) as raw:
        head = raw.read(1 << 16)
    packed = uri.lower().endswith(".gz")
    if packed:
        head = gzip.GzipFile(fileobj=pa.BufferReader(head)).readline()
    names = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    columns = _ours([name.strip().strip('"') for name in names.split(",")])
    if columns is None:
        return []
    step = bytes_ if packed else size
    starts = range(0, max(bytes_, 1), max(step, 1))
    return [Piece(0, uri, columns, s, min(s + step, bytes_), 1 if s == 0 else None) for s in starts]


def _ours(names: Sequence[str]) -> tuple[str | None, ...] | None:
    """Our names of a file's columns; None when it holds no ratings."""
    found = tuple(_NAMES.get(name.lower()) for name in names)
    return found if {RATING_COLUMNS[n.lower()] for n in RATINGS_NEED} <= set(found) else None


class Reader:
    """Reads one piece; afterwards ``lines`` says how many lines it had.

    Args:
        piece: which.
    """

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self.lines = 0

    def rows(self) -> Iterator[Rows]:
        """Ratings and rejects; where the piece does not know its first line, lines count from 1."""
        piece = self._piece
        with open_file(piece.uri) as raw:
            if piece.uri.lower().endswith(".parquet"):
                yield from self._parquet(raw)
            elif piece.uri.lower().endswith(".gz"):
                yield from self._csv(blocks(cast(BinaryIO, gzip.GzipFile(fileobj=raw))))
            else:
                yield from self._csv(_lines(raw, piece.start, piece.end))

    def _csv(self, some: Iterator[bytes]) -> Iterator[Rows]:
        layout = RatingLayout(",", self._piece.columns, header=True)
        for block in some:
            line = self.lines + 1
            self.lines += block.count(b"\n")
            if line == 1 and self._piece.start == 0:
                block, line = block[block.find(b"\n") + 1 :], 2
            if block:
                yield from layout.read_block(block, line, self._piece.file)

    def _parquet(self, raw: Any) -> Iterator[Rows]:
        piece = self._piece
        groups = list(range(piece.start, piece.end))
        line = piece.line or 1
        parquet = pq.ParquetFile(raw)
        wanted = {n: ours for n, ours in enumerate(piece.columns) if ours}
        names = [parquet.schema_arrow.names[n] for n in wanted]
        layout = RatingLayout(",", list(wanted.values()), header=False)
        for batch in parquet.iter_batches(_ROWS, row_groups=groups, columns=names):
            table = pa.table({ours: batch.column(name) for ours, name in zip(wanted.values(), names, strict=True)})
            yield from _typed(table, line, layout, piece.file)
            line += batch.num_rows


def _typed(table: pa.Table, line: int, layout: RatingLayout, name: str) -> Iterator[Rows]:
    at = table.schema.get_field_index("rated_at")
    if at >= 0 and pa.types.is_timestamp(table.schema.field(at).type):
        seconds = table["rated_at"].cast(pa.timestamp("s"), safe=False).cast(pa.int64())
        table = table.set_column(at, "rated_at", seconds)
    try:
        numbers = table.cast(pa.schema([(c, COLUMNS[c]) for c in table.column_names])).combine_chunks()
        batch = checked(numbers, line)
    except pa.ArrowInvalid:
        batch = None
    if batch is not None:
        yield Rows("rating", name, batch)
        return
    # As text, row by row, it meets the same rules and reasons as a line of a CSV file.
    texts = [pc.fill_null(c.cast(pa.string()), "") for c in table.columns]
    rows = pc.binary_join_element_wise(*texts, ",").to_pylist()
    yield from layout.read_block("\n".join(rows).encode(), line, name)


def _lines(raw: Any, start: int, end: int) -> Iterator[bytes]:
    """Blocks of the whole lines that begin in a range of bytes."""
    if start:
        raw.seek(start - 1)
        _to_line_end(raw)
    while (at := raw.tell()) < end:
        block = raw.read(min(_BLOCK, end - at))
        if not block.endswith(b"\n"):
            block += _to_line_end(raw)
        yield block.removeprefix(b"\xef\xbb\xbf") if at == 0 else block


def _to_line_end(raw: Any) -> bytes:
    """The rest of a line, its end included; of a line that goes on and on, a block."""
    rest = b""
    while len(rest) < _BLOCK:
        at = raw.tell()
        more = raw.read(1 << 12)
        if not more:
            break
        stop = more.find(b"\n") + 1
        if stop:
            raw.seek(at + stop)
            return rest + bytes(more[:stop])
        rest += bytes(more)
    return rest
