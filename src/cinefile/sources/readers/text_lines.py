"""Bytes to text, line by line: UTF-8 with or without a byte-order mark; what is no UTF-8 is Latin-1."""

import codecs
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cinefile.sources.contract import BadRowError, Rows
from cinefile.sources.readers.arrow_batches import Batches
from cinefile.sources.readers.cells import FilmCells
from cinefile.sources.readers.data_files import DataFile

_ERRORS = "cinefile-latin-1"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_ERRORS, _as_latin_1)


def decode(block: bytes) -> str:
    """Text of some bytes, cut at line ends; bytes that are no UTF-8 are taken as Latin-1, one by one."""
    return block.decode("utf-8-sig", _ERRORS)


def text_lines(stream: BinaryIO) -> io.TextIOWrapper:
    """Text of a stream; lines end at a line feed only, so that line numbers are those of an editor."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors=_ERRORS, newline="\n")


def read_films(parse: Callable[[int, str], FilmCells], file: DataFile) -> Iterator[Rows]:
    """All films of a file; blank lines are no rows.

    Args:
        parse: (line number, text of the line) -> the film; raises BadRowError.
        file: the file.
    """
    with file.open() as opened, text_lines(opened.stream) as lines:
        out = Batches("film", file.name, opened.position)
        for line, raw in enumerate(lines, 1):
            text = raw.rstrip("\r\n")
            if not text.strip():
                continue
            try:
                out.add(parse(line, text), text)
            except BadRowError as error:
                out.reject(line, str(error), text)
            if out.full:
                yield from out.flush()
        yield from out.flush()
