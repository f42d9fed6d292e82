"""The files inside an export: a file, a folder, an archive or a pipe, opened with limits against hostile uploads."""

import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cinefile.errors import InputError, TooLargeError, UnknownFormatError

MOST_ENTRIES = 200  # files that may hold ratings; lists and likes are left closed, and not counted
MOST_ENTRIES_LISTED = 20_000  # of any kind: people have thousands of lists
MOST_BYTES = 50_000_000  # of an export, unpacked; 10,000 films take less than one megabyte
MOST_RATIO = 200  # unpacked to packed; ratings shrink by 3 to 10
DEEPEST_FOLDER = 4
DEEPEST_ARCHIVE = 3  # a zip in a zip in a zip

# What Letterboxd puts beside the ratings, and what macOS puts beside everything.
LEFT_CLOSED = frozenset({"deleted", "orphaned", "likes", "lists", "__macosx"})
_TABLES = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson")
_PACKED = (".zip", ".gz", ".bz2", ".xz")
_ASK = "Give the export's zip, its folder or its CSV file."
# What the decompressors raise on damaged archives, beside their own errors: bad offsets, lengths and streams.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
    OSError,
)
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<", "a web page or XML"),
)


class ExportFile(NamedTuple):
    """One file of an export: its name, the folder that it lies in there, and its bytes."""

    name: str
    folder: PurePosixPath
    content: bytes

    @property
    def depth(self) -> int:
        """Number of folders above it."""
        return len(self.folder.parts)


def files_of(path: Path) -> list[ExportFile]:
    """Files of an export that may hold tables.

    Args:
        path: a file, packed or not, a folder, or ``-`` for what is piped in.

    Raises:
        UnknownFormatError: nothing is there, or nothing that could be read.
        TooLargeError: it is over a limit above.
    """
    try:
        if str(path) == "-":
            return files_of_bytes("the piped file", sys.stdin.buffer.read(MOST_BYTES + 1))
        if path.is_dir():
            return _files_of_folder(path)
        if not path.exists():
            raise UnknownFormatError(f"{path} is not there.", _ASK)
        with path.open("rb") as file:
            return files_of_bytes(path.name, file.read(MOST_BYTES + 1))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def files_of_bytes(name: str, content: bytes) -> list[ExportFile]:
    """Files of an export that was uploaded.

    Args:
        name: the file's name, for messages.
        content: its bytes.
    """
    _check_size(name, len(content))
    return list(_unpacked(ExportFile(name, PurePosixPath(), content), name, [MOST_BYTES], 0))


def _files_of_folder(path: Path) -> list[ExportFile]:
    found: list[ExportFile] = []
    room = MOST_BYTES
    for folder, inner, names in os.walk(path):  # links are not followed, so that none leads round in a circle
        here = PurePosixPath(Path(folder).relative_to(path).as_posix())
        deep = len(here.parts) >= DEEPEST_FOLDER
        inner[:] = [] if deep else sorted(n for n in inner if n.lower() not in LEFT_CLOSED and not n.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if not _may_hold_table(here / name) or not file.is_file():
                continue
            if len(found) >= MOST_ENTRIES:
                raise TooLargeError(f"{path} has more than {MOST_ENTRIES} files.", _ASK)
            with file.open("rb") as opened:
                content = opened.read(room + 1)
            room -= len(content)
            if room < 0:
                raise TooLargeError(f"{path} has files of more than {MOST_BYTES:,} bytes together.", _ASK)
            found.append(ExportFile(name, here, content))
    files = [one for file in found for one in _unpacked(file, file.name, [MOST_BYTES], 0)]
    if not files:
        raise UnknownFormatError(f"{path} has no CSV or JSON file.", _ASK)
    return files


def _unpacked(file: ExportFile, whole: str, room: list[int], depth: int) -> Iterator[ExportFile]:
    """The file itself, or what is packed in it; `room` holds the number of bytes that may still be unpacked."""
    content = file.content
    if depth > DEEPEST_ARCHIVE:
        raise TooLargeError(f"{whole} is packed more than {DEEPEST_ARCHIVE} times.", _ASK)
    try:
        if content.startswith((b"PK\x03\x04", b"PK\x05\x06")) or zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = _members(file, archive, room)
            for member in members:
                yield from _unpacked(member, whole, room, depth + 1)
            return
        for mark, opener in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open)):
            if content.startswith(mark):
                with opener(io.BytesIO(content)) as packed:
                    data = packed.read(room[0] + 1)
                _spend(room, len(data), whole)
                name = file.name.rsplit(".", 1)[0] if file.name.lower().endswith(_PACKED) else file.name
                yield from _unpacked(ExportFile(name, file.folder, data), whole, room, depth + 1)
                return
    except _DAMAGE as error:
        raise UnknownFormatError(f"{whole} cannot be unzipped: {error}.", "Download the export again.") from error
    for mark, kind in _KINDS:
        if content.lstrip()[:16].startswith(mark):
            raise UnknownFormatError(f"{whole} is {kind}, no export.", "Save it as CSV, or give the export as it came.")
    yield file


def _members(file: ExportFile, archive: zipfile.ZipFile, room: list[int]) -> list[ExportFile]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES_LISTED:
        raise TooLargeError(f"{file.name} has {len(entries):,} entries; at most {MOST_ENTRIES_LISTED:,} are looked at.")
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise UnknownFormatError(f"{file.name} is a workbook, no export.", "Save the sheet as CSV and give that.")
    wanted = [(entry, path) for entry in entries if _may_hold_table(path := _path_of(entry)) and not entry.is_dir()]
    if not wanted:
        raise UnknownFormatError(f"{file.name} has no CSV file in it.", "Give the zip as downloaded.")
    if len(wanted) > MOST_ENTRIES:
        raise TooLargeError(f"{file.name} has {len(wanted):,} entries; an export has at most {MOST_ENTRIES}.")
    found = []
    for entry, path in wanted:
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 1_000_000:
            raise TooLargeError(
                f"{entry.filename} in {file.name} unpacks to {entry.file_size:,} bytes from next to nothing."
            )
        with archive.open(entry) as packed:
            # The stated size may lie: no more is read than is allowed.
            data = packed.read(room[0] + 1)
        _spend(room, len(data), file.name)
        found.append(ExportFile(path.name, file.folder / path.parent, data))
    return found


def _path_of(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The entry's path; some programs for Windows write backslashes."""
    return PurePosixPath(entry.filename.replace("\\", "/").lstrip("/"))


def _may_hold_table(path: PurePosixPath) -> bool:
    """Whether a file inside a folder or an archive is to be opened."""
    if path.name.startswith(".") or LEFT_CLOSED & {part.lower() for part in path.parts[:-1]}:
        return False
    return path.name.lower().endswith((*_TABLES, *_PACKED))


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise TooLargeError(f"{name} has {size:,} bytes or more; at most {MOST_BYTES:,} are read.")


def _spend(room: list[int], size: int, whole: str) -> None:
    room[0] -= size
    if room[0] < 0:
        raise TooLargeError(f"{whole} unpacks to more than {MOST_BYTES:,} bytes.")
