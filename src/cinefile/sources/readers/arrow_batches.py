"""Rows gathered into Arrow batches."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from cinefile.sources.contract import REJECT, SCHEMAS, Kind, Rows

RAW_LIMIT = 10_000
_ROWS, _CHARACTERS = 4_096, 4_000_000

# (columns, schema) -> a batch, and the rows of it that turned out bad, with the reason. The first column is the line.
Assemble = Callable[[Sequence[Sequence[Any]], pa.Schema], tuple[pa.RecordBatch, dict[int, str]]]


def in_order(columns: Sequence[Sequence[Any]], schema: pa.Schema) -> tuple[pa.RecordBatch, dict[int, str]]:
    """Columns of Python values in the order of the schema's fields, as a batch."""
    arrays = [array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema), {}


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Like `pa.array`; half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes U+FFFD."""
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_whole_characters(v) for v in values], kind)


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [_whole_characters(v) for v in value]
    if isinstance(value, dict):
        return {k: _whole_characters(v) for k, v in value.items()}
    return value


def without(batch: pa.RecordBatch, rows: Container[int]) -> pa.RecordBatch:
    """The batch less some rows."""
    good = [row for row in range(batch.num_rows) if row not in rows]
    return batch if len(good) == batch.num_rows else batch.take(pa.array(good, pa.int64()))


def rejects(rows: Iterable[tuple[int | None, str, str]]) -> pa.RecordBatch:
    """A REJECT batch of (line, reason, raw text), by line."""
    ordered = sorted(((line, reason, raw[:RAW_LIMIT]) for line, reason, raw in rows), key=lambda r: r[0] or 0)
    return in_order(list(zip(*ordered, strict=True)), REJECT)[0]


class Batches:
    """Gathers the rows of one file; `full` says when to `flush`.

    Args:
        kind: of the good rows.
        file: name for provenance.
        position: gives the bytes read so far.
        assemble: makes a batch of the gathered rows' columns.
    """

    def __init__(self, kind: Kind, file: str, position: Callable[[], int], assemble: Assemble = in_order) -> None:
        self._kind = kind
        self._file = file
        self._position = position
        self._assemble = assemble
        self._rows: list[tuple[Any, ...]] = []
        self._raws: list[str] = []
        self._rejects: list[tuple[int | None, str, str]] = []
        self._characters = 0

    def add(self, row: tuple[Any, ...], raw: str) -> None:
        """A row, and the text it came from."""
        self._rows.append(row)
        self._raws.append(raw)
        self._characters += len(raw)

    def reject(self, line: int | None, reason: str, raw: str) -> None:
        """A row that cannot be used."""
        self._rejects.append((line, reason, raw[:RAW_LIMIT]))
        self._characters += min(len(raw), RAW_LIMIT)

    @property
    def full(self) -> bool:
        """Whether enough is gathered for a batch."""
        return len(self._rows) + len(self._rejects) >= _ROWS or self._characters >= _CHARACTERS

    def flush(self) -> Iterator[Rows]:
        """The gathered rows, if any."""
        if self._rows:
            batch, bad = self._assemble(list(zip(*self._rows, strict=True)), SCHEMAS[self._kind])
            for row, reason in bad.items():
                self.reject(self._rows[row][0], reason, self._raws[row])
            batch = without(batch, bad)
            if batch.num_rows:
                yield Rows(self._kind, self._file, batch, self._position())
        if self._rejects:
            yield Rows("reject", self._file, rejects(self._rejects), self._position())
        self._rows, self._raws, self._rejects, self._characters = [], [], [], 0
