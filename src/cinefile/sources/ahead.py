"""Reading ahead: slow files are read in a process of their own, while the rows of those before them are put to use.

Nested columns are parsed in Python for a good part, which takes one core whole. The other process is a fresh
interpreter, as a fork would copy the locks that other threads hold; its rows come through a pipe as Arrow batches.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO, cast

import pyarrow as pa

from cinefile import settings
from cinefile.errors import CinefileError, InputError
from cinefile.sources.base import Dataset, Part
from cinefile.sources.rows import SCHEMAS, Rows

# Starting the process takes as long as it takes to read some megabytes.
_WORTH = 8_000_000
# Batches held at most; one comes from about a megabyte of the file.
_AHEAD = 64


def read(dataset: Dataset) -> Iterator[Rows]:
    """The same rows in the same order as `dataset.read()`.

    Raises:
        InputError: a file is damaged or cut off.
        CinefileError: the other process was stopped.
    """
    slow = [p for p in dataset.parts[1:] if p.slow]
    if settings.threads() < 2 or sum(p.file.size for p in slow) < _WORTH:
        yield from dataset.read()
        return
    with _started(dataset, slow) as messages:
        for part in dataset.parts:
            yield from _received(part, messages) if part in slow else part.read(part.file)


@contextmanager
def _started(dataset: Dataset, parts: list[Part]) -> Iterator["Queue[tuple[Any, ...]]"]:
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.worker", dataset.source.name, str(dataset.path),
         *(str(p.file) for p in parts)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))},
    )  # fmt: skip
    messages: Queue[tuple[Any, ...]] = Queue(_AHEAD)
    thread = Thread(target=_pump, args=(cast(BinaryIO, process.stdout), messages), daemon=True)
    thread.start()
    try:
        yield messages
    finally:
        process.kill()
        while thread.is_alive():
            with suppress(Empty):
                messages.get(timeout=0.01)
        process.wait()


def _pump(stream: BinaryIO, messages: "Queue[tuple[Any, ...]]") -> None:
    with stream:
        while True:
            try:
                messages.put(pickle.load(stream))
            except (EOFError, pickle.UnpicklingError):
                messages.put(("stopped",))
                return


def _received(part: Part, messages: "Queue[tuple[Any, ...]]") -> Iterator[Rows]:
    while True:
        match messages.get():
            case ("rows", kind, file, bytes_read, batch):
                yield Rows(kind, file, pa.ipc.read_record_batch(pa.py_buffer(batch), SCHEMAS[kind]), bytes_read)
            case ("end",):
                return
            case ("error", message, hint):
                raise InputError(message, hint)
            case _:
                raise CinefileError(
                    f"The process that read {part.file} was stopped.",
                    "Memory may have run out; with CINEFILE_THREADS=1 there is one process only.",
                )
