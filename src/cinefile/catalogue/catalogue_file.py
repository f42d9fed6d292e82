"""Open a catalogue file for reading: checked first, read-only, one cursor per thread."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from cinefile import settings
from cinefile.errors import CatalogueError

if TYPE_CHECKING:
    pass

import hashlib
import time
from typing import Any

from cinefile.catalogue.schema import SCHEMA_VERSION

# DuckDB's main header: a checksum of 8 bytes, then the magic word.
_MAGIC, _MAGIC_AT = b"DUCK", 8
_REBUILD = "Build it again with: cinefile ingest PATH --db FILE"


class Catalogue:
    """A catalogue file, open for reading. Threads may share it: each takes its own `cursor()`.

    The file is attached to a private in-memory database instead of being connected to by path, because DuckDB keeps
    one instance per path and process: after a rebuild, a second `connect` would silently see the replaced file.
    No statement on a cursor can reach other files.

    Args:
        path: the file that `cinefile ingest` wrote.

    Raises:
        CatalogueError: the file is missing, damaged, no DuckDB file, or of another schema version.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        check_file(self.path)
        self._connection = duckdb.connect(
            ":memory:",
            config={"threads": settings.threads(), "memory_limit": memory_limit(), "autoload_known_extensions": False},
        )
        self._lock = threading.Lock()
        try:
            self._connection.execute(f"ATTACH {literal(str(self.path))} AS catalogue (READ_ONLY)")
            self._connection.execute("USE catalogue; SET enable_external_access = false; SET lock_configuration = true")
            check_version(self._connection, self.path)
        except duckdb.Error as error:
            self._connection.close()
            raise CatalogueError(f"{self.path} cannot be read: {first_line(error)}", _REBUILD) from error
        except CatalogueError:
            self._connection.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the calling thread's own; close it, or use it as a context manager."""
        with self._lock:
            cursor = self._connection.cursor()
        cursor.execute("USE catalogue")
        return cursor

    def close(self) -> None:
        """Let go of the file, once the queries that other threads are in the middle of have ended."""
        with self._lock:
            while True:
                try:
                    self._connection.close()
                    return
                except duckdb.ResourceInUseException:
                    time.sleep(0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_file(path: Path) -> None:
    """Refuse what cannot be a catalogue, before DuckDB (which creates missing files) sees it.

    Raises:
        CatalogueError: the file is missing, a folder, unreadable, empty or no DuckDB file.
    """
    if not path.exists():
        raise CatalogueError(f"There is no catalogue at {path}.", "Make one with: cinefile ingest PATH --db FILE")
    if not path.is_file():
        raise CatalogueError(f"{path} is not a file.", "A catalogue is one file, for example films.duckdb.")
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_AT + len(_MAGIC))
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}.", "Check who may read it.") from error
    if head[_MAGIC_AT:] != _MAGIC:
        raise CatalogueError(f"{path} is not a catalogue (no DuckDB file, or its start is damaged).", _REBUILD)


def check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a DuckDB file of other making, or of another version of the tables.

    Args:
        connection: its current database is the file.
        path: for the message.

    Raises:
        CatalogueError: see above.
    """
    try:
        rows = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        rows = []
    if not rows:
        raise CatalogueError(f"{path} is a DuckDB file, but not a catalogue of cinefile.", _REBUILD)
    if (version := rows[0][0]) != str(SCHEMA_VERSION):
        raise CatalogueError(
            f"{path} has tables of version {version}; this cinefile reads version {SCHEMA_VERSION}.", _REBUILD
        )


def fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a short hash of what a catalogue was made of.

    It changes when something is ingested, not when the file is copied.
    """
    runs = connection.execute("SELECT run_id, checksum, started FROM runs ORDER BY run_id").fetchall()
    return hashlib.blake2b(repr(runs).encode(), digest_size=8).hexdigest()


def memory_limit() -> str:
    """The setting in a form that DuckDB takes in its configuration."""
    return str(settings.get("memory_limit"))


def number(connection: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """The single number that a statement gives; 0 when it gives no row.

    All rows are fetched: DuckDB takes no other statement while a result is unfinished.
    """
    rows = connection.execute(statement, dict(parameters or {})).fetchall()
    return int(rows[0][0]) if rows else 0


def literal(text: str) -> str:
    """A text as an SQL string literal, for the statements that take no parameters (ATTACH, SET)."""
    return "'" + text.replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """The first line of an error of DuckDB: the rest repeats the statement."""
    return str(error).split("\n", 1)[0]


_STARTER = Path(__file__).resolve().parents[1] / "starter" / "starter.duckdb"


def default_path() -> Path:
    """$CINEFILE_DB, else `cinefile.duckdb` in the current folder if it is there, else the starter catalogue.

    Raises:
        CatalogueError: there is none of these.
    """
    named = Path(str(settings.get("db"))).expanduser()
    if os.environ.get("CINEFILE_DB") or named.is_file():
        return named
    if _STARTER.is_file():
        return _STARTER
    raise CatalogueError(
        "There is no catalogue: $CINEFILE_DB is not set, no cinefile.duckdb here, and no starter catalogue installed.",
        "Make one with: cinefile ingest PATH --db FILE",
    )
