"""The latest round of a training run, kept so that a stopped run goes on: on one machine and on a cluster alike."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile import atomic_files
from cinefile.errors import ModelError

_FILE = "round.npz"
_FACTS = "facts"


class CheckpointFolder(Protocol):
    """Where a checkpoint's file lies."""

    def write(self, name: str, writer: Callable[[Any], Any]) -> None:
        """Write a file, whole or not at all."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""


class LocalFolder:
    """A folder on this machine; it is made with its first file, and goes with its last."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, writer: Callable[[Any], Any]) -> None:
        """See ``CheckpointFolder``.

        Raises:
            ModelError: it cannot be written.
        """
        aside = self._path / f".{name}"
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as stream:
                writer(stream)
        except OSError as error:
            raise ModelError(f"{self._path} cannot be written: {error.strerror}.", "Make room there.") from error
        atomic_files.replace(aside, self._path / name)

    def read(self, name: str) -> bytes | None:
        """See ``CheckpointFolder``."""
        file = self._path / name
        return file.read_bytes() if file.is_file() else None

    def remove(self, name: str) -> None:
        """See ``CheckpointFolder``."""
        (self._path / name).unlink(missing_ok=True)
        if self._path.is_dir() and not any(self._path.iterdir()):
            self._path.rmdir()


class Checkpoint:
    """One file, replaced after every round.

    Args:
        folder: where it lies.
        run: what makes a run the same run (ratings, settings, films), as JSON. A round of another run is not taken up.
    """

    def __init__(self, folder: CheckpointFolder, run: Mapping[str, Any]) -> None:
        self._folder, self._run = folder, json.loads(json.dumps(run))

    def keep(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Write a finished round in place of the one before.

        Raises:
            ModelError: it cannot be written.
        """
        document = json.dumps({"run": self._run, **facts}).encode()
        buffer = io.BytesIO()
        contents: dict[str, Any] = {_FACTS: np.frombuffer(document, np.uint8), **arrays}
        np.savez(buffer, **contents)
        self._folder.write(_FILE, lambda stream: stream.write(buffer.getbuffer()))

    def last(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
        """Arrays and facts of this run's last finished round; None where there is none, or only one of another run.

        Raises:
            ModelError: the file is damaged.
        """
        content = self._folder.read(_FILE)
        if content is None:
            return None
        try:
            with np.load(io.BytesIO(content)) as file:
                facts = json.loads(file[_FACTS].tobytes())
                same = facts["run"] == self._run
                return ({name: file[name] for name in file.files if name != _FACTS}, facts) if same else None
        except (BadZipFile, EOFError, KeyError, ValueError) as error:
            raise ModelError(f"The checkpoint {_FILE} is damaged: {error}.", "Remove it to start over.") from error

    def clear(self) -> None:
        """Remove the round, where it is of this run."""
        if self.last() is not None:
            self._folder.remove(_FILE)


def fingerprint(*parts: Any) -> str:
    """SHA-256 of arrays and sparse matrices, by their bytes, and of all else by its text."""
    digest = hashlib.sha256()
    for part in parts:
        arrays = [part.data, part.indices, part.indptr] if sp.issparse(part) else [part]
        for array in arrays:
            is_array = isinstance(array, np.ndarray)
            digest.update(np.ascontiguousarray(array).data if is_array else repr(array).encode())
    return digest.hexdigest()
