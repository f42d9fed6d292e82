"""The database in which an ingest works: the old catalogue's tables are read in, the new file is written out.

The rows of a run are staged there as the readers gave them. Each row keeps its file, its line and a running number, so
that its outcome can be told later: stored, merged, rejected.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from cinefile import settings
from cinefile.catalogue.catalogue_file import check_file, check_version, first_line, literal, memory_limit
from cinefile.catalogue.ingest import values
from cinefile.catalogue.schema import SCHEMA_VERSION, TABLES, create_statements
from cinefile.errors import CatalogueError
from cinefile.sources.contract import CREDIT, FILM, KEYWORD, LINK, REJECT, Kind, Rows

# Rows lie in the order in which they are looked up, so that DuckDB's zone maps skip what is not asked for.
_ORDER = {
    "films": "film_id",
    "aliases": "film_id",
    "external_ids": "kind, film_id",
    "plots": "film_id, source",
    "genres": "film_id",
    "people": "person_id",
    "credits": "film_id, department, position NULLS LAST, person_id",
    "keywords": "film_id",
    "companies": "film_id",
    "countries": "film_id",
    "merges": "film_id",
}
_LARGEST = ("credits", "provenance", "plots", "films")  # written first
BUILT = "catalogue.duckdb"
# A quarter of DuckDB's usual: a full row group is compressed by whoever inserts it, so that two tables' share the
# cores; the rest would be compressed one by one at the end.
_ROW_GROUP = 30720


def start(folder: Path, old: Path | None, block_size: int = 262144) -> duckdb.DuckDBPyConnection:
    """A database that holds the old catalogue's tables, with the new file attached as `target`.

    Args:
        folder: the aside folder; the new file is `BUILT` in it.
        old: the catalogue to add to, or None.
        block_size: bytes of a block of the new file; DuckDB's default suits all but the smallest catalogues.

    Raises:
        CatalogueError: the old file is damaged or of another version.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,  # DuckDB shares out row groups of large tables: ratings. For the others see `together`.
            "memory_limit": memory_limit(),
            "temp_directory": str(folder / "spill"),
            "autoload_known_extensions": False,
        },
    )
    # Nothing of a file that is not finished is ever recovered, so it needs no write-ahead log.
    connection.execute(
        f"ATTACH {literal(str(folder / BUILT))} AS target "
        f"(BLOCK_SIZE {block_size}, ROW_GROUP_SIZE {_ROW_GROUP}, RECOVERY_MODE no_wal_writes)"
    )
    connection.execute("SET checkpoint_threshold = '1TB'; USE target")
    for statement in create_statements():
        connection.execute(statement)
    connection.execute("USE memory")
    for name in TABLES:
        connection.execute(f"CREATE TABLE {name} AS FROM target.{name} LIMIT 0")
    if old is not None:
        _read(connection, old)
    else:
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        connection.execute("INSERT INTO meta VALUES ('schema_version', $v), ('created', $now)",
                           {"v": str(SCHEMA_VERSION), "now": now})  # fmt: skip
    values.load(connection)
    return connection


def _read(connection: duckdb.DuckDBPyConnection, old: Path) -> None:
    check_file(old)
    try:
        connection.execute(f"ATTACH {literal(str(old))} AS old (READ_ONLY); USE old")
        check_version(connection, old)
        connection.execute("USE memory")
        for name in TABLES:
            place = "target.ratings" if name == "ratings" else name
            connection.execute(f"INSERT INTO {place} FROM old.{name}")
        connection.execute("DETACH old")
    except duckdb.Error as error:
        raise CatalogueError(
            f"{old} cannot be added to: {first_line(error)}", "Move it away, and ingest everything anew."
        ) from error


def finish(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables into the new file and close it: complete, no write-ahead log beside it."""
    values.finish(connection)
    others = [name for name in TABLES if name not in (*_LARGEST, "ratings")]
    together(connection, [partial(_write, name) for name in (*_LARGEST, *others)])
    connection.execute("CHECKPOINT target; DETACH target")


def _write(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    order = f"ORDER BY {_ORDER[name]}" if name in _ORDER else ""
    connection.execute(f"INSERT INTO target.{name} BY NAME FROM {name} {order}")


Task = Callable[[duckdb.DuckDBPyConnection], None]
_WORKERS = 2


def together(connection: duckdb.DuckDBPyConnection, tasks: Sequence[Task]) -> None:
    """Run tasks, two at a time, in their order where there is one core only; returns when all are done.

    Args:
        connection: its database is the tasks'; they see its variables, but none of its temporary tables.
        tasks: each is given a connection.

    Raises:
        Exception: the first task's that failed, after all have ended.
    """
    variables = connection.execute("SELECT name, value FROM duckdb_variables()").fetchall()
    cursors = [connection.cursor() for _ in tasks]
    with ThreadPoolExecutor(min(_WORKERS, settings.threads())) as pool:
        futures = [pool.submit(partial(_run, *pair, variables)) for pair in zip(tasks, cursors, strict=True)]
    for future in futures:
        future.result()


def _run(task: Task, cursor: duckdb.DuckDBPyConnection, variables: list[tuple[str, str]]) -> None:
    with cursor:
        for name, value in variables:
            cursor.execute(f"SET VARIABLE {name} = $value", {"value": value})
        task(cursor)


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
