"""The database in which an ingest works: the old catalogue's tables are read in, the new file is written out."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from cinefile import settings
from cinefile.catalogue.catalogue_file import check_file, check_version, first_line, literal, memory_limit
from cinefile.catalogue.ingest import values
from cinefile.catalogue.schema import SCHEMA_VERSION, TABLES, create_statements
from cinefile.errors import CatalogueError

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
