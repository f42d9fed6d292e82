"""`ingest`: data sets in, a catalogue file out, whole or not at all."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import duckdb

from cinefile import settings
from cinefile.atomic_files import aside, replace
from cinefile.catalogue.catalogue_file import Catalogue, first_line, number
from cinefile.catalogue.ingest import workspace
from cinefile.catalogue.ingest.run import Run
from cinefile.catalogue.ingest.workspace import FileCount
from cinefile.errors import CatalogueError, InputError
from cinefile.progress import Progress, Silent
from cinefile.sources.contract import DataPart, Dataset, Rows
from cinefile.sources.registry import recognise


@dataclass
class IngestResult:
    """What a build did. Over all files, and for each, stored + merged + rejected == rows_read.

    Attributes:
        films, people, ratings: in the catalogue afterwards.
        rows_read: rows of the files.
        stored: rows that added a film, or the first of its kind to a film.
        merged: rows that went into a film, credit list or rating that was there.
        rejected: rows kept in `rejects` with their reason.
        seconds: wall time.
        unchanged: data sets that the catalogue held already, to the byte; their rows count as merged.
        files: the same figures for each file.
    """

    films: int = 0
    people: int = 0
    ratings: int = 0
    rows_read: int = 0
    stored: int = 0
    merged: int = 0
    rejected: int = 0
    seconds: float = 0.0
    unchanged: list[str] = field(default_factory=list)
    files: list[FileCount] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, for JSON."""
        return asdict(self) | {"seconds": round(self.seconds, 3)}


@dataclass(frozen=True)
class _Known:
    """A run that the catalogue holds."""

    run_id: int
    files: list[FileCount]


def ingest(paths: str | Path | Sequence[str | Path], db: str | Path, progress: Progress | None = None) -> IngestResult:
    """Read data sets into a catalogue: a new one, or merged into the one that is there.

    A data set that the catalogue holds already, to the byte, is not read again, unless rows of it were rejected for
    want of a film and others have been added since. The file is replaced at the end, in one step.

    Args:
        paths: folders, zips or files of known formats; one alone may stand without a list.
        db: the catalogue file.
        progress: told how far it is.

    Raises:
        UnknownFormatError, InputError: a path is of no known format, or damaged.
        CatalogueBusyError: another build holds the catalogue.
        CatalogueError: it cannot be written, or the old one is damaged.
    """
    paths = [paths] if isinstance(paths, str | Path) else paths
    if not paths:
        raise InputError("Nothing to ingest.", "Name at least one folder, zip or file.")
    began = time.perf_counter()
    progress = progress or Silent()
    target = Path(db)
    datasets = [d for path in paths for d in recognise(path)]
    result = IngestResult()
    with aside(target) as folder:
        try:
            _build(datasets, target, folder, result, progress)
        except duckdb.OutOfMemoryException as error:
            raise CatalogueError(
                f"Memory ran out: {first_line(error)}", "Set CINEFILE_MEMORY_LIMIT higher, or make room on the disk."
            ) from error
        except (duckdb.IOException, OSError) as error:
            raise CatalogueError(
                f"{target} could not be written: {first_line(error)}", "Make room on the disk; it is as it was before."
            ) from error
    for count in result.files:
        result.rows_read += count.rows_read
        result.stored += count.stored
        result.merged += count.merged
        result.rejected += count.rejected
    result.seconds = time.perf_counter() - began
    return result


def _build(datasets: list[Dataset], target: Path, folder: Path, result: IngestResult, progress: Progress) -> None:
    old = target if target.exists() else None
    sums = [_checksum(d) for d in datasets]
    known = _known_runs(old)
    pending = [n for n, s in enumerate(sums) if s not in known]
    for n, checksum in enumerate(sums):
        if checksum in known and not (pending and any(f.rejected for f in known[checksum].files)):
            result.unchanged.append(datasets[n].name)
            result.files += [_again(f) for f in known[checksum].files]
        elif checksum in known:
            pending.append(n)
    if old is not None and not pending:
        _totals(old, result)
        return
    connection = workspace.start(folder, old)
    try:
        for n in sorted(set(pending)):
            result.files += _run(connection, datasets[n], sums[n], progress)
        progress.begin("writing the catalogue")
        workspace.finish(connection)
    finally:
        connection.close()
    _totals(folder / workspace.BUILT, result)
    replace(folder / workspace.BUILT, target)


