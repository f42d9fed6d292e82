"""Bytes to text: UTF-8 with or without a byte-order mark; what is no UTF-8 is Latin-1."""

import codecs
import io
from typing import BinaryIO

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
