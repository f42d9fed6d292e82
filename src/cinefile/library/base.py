"""The open catalogue under a library."""

import os
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.open import Catalogue
from cinefile.errors import CinefileError
from cinefile.library.opening import default_path


class OpenCatalogue:
    """Opens on construction; what is loaded from it is loaded on first use.

    Args:
        path: catalogue file; None as in `cinefile.open`.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._stamp = _stamp(self.path)
        self.catalogue = Catalogue(self.path)
        self._lock = threading.RLock()
        self._closed = threading.Event()

    @cached_property
    def facts(self) -> Facts:
        """Columns of the catalogue in memory."""
        return Facts(self.catalogue)

    def replaced(self) -> bool:
        """Whether another file has been put in the catalogue's place since it was opened."""
        stamp = _stamp(self.path)
        return stamp is not None and stamp != self._stamp

    def in_background(self, work: Callable[[], object], name: str) -> None:
        """Do some work in a thread of its own; that the library is closed meanwhile ends it, and is no error."""

        def run() -> None:
            try:
                work()
            except (duckdb.Error, CinefileError):
                if not self._closed.is_set():
                    raise

        threading.Thread(target=run, daemon=True, name=name).start()

    def close(self) -> None:
        """Let go of the file."""
        self._closed.set()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