def _run(connection: duckdb.DuckDBPyConnection, dataset: Dataset, checksum: str, progress: Progress) -> list[FileCount]:
    began, started = time.perf_counter(), datetime.now(UTC).replace(tzinfo=None)
    earlier = "SELECT run_id FROM runs WHERE checksum = $checksum"
    connection.execute(f"DELETE FROM rejects WHERE run_id IN ({earlier})", {"checksum": checksum})
    run_id = number(connection, "SELECT coalesce(max(run_id), 0) + 1 FROM runs")
    progress.begin(dataset.name, dataset.size)
    run = Run(connection, dataset.source, dataset.name, run_id, progress)
    files = run.take(_watched(dataset, progress))
    connection.executemany(
        "INSERT INTO run_files VALUES (?, ?, ?, ?, ?, ?)",
        [(run_id, f.file, f.rows_read, f.stored, f.merged, f.rejected) for f in files],
    )
    totals = [sum(getattr(f, name) for f in files) for name in ("rows_read", "stored", "merged", "rejected")]
    connection.execute(
        "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [run_id, dataset.source.name, str(dataset.path), checksum, started, time.perf_counter() - began, *totals],
    )
    return files


def _watched(dataset: Dataset, progress: Progress) -> Iterator[Rows]:
    done: dict[str, int] = {}
    rows, start = 0, time.monotonic()
    for batch in read_ahead(dataset):
        done[batch.file] = batch.bytes_read
        rows += batch.batch.num_rows
        rate = rows / max(time.monotonic() - start, 1e-3)
        progress.advance(sum(done.values()), note=f"{rows:,} rows, {rate:,.0f}/s")
        yield batch


def _checksum(dataset: Dataset) -> str:
    digest = hashlib.sha256(dataset.source.name.encode())
    for file in dataset.files:
        digest.update(f"\n{file.name} {file.size} {file.sha256()}".encode())
    return digest.hexdigest()


def _known_runs(old: Path | None) -> dict[str, _Known]:
    """The last run of each checksum that the catalogue holds."""
    if old is None:
        return {}
    known: dict[str, _Known] = {}
    with Catalogue(old) as catalogue, catalogue.cursor() as cursor:
        for run_id, checksum, source in cursor.execute(
            "SELECT run_id, checksum, source FROM runs ORDER BY run_id"
        ).fetchall():
            files = cursor.execute(
                "SELECT file, rows_read, stored, merged, rejected FROM run_files WHERE run_id = ? ORDER BY rowid",
                [run_id],
            ).fetchall()
            known[checksum] = _Known(run_id, [FileCount(source, *f) for f in files])
    return known


def _again(file: FileCount) -> FileCount:
    """A file read before: what it stored then is there, so now its rows are merged."""
    return FileCount(file.source, file.file, file.rows_read, 0, file.stored + file.merged, file.rejected)


def _totals(path: Path, result: IngestResult) -> None:
    with Catalogue(path) as catalogue, catalogue.cursor() as cursor:
        result.films, result.people, result.ratings = (
            number(cursor, f"SELECT count(*) FROM {table}") for table in ("films", "people", "ratings")
        )


# Batches held at most; one comes from one or two megabytes of a file.
_AHEAD = 16


# None ends a file; an exception stands in place of what follows where a file is damaged.
_Item = Rows | None | Exception


def read_ahead(dataset: Dataset) -> Iterator[Rows]:
    """The same rows in the same order as `dataset.read()`.

    Raises:
        InputError: a file is damaged or cut off.
    """
    slow = [p for p in dataset.parts[1:] if p.slow]
    if not slow or settings.threads() < 2:
        yield from dataset.read()
        return
    with _started(slow) as items:
        for part in dataset.parts:
            yield from _taken(items) if part in slow else part.read(part.file)


@contextmanager
def _started(parts: list[DataPart]) -> Iterator["Queue[_Item]"]:
    items: Queue[_Item] = Queue(_AHEAD)
    stop = Event()
    thread = Thread(target=_read, args=(parts, items, stop))
    thread.start()
    try:
        yield items
    finally:
        stop.set()
        while thread.is_alive():  # it may be waiting for room
            while not items.empty():
                items.get()
            thread.join(0.01)


def _read(parts: list[DataPart], items: "Queue[_Item]", stop: Event) -> None:
    try:
        for part in parts:
            for rows in part.read(part.file):
                items.put(rows)
                if stop.is_set():
                    return
            items.put(None)
    except Exception as error:
        items.put(error)  # raised where the rows are taken


def _taken(items: "Queue[_Item]") -> Iterator[Rows]:
    while (item := items.get()) is not None:
        if isinstance(item, Exception):
            raise item
        yield item
