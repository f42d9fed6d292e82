"""The CSV tables inside an export: a file, a folder or a zip, opened with limits against hostile uploads."""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cinefile.errors import InputError, TooLargeError, UnknownFormatError

MOST_ENTRIES = 200
MOST_BYTES = 50_000_000  # of one table, unpacked; 10,000 films take less than one megabyte
MOST_RATIO = 200  # unpacked to packed; ratings shrink by 3 to 10
MOST_ROWS = 100_000


class ExportTable(NamedTuple):
    """One CSV file: its name without folders, its header, and its rows with their line numbers."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


def tables_of(path: Path) -> list[ExportTable]:
    """Tables of a CSV file, of a folder's CSV files, or of a zip.

    Raises:
        UnknownFormatError: nothing there, or no CSV in it.
        TooLargeError: over a limit above.
    """
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            raise UnknownFormatError(f"{path} has no CSV file.", "Give the export's zip, its folder or its CSV file.")
        return [table for file in files for table in tables_of(file)]
    if not path.is_file():
        raise UnknownFormatError(f"{path} is not there.", "Give the export's zip, its folder or its CSV file.")
    if path.stat().st_size > MOST_BYTES:
        raise TooLargeError(f"{path} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read.")
    return tables_of_bytes(path.name, path.read_bytes())


def tables_of_bytes(name: str, content: bytes) -> list[ExportTable]:
    """The same of an upload.

    Args:
        name: the file's name, for messages.
        content: its bytes.
    """
    if len(content) > MOST_BYTES:
        raise TooLargeError(f"{name} has {len(content):,} bytes; at most {MOST_BYTES:,} are read.")
    if not content.startswith(b"PK\x03\x04"):
        return [_table(name, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [_table(Path(n).name, data) for n, data in _members(name, archive)]
    # What zipfile raises on damaged archives, beside its own error: bad offsets, lengths and streams.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error) as error:
        raise UnknownFormatError(f"{name} cannot be unzipped: {error}.", "Download the export again.") from error


def _members(name: str, archive: zipfile.ZipFile) -> list[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise TooLargeError(f"{name} has {len(entries):,} entries; an export has at most {MOST_ENTRIES}.")
    # Sub-folders hold deleted and liked entries, and lists: only the tables at the top are the person's ratings.
    wanted = [e for e in entries if e.filename.lower().endswith(".csv") and "/" not in e.filename.strip("/")]
    wanted = wanted or [e for e in entries if e.filename.lower().endswith(".csv")]
    if not wanted:
        raise UnknownFormatError(f"{name} has no CSV file in it.", "Give the zip as downloaded.")
    found, room = [], MOST_BYTES
    for entry in wanted:
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 1_000_000:
            raise TooLargeError(
                f"{entry.filename} in {name} unpacks to {entry.file_size:,} bytes from next to nothing."
            )
        with archive.open(entry) as file:
            # The stated size may lie: no more is read than is allowed.
            data = file.read(room + 1)
        room -= len(data)
        if room < 0:
            raise TooLargeError(f"{name} unpacks to more than {MOST_BYTES:,} bytes.")
        found.append((entry.filename, data))
    return found


def _table(name: str, content: bytes) -> ExportTable:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # IMDb's exports of 2017
    if "\x00" in text[:1000]:
        raise UnknownFormatError(f"{name} is no text.", "Give a CSV file.")
    text = _repaired(text)
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header: Sequence[str] = [cell.strip() for cell in next(reader, [])]
        for cells in reader:
            if len(rows) >= MOST_ROWS:
                raise TooLargeError(f"{name} has more than {MOST_ROWS:,} rows.")
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=False))))
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}.", "Give a CSV file as exported.") from error
    return ExportTable(name, tuple(header), rows)


def _repaired(text: str) -> str:
    """Undo UTF-8 that was once read as Latin-1 and saved again ("AmÃ©lie"), line by line, where that gives UTF-8."""
    if "Ã" not in text and "â\x80" not in text and "Â" not in text:
        return text
    lines = []
    for line in text.splitlines(keepends=True):
        try:
            lines.append(line.encode("latin-1").decode("utf-8"))
        except UnicodeError:
            lines.append(line)
    return "".join(lines)
