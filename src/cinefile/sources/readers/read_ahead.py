"""Reading ahead: slow files are read in a thread of their own, while the rows of those before them are put to use.

Arrow parses and DuckDB works without Python's lock, so that two threads keep two cores busy most of the time.
A second process would take the memory of its libraries and half a second to start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event, Thread

from cinefile import settings
from cinefile.sources.contract import DataPart, Dataset, Rows

# Batches held at most; one comes from one or two megabytes of a file.
_AHEAD = 16
# None ends a file; an exception stands in place of what follows where a file is damaged.
_Item = Rows | None | Exception


def read(dataset: Dataset) -> Iterator[Rows]:
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
