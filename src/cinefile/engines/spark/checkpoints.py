"""Checkpoints between rounds: what a stopped driver goes on from."""

import io
import json
from typing import Any

import numpy as np

from cinefile.engines.spark.files import Folder
from cinefile.engines.spark.loop import kept_folder
from cinefile.taste.factor_state import Trained

_LAST = "last.json"


class Checkpoints:
    """Rounds of one training run in its work folder. The people's part of a round lies there already (`loop`).

    Args:
        folder: of the run.
        run: what makes a run the same run: ratings, settings, films.
    """

    def __init__(self, folder: Folder, run: dict[str, Any]) -> None:
        self._folder = folder
        self._run: dict[str, Any] = json.loads(json.dumps(run))

    def last(self) -> Trained | None:
        """The last finished round of this run; None where there is none, or only one of another run."""
        said = self._folder.read_json(_LAST)
        if said is None or said["run"] != self._run:
            return None
        with self._folder.open(said["file"]) as raw:
            arrays = np.load(io.BytesIO(raw.read()))
        return Trained.of(arrays, said)

    def keep(self, trained: Trained) -> None:
        """Write a finished round; the one before it goes."""
        name = _file(trained.done)
        buffer = io.BytesIO()
        arrays: dict[str, Any] = trained.arrays()
        np.savez(buffer, **arrays)
        self._folder.write(name, lambda stream: stream.write(buffer.getbuffer()))
        self._folder.write_json(_LAST, {"run": self._run, "file": name, **trained.facts()})
        self._folder.remove(_file(trained.done - 1))
        # A task of this round that starts late still reads the version before.
        self._folder.at(kept_folder(trained.done - 2)).clear()


def _file(done: int) -> str:
    return f"round-{done:04d}.npz"
