"""The files a data set is made of, wherever they lie: in a folder, in a zip, compressed with gzip, or alone."""

import gzip
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from cinefile.errors import InputError

_HEAD = 1 << 16
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class Opened:
    """A file open for reading.

    Attributes:
        stream: its bytes, decompressed.
        position: gives the compressed bytes read so far.
    """

    stream: BinaryIO
    position: Callable[[], int]


@dataclass(frozen=True)
class DataFile:
    """One file: on disk, or inside a zip.

    Attributes:
        path: the file on disk; the zip when `member` is set.
        member: name inside the zip.
        size: bytes on disk, compressed if it is.
    """

    path: Path
    member: str | None
    size: int

    @property
    def name(self) -> str:
        """File name without folders and without `.gz`."""
        name = (self.member or str(self.path)).replace("\\", "/").rsplit("/", 1)[-1]
        return name[:-3] if name.lower().endswith(".gz") else name

    def __str__(self) -> str:
        return f"{self.path}:{self.member}" if self.member else str(self.path)

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """The file's content, decompressed.

        Raises:
            InputError: it cannot be opened, or turns out damaged (a cut-off zip or gz) while it is read.
        """
        try:
            with self.path.open("rb") as raw:
                start = 0

                def position() -> int:
                    # A text wrapper closes what it wraps as soon as it is read to the end.
                    return self.size if raw.closed else min(max(0, raw.tell() - start), self.size)

                if self.member is None:
                    yield Opened(cast(BinaryIO, self._unzipped(raw)), position)
                    return
                with zipfile.ZipFile(raw) as archive, archive.open(self.member) as inner:
                    start = archive.getinfo(self.member).header_offset
                    yield Opened(cast(BinaryIO, self._unzipped(cast(BinaryIO, inner))), position)
        except _DAMAGED as error:
            raise InputError(f"{self} is damaged or cut off: {error}.", "Download or copy it again.") from error
        except OSError as error:
            raise InputError(f"{self} cannot be read: {error.strerror or error}.") from error

    def _unzipped(self, stream: BinaryIO) -> BinaryIO | gzip.GzipFile:
        return gzip.GzipFile(fileobj=stream) if str(self.member or self.path).lower().endswith(".gz") else stream

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB."""
        with self.open() as opened:
            return opened.stream.read(_HEAD)

    def sha256(self) -> str:
        """SHA-256 of the decompressed content, as hexadecimal digits."""
        digest = hashlib.sha256()
        with self.open() as opened:
            while block := opened.stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


@dataclass(frozen=True)
class Place:
    """Files that lie together: one folder, one folder of a zip, or one file alone.

    Attributes:
        name: of the folder, the zip or the file, without ending: "ml-25m".
        files: lower-case file name (without `.gz`) -> file, sorted by name.
    """

    name: str
    files: dict[str, DataFile]


def places(path: Path) -> Iterator[Place]:
    """The folders under a path that hold files, in the order of their names; a zip counts as a folder.

    Raises:
        InputError: it is neither file nor folder, may not be read, or a zip is damaged.
    """
    if path.is_dir():
        try:
            children = sorted(path.iterdir(), key=lambda p: p.name)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        children = [c for c in children if not c.name.startswith(".")]
        zips = [c for c in children if c.is_file() and c.suffix.lower() == ".zip"]
        plain = [c for c in children if c.is_file() and c.suffix.lower() != ".zip"]
        if plain:
            yield _place(path.resolve().name, [DataFile(c, None, c.stat().st_size) for c in plain])
        for child in [*zips, *(c for c in children if c.is_dir())]:
            yield from places(child)
    elif path.is_file() and path.suffix.lower() == ".zip":
        yield from _places_in_zip(path)
    elif path.is_file():
        file = DataFile(path, None, path.stat().st_size)
        yield _place(file.name.rsplit(".", 1)[0], [file])
    else:
        raise InputError(f"{path} is neither a file nor a folder.")


def _places_in_zip(path: Path) -> Iterator[Place]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path} is no complete zip file: {error}.", "It was probably cut off: download or copy it again."
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if locked := [m.filename for m in members if m.flag_bits & 1]:
        raise InputError(f"{path} is locked with a password ({locked[0]}).", "Unpack it first.")
    folders: dict[str, list[DataFile]] = {}
    for m in sorted(members, key=lambda m: m.filename):
        folders.setdefault(os.path.dirname(m.filename), []).append(DataFile(path, m.filename, m.compress_size))
    for folder, files in folders.items():
        yield _place(os.path.basename(folder) or path.stem, files)


def _place(name: str, files: list[DataFile]) -> Place:
    found: dict[str, DataFile] = {}
    for file in files:
        found.setdefault(file.name.lower(), file)  # a file and its .gz twin: the plain one, which sorts first
    return Place(name, found)
