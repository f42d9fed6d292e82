"""Loop over blocks of people on a cluster. Per-user state between passes lies in files, so that a driver can go on."""

import gc
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cinefile.spark.rating_store import read_part
from cinefile.spark.shared_files import Folder
from cinefile.taste.people_blocks import State, Sums, Total, Work

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext

_FILMS_AT_ONCE = 4096
_TOTALS = -1
_FEW = 4  # tasks whose sums the driver adds itself


class SparkLoop:
    """Blocks in a work folder.

    Args:
        context: the cluster.
        folder: holds the parts, and takes what is kept.
        parts: how many.
        films: number of all films.
        aside: share of the ratings that is held out and seed of the choice which, see ``Block.apart``.
    """

    def __init__(
        self, context: "SparkContext", folder: Folder, parts: int, films: int, aside: tuple[float, int] = (0.0, 0)
    ) -> None:
        self._context, self._folder, self._parts, self._aside = context, folder, parts, aside
        self.films = films
        self._version = 0  # of what is kept; 0 is nothing

    def sum(self, work: Work, given: Any, *, keep: bool = False) -> Sums:
        """See ``people_blocks.Loop``."""
        sent = self._context.broadcast(given)
        # One task for each core: a task adds up all its parts before anything leaves the machine.
        tasks = min(self._parts, max(self._context.defaultParallelism, 1))
        task = _Task(self._folder, work, sent, self.films, self._version, keep, self._aside)
        parts = self._context.parallelize(range(self._parts), tasks)
        sums = self._through_files(parts, task) if tasks <= _FEW else self._through_java(parts, task, tasks)
        sent.destroy()
        if keep:
            self._version += 1
            # A task of this pass that starts late still reads the version before, as a driver that goes on does.
            self._folder.at(kept_folder(self._version - 2)).clear()
        return sums

    def state(self) -> dict[str, NDArray[np.float32]]:
        """See ``Loop``: nothing, for it lies in the work folder."""
        return {}

    def resume(self, done: int, state: Mapping[str, NDArray[np.float32]]) -> None:
        """See ``Loop``."""
        self._version = done

    def _through_files(self, parts: "RDD[int]", task: "_Task") -> Sums:
        folder = self._folder.at(f"sums-{uuid.uuid4().hex}")
        said = parts.mapPartitions(_ToFile(task, folder)).collect()
        rows: NDArray[np.float64] = sum((self._read(folder, name) for name, _, _ in said), start=np.zeros(1))
        folder.clear()
        return Sums(rows.astype(said[0][2], copy=False), sum((totals for _, totals, _ in said), start=np.zeros(1)))

    def _read(self, folder: Folder, name: str) -> NDArray[np.float64]:
        with folder.open(name) as raw:
            return np.frombuffer(raw.read_buffer(), dtype=np.float64).reshape(self.films, -1)

    def _through_java(self, parts: "RDD[int]", task: "_Task", tasks: int) -> Sums:
        ranges = parts.mapPartitions(_InRanges(task))
        found = dict(ranges.reduceByKey(_add, min(tasks, -(-self.films // _FILMS_AT_ONCE)), int).collect())
        totals, kind = found.pop(_TOTALS)
        rows = np.concatenate([found[n][0] for n in sorted(found)])
        return Sums(rows.astype(kind, copy=False), totals)


_Part = tuple[NDArray[np.float64], str]  # sums, and the precision in which those of films are wanted
_Whole = tuple[NDArray[np.float64], NDArray[np.float64], str]  # sums of all films, the other sums, that precision


def _add(left: _Part, right: _Part) -> _Part:
    return left[0] + right[0], left[1]


class _Task:
    def __init__(
        self,
        folder: Folder,
        work: Work,
        given: Any,
        films: int,
        version: int,
        keep: bool,
        aside: tuple[float, int],
    ) -> None:
        self._folder, self._work, self._given, self._films = folder, work, given, films
        self._version, self._keep, self._aside = version, keep, aside

    def __call__(self, parts: Iterable[int]) -> _Whole | None:
        """Sums over some parts; None where none of them has anybody."""
        _freeze()
        total, given = Total(self._films), self._given.value
        for part in parts:
            kept = _Kept.read(self._folder, part, self._version) if self._keep else None
            states = []
            for number, block in enumerate(read_part(self._folder, part)):
                sums, state = self._work(block.apart(*self._aside), kept.of(number) if kept else None, given)
                total.add(block, sums)
                states.append(state)
            if self._keep:
                _Kept.write(self._folder, part, self._version + 1, states)
        return None if total.rows is None or total.totals is None else (total.rows, total.totals, total.kind.str)


class _ToFile:
    """A task that leaves its sums of films in a file."""

    def __init__(self, task: _Task, folder: Folder) -> None:
        self._task, self._to = task, folder

    def __call__(self, parts: Iterable[int]) -> Iterator[tuple[str, NDArray[np.float64], str]]:
        """Name of the file; the other sums; precision in which those of films are wanted."""
        numbers = list(parts)
        if found := self._task(numbers):
            rows, totals, kind = found
            name = f"from-{numbers[0]:05d}.bin"
            self._to.write(name, lambda stream: stream.write(rows.data))
            yield name, totals, kind


class _InRanges:
    """A task that gives its sums by ranges of films, to be added to those of other tasks."""

    def __init__(self, task: _Task) -> None:
        self._task = task

    def __call__(self, parts: Iterable[int]) -> Iterator[tuple[int, _Part]]:
        if found := self._task(parts):
            rows, totals, kind = found
            yield _TOTALS, (totals, kind)
            for number, first in enumerate(range(0, len(rows), _FILMS_AT_ONCE)):
                yield number, (rows[first : first + _FILMS_AT_ONCE], kind)


@cache
def _freeze() -> None:
    """Once a worker: PySpark collects garbage after every task, and would walk all imported modules each time."""
    gc.collect()
    gc.freeze()


class _Kept:
    """What a part's blocks keep: one array after the other, their lengths in front."""

    def __init__(self, states: list[State]) -> None:
        self._states = states

    def of(self, block: int) -> State:
        return self._states[block]

    @classmethod
    def read(cls, folder: Folder, part: int, version: int) -> "_Kept | None":
        if version == 0:
            return None
        with folder.at(kept_folder(version)).open(_kept_name(part)) as raw:
            content = raw.read()
        (blocks,) = np.frombuffer(content, np.int64, 1)
        lengths = np.frombuffer(content, np.int64, blocks, 8)
        values = np.frombuffer(content, np.float32, -1, 8 + 8 * blocks)
        return cls([*np.split(values, np.cumsum(lengths)[:-1])] if blocks else [])

    @staticmethod
    def write(folder: Folder, part: int, version: int, states: list[State]) -> None:
        arrays = [s for s in states if s is not None]
        lengths = np.array([len(arrays), *(len(a) for a in arrays)], dtype=np.int64)

        def write(stream: Any) -> None:
            stream.write(lengths.tobytes())
            for array in arrays:
                stream.write(array.astype(np.float32, copy=False).tobytes())

        folder.at(kept_folder(version)).write(_kept_name(part), write)


def kept_folder(version: int) -> str:
    """Folder of what is kept after so many passes that keep something."""
    return f"kept-{version:04d}"


def _kept_name(part: int) -> str:
    return f"part-{part:05d}.bin"
