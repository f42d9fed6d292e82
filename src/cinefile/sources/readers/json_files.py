"""JSON files that are one list each, read record by record: memory holds one chunk and one record, never the list."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cinefile.errors import InputError
from cinefile.sources.contract import BadRowError, DataPart, Rows
from cinefile.sources.readers.arrow_batches import Assemble, Batches, in_order
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.text_lines import decode, text_lines

_CHUNK = 1 << 20
_RECORD_LIMIT = 64_000_000
_BETWEEN = re.compile(r"[\s,]*")
_scan = json.JSONDecoder(strict=False).raw_decode


@dataclass(frozen=True)
class RecordList:
    """A JSON file of film records.

    Attributes:
        keys: names that tell the format apart: all stand in the first records.
        parse: (record number, record) -> a row for `assemble`; raises BadRowError.
        assemble: makes a batch of the rows; as it stands, of films in the order of the schema.
    """

    keys: tuple[str, ...]
    parse: Callable[[int, dict[str, Any]], tuple[Any, ...]]
    assemble: Assemble = in_order

    def find(self, place: Place) -> list[DataPart]:
        """The files of a place that are such lists."""
        return [DataPart(f, self.read, _check) for f in place.files.values() if self._fits(f)]

    def _fits(self, file: DataFile) -> bool:
        if not file.name.lower().endswith(".json") or not file.size:
            return False
        start = decode(file.head).lstrip()
        return start.startswith("[") and all(f'"{key}"' in start for key in self.keys)

    def read(self, file: DataFile) -> Iterator[Rows]:
        """All records of the file."""
        with file.open() as opened, text_lines(opened.stream) as text:
            out = Batches("film", file.name, opened.position, self.assemble)
            for number, (record, raw) in enumerate(records(lambda: text.read(_CHUNK), str(file)), 1):
                try:
                    if type(record) is not dict:
                        raise BadRowError("the record is no object")
                    out.add(self.parse(number, record), raw)
                except BadRowError as error:
                    out.reject(number, str(error), raw)
                if out.full:
                    yield from out.flush()
            yield from out.flush()


def records(read: Callable[[], str], name: str) -> Iterator[tuple[Any, str]]:
    """The elements of a JSON list and their raw text.

    Args:
        read: gives the next chunk of text, an empty one at the end.
        name: of the file, for messages.

    Raises:
        InputError: the list is cut off or is no JSON: where the next record begins can no longer be told.
    """
    text, at, number = read().lstrip(), 1, 0
    if not text.startswith("["):
        raise InputError(f"{name} is no JSON list.", "Each file should hold one list of films.")
    while True:
        at = _end(_BETWEEN, text, at)
        if at < len(text) and text[at] == "]":
            return
        try:
            record, end = _scan(text, at)
        except (ValueError, RecursionError) as error:
            more = read() if len(text) - at <= _RECORD_LIMIT else ""
            if not more:
                raise InputError(
                    f"{name} is damaged or cut off after {number} records: {error}.", "Download or copy it again."
                ) from None
            text, at = text[at:] + more, 0
            continue
        number += 1
        yield record, text[at:end]
        at = end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _check(file: DataFile) -> None:
    if not file.head:
        raise InputError(f"{file} is empty.")
