"""Uploads are read in memory within limits, and only the files that an export is known to hold leave this module.

No name that a client sends is used as a path: the reader gets a folder made here, with file names from a fixed list.
"""

import io
import zipfile
from pathlib import Path

from cinefile.errors import InputError, TooLargeError, UnknownFormatError

UPLOAD_LIMIT = 4_000_000  # bytes as sent; requests are cut at the setting body_limit before
UNPACKED_LIMIT = 60_000_000  # bytes over all files kept
ENTRY_LIMIT = 2_000  # files inside a zip
RATIO_LIMIT = 120  # unpacked / packed, per file; CSV text reaches 5 to 20
# What exports are made of. A Letterboxd zip also holds lists, reviews and comments: nobody needs those here.
KNOWN = ("ratings.csv", "watched.csv", "diary.csv", "watchlist.csv", "reviews.csv")


def save_export(data: bytes, name: str, folder: Path) -> Path:
    """Put an uploaded export into `folder`, for the export reader.

    Args:
        data: the bytes received.
        name: the client's file name; only its ending is looked at.
        folder: an empty folder of the server's own.

    Returns:
        The folder (of a zip's files), or the CSV file in it.

    Raises:
        TooLargeError: over a limit; zip bombs end here.
        UnknownFormatError: neither a zip nor CSV text.
        InputError: a damaged zip, or one with no file that an export has.
    """
    if len(data) > UPLOAD_LIMIT:
        raise TooLargeError(f"The file is larger than {UPLOAD_LIMIT // 1_000_000} MB.", "An export has a few hundred kB.")
    if data[:4] == b"PK\x03\x04":
        return _unpack(data, folder)
    if b"\x00" in data[:4096] or not data.strip():
        raise UnknownFormatError("This is neither a zip nor a CSV file.", "Drop a Letterboxd zip or an IMDb ratings.csv.")
    target = folder / ("ratings.csv" if name.lower().endswith(".csv") else "ratings.txt")
    target.write_bytes(data)
    return target


def _unpack(data: bytes, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRY_LIMIT:
                raise TooLargeError(f"The zip holds {len(entries):,} files; at most {ENTRY_LIMIT:,} are read.")
            kept, room = 0, UNPACKED_LIMIT
            for entry in entries:
                # Top-level files only: an export's subfolders repeat the names for deleted and orphaned rows.
                if entry.filename not in KNOWN:
                    continue
                if entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1_000):
                    raise TooLargeError(f"{entry.filename} in the zip is packed too tightly to be an export.")
                with archive.open(entry) as stream:
                    # One byte more than allowed is asked for: the sizes that a zip states may be false.
                    content = stream.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise TooLargeError(f"The zip unpacks to more than {UNPACKED_LIMIT // 1_000_000} MB.")
                (folder / KNOWN[KNOWN.index(entry.filename)]).write_bytes(content)
                kept += 1
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError("The zip is damaged or encrypted.", "Download the export again and drop it as it is.") from error
    if not kept:
        raise InputError("No ratings in this zip.", f"Expected one of: {', '.join(KNOWN)}.")
    return folder
