"""Replace a file whole or not at all: a lock, a folder aside, a rename."""

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from cinefile.errors import CatalogueBusyError, CatalogueError


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """Lock `target`, and give an empty folder beside it to build in; it is gone afterwards.

    Raises:
        CatalogueBusyError: another build holds the target; the message says which and since when.
        CatalogueError: the folder is missing or cannot be written to.
    """
    folder = target.parent
    if not folder.is_dir():
        raise CatalogueError(f"There is no folder {folder} for the catalogue.", "Create it, or choose another --db.")
    with _locked(target):
        work = folder / f".{target.name}.build"
        try:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        except OSError as error:
            raise _unwritable(folder, error) from error
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def replace(built: Path, target: Path) -> None:
    """Put a finished file in the target's place, durably: contents first, then the name.

    Raises:
        CatalogueError: the disk is full or fails; the target is as it was.
    """
    try:
        with built.open("rb+") as file:
            os.fsync(file.fileno())
        built.replace(target)
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise CatalogueError(f"{target} could not be written: {error.strerror}.", "It is as it was before.") from error


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    path = target.with_name(f"{target.name}.lock")
    file = _acquire(path, target)
    try:
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}, file)
        file.flush()
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        file.close()


def _acquire(path: Path, target: Path) -> IO[str]:
    while True:
        try:
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path.parent, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = _holder(file.read())
            file.close()
            raise CatalogueBusyError(
                f"Another build of {target} is running{holder}.", "Wait for it to end, or stop that process."
            ) from None
        # The holder before us may have removed the file between our open and our lock: then we hold nothing.
        with suppress(FileNotFoundError):
            if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                return file
        file.close()


def _holder(text: str) -> str:
    try:
        said = json.loads(text)
        return f" (process {said['pid']} on {said['host']}, since {said['since']})"
    except (ValueError, KeyError, TypeError):
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(sep=" ", timespec="seconds")


def _unwritable(folder: Path, error: OSError) -> CatalogueError:
    return CatalogueError(
        f"The catalogue cannot be written in {folder}: {error.strerror}.",
        "Choose another --db, or make room or get write access there.",
    )
