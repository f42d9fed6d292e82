"""What a source is, and what a data set found on disk is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cinefile.sources.files import DataFile, Place
from cinefile.sources.rows import Rows


class BadRowError(ValueError):
    """A row that cannot be used; the message is its reason among the rejects."""


@dataclass(frozen=True)
class Part:
    """A file of a data set and how to read it.

    Attributes:
        file: the file.
        read: yields its rows.
        check: raises InputError when the file as a whole cannot be used; looks at its first 64 KB only.
        slow: whether it is parsed in Python for a good part, so that it is worth reading ahead, see `ahead`.
    """

    file: DataFile
    read: Callable[[DataFile], Iterator[Rows]]
    check: Callable[[DataFile], None]
    slow: bool = False


class Source(Protocol):
    """A raw format: one file beside this one, and one line in the registry."""

    @property
    def name(self) -> str:
        """Short name, kept with every value: "movielens"."""

    @property
    def title(self) -> str:
        """Name for people: "MovieLens"."""

    @property
    def formats(self) -> str:
        """Which files are expected, for messages and `--help`."""

    def parts(self, place: Place) -> list[Part]:
        """The files of a place that belong to this source, in reading order: films first. Empty when there are none.

        A file that is plainly meant but unusable (a column missing) is a part too, so that its check can say so.
        """


@dataclass(frozen=True)
class Dataset:
    """A data set found on disk.

    Attributes:
        source: its format.
        name: folder, zip or file name: "ml-25m". User ids of two data sets are different people.
        path: what was given to `recognise`.
        parts: its files in reading order.
    """

    source: Source
    name: str
    path: Path
    parts: tuple[Part, ...]

    @property
    def files(self) -> tuple[DataFile, ...]:
        """Its files in reading order."""
        return tuple(p.file for p in self.parts)

    @property
    def size(self) -> int:
        """Bytes of all files as they lie on disk: what the last `bytes_read` of each adds up to, or nearly."""
        return sum(f.size for f in self.files)

    def check(self) -> None:
        """Look at the start of every file.

        Raises:
            InputError: a file is empty, damaged or lacks a column.
        """
        for part in self.parts:
            part.check(part.file)

    def read(self) -> Iterator[Rows]:
        """All rows in batches, file by file. Memory does not grow with the files.

        Raises:
            InputError: a file is damaged or cut off.
        """
        for part in self.parts:
            yield from part.read(part.file)
