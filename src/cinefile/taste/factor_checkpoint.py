"""What the factor model's training leaves on disk after every round, so that a stopped run goes on from there."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.taste.blocks import LocalLoop
from cinefile.taste.factor_state import Trained

_KIND = "factor-training"


def fingerprint(*parts: Any) -> str:
    """SHA-256 of settings and of the ratings they apply to; arrays by their bytes, all else by its text."""
    digest = hashlib.sha256()
    for part in parts:
        arrays = [part.data, part.indices, part.indptr] if sp.issparse(part) else [part]
        for array in arrays:
            is_array = isinstance(array, np.ndarray)
            digest.update(np.ascontiguousarray(array).data if is_array else repr(array).encode())
    return digest.hexdigest()


class Checkpoint:
    """A folder that holds the latest round.

    Args:
        folder: where; written whole or not at all.
        key: what the run is made of, see ``fingerprint``; a state of another run is left alone and not used.
        loop: the run's blocks, whose people's weights belong to a round.
    """

    def __init__(self, folder: Path, key: str, loop: LocalLoop) -> None:
        self._folder, self._key, self._loop = folder, key, loop

    def keep(self, state: Trained) -> None:
        """Write the state after a round.

        Raises:
            ModelError: it cannot be written.
        """
        arrays = state.arrays() | {"kept": self._loop.kept()}
        write_folder(self._folder, kind=_KIND, facts={"key": self._key, **state.facts()}, arrays=arrays)

    def last(self) -> Trained | None:
        """The state of an earlier run of the same ratings and settings, which the loop takes up too; None if none.

        Raises:
            ModelError: the folder is damaged.
        """
        if not self._folder.exists():
            return None
        folder = ModelFolder(self._folder, kind=_KIND)
        if folder.facts["key"] != self._key:
            return None
        arrays = folder.arrays()
        self._loop.take_up(arrays["kept"])
        return Trained.of(arrays, folder.facts)

    def clear(self) -> None:
        """Remove the folder, where it is this run's."""
        if self._folder.exists() and ModelFolder(self._folder, kind=_KIND, verify=False).facts["key"] == self._key:
            shutil.rmtree(self._folder)
