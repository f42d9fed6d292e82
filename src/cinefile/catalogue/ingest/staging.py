"""The rows of one run, as the readers gave them, in tables of the build's own database.

Each row keeps its file, its line and a running number, so that its outcome can be told later: stored, merged, rejected.
"""

from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from cinefile.sources.contract import CREDIT, FILM, KEYWORD, LINK, REJECT, Kind, Rows

_STAGED: dict[Kind, pa.Schema] = {"film": FILM, "credit": CREDIT, "keyword": KEYWORD, "link": LINK, "reject": REJECT}
# Batches are gathered to about this many rows before they go in: each INSERT costs a millisecond or so.
_GATHER = 8_000


@dataclass
class FileCount:
    """What became of one file's rows; the three outcomes add up to `rows_read`."""

    source: str
    file: str
    rows_read: int = 0
    stored: int = 0
    merged: int = 0
    rejected: int = 0


@dataclass
class Staging:
    """Tables s_film, s_credit, s_keyword, s_link and s_reject of one run.

    Args:
        connection: the build's database; tables of an earlier run are replaced.
        source: name of the run's source.
    """

    connection: duckdb.DuckDBPyConnection
    source: str
    files: list[FileCount] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._row = 0
        self._waiting: dict[Kind, list[pa.RecordBatch]] = {kind: [] for kind in _STAGED}
        for kind, schema in _STAGED.items():
            self.connection.register("empty", _numbered(schema).empty_table())
            self.connection.execute(f"CREATE OR REPLACE TABLE s_{kind} AS FROM empty")
            self.connection.unregister("empty")

    def file_number(self, name: str) -> int:
        """Index into `files` of the file of that name, added when new."""
        if name not in self._numbers:
            self._numbers[name] = len(self.files)
            self.files.append(FileCount(self.source, name))
        return self._numbers[name]

    def add(self, rows: Rows) -> None:
        """Take a batch of any kind but ratings."""
        number = self.file_number(rows.file)
        size = rows.batch.num_rows
        self.files[number].rows_read += size
        columns = [
            pa.array(np.arange(self._row, self._row + size)),
            pa.array(np.full(size, number, dtype=np.int32)),
            *rows.batch.columns,
        ]
        self._row += size
        waiting = self._waiting[rows.kind]
        waiting.append(pa.RecordBatch.from_arrays(columns, schema=_numbered(_STAGED[rows.kind])))
        if sum(b.num_rows for b in waiting) >= _GATHER:
            self._flush(rows.kind)

    def flush(self) -> None:
        """Write what is still gathered; afterwards the tables are complete."""
        for kind in _STAGED:
            self._flush(kind)

    def _flush(self, kind: Kind) -> None:
        if self._waiting[kind]:
            self.connection.register("batch", pa.Table.from_batches(self._waiting[kind]))
            self.connection.execute(f"INSERT INTO s_{kind} FROM batch")
            self.connection.unregister("batch")
            self._waiting[kind] = []
            pa.default_memory_pool().release_unused()  # DuckDB cannot use what Arrow keeps for later


def _numbered(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field("row", pa.int64()), pa.field("file_no", pa.int32()), *schema])
