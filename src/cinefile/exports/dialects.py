"""Tables out of bytes: encoding, separator, quotes and JSON are taken from the content, whatever the name says."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import charset_normalizer

from cinefile.errors import InputError, TooLargeError, UnknownFormatError
from cinefile.exports import columns as reading
from cinefile.exports.archives import ExportFile
from cinefile.exports.columns import column

MOST_ROWS = 200_000
_LONGEST_CELL = 100_000  # characters; a review has a few thousand
_LONGEST_RECORD = 400  # lines of one quoted cell
_SEPARATORS = (",", ";", "\t", "|")
_HEADER_WITHIN = 12  # lines: some programs write a title above the header
_LISTS = "Letterboxd list export"
_NESTED = 6  # levels of JSON
_LARGEST_JSON = 20_000_000  # characters; objects take ten times as much memory as text
_CODEPAGES = ("cp1252", "cp1251", "mac_roman", "cp1250")
_MISREAD = re.compile("[ÃÂâÄÅÐÑ]")
_ODD_INSIDE = re.compile(r"(?<=[a-z])[^\W\d_a-z](?=[a-z])")
_MANY_FOREIGN = re.compile(r"[À-ž]{4,}")


class TableRow(NamedTuple):
    """One row: its first line (from 1), its cells by column, and what is wrong with it as a whole, if anything."""

    line: int
    cells: dict[str, str]
    problem: str = ""


class ExportTable(NamedTuple):
    """One table of an export: its file's name, what the file calls it inside, its header and its rows."""

    name: str
    label: str
    header: tuple[str, ...]
    rows: list[TableRow]


def tables_of(file: ExportFile) -> list[ExportTable]:
    """Tables of a file: one of a CSV or TSV, several of a JSON document with several lists.

    Raises:
        UnknownFormatError: it is no text.
        TooLargeError: it has more rows than an export can have.
        InputError: it is JSON that is cut off.
    """
    text = _decoded(file)
    begins = text.lstrip()[:1]
    if begins and begins in "[{" and (found := _json_tables(file.name, text)):
        return found
    return [_separated(file.name, text)]


def _decoded(file: ExportFile) -> str:
    content = file.content
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _repaired(content.decode(encoding, errors="replace"))
    begin = content[:2000]
    if b"\x00" in begin:
        for encoding, zeros in (("utf-16-le", begin[1::2]), ("utf-16-be", begin[::2])):
            if zeros.count(0) > 0.7 * len(zeros):
                return content.decode(encoding, errors="replace")
        raise UnknownFormatError(f"{file.name} is no text, no export.", "Give a CSV file.")
    try:
        return _repaired(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", errors="replace")
    if text.count("\ufffd") * 20 < sum(c > "\x7f" for c in text):
        return _repaired(text)  # UTF-8 with a few broken characters
    return _codepage(content)


def _codepage(content: bytes) -> str:
    """Text of one byte a character (or of East Asia): the codepage in which the fewest characters look out of place."""
    sample = content[:200_000]
    scored = []
    for place, encoding in enumerate(_CODEPAGES):
        text = sample.decode(encoding, errors="replace")
        foreign = sum(c > "\x7f" for c in text)
        odd = len(_ODD_INSIDE.findall(re.sub("[à-öø-ÿāăąćčďđęěłńňőřśšťůűźžß’'´`]", "a", text)))
        odd += text.count("\ufffd") + sum(c in "\x81\x8d\x8f\x90\x9d" for c in text)
        odd += sum(len(run) for run in _MANY_FOREIGN.findall(text)) + len(
            re.findall("[a-z][а-яА-Я]|[а-я][a-zA-Z]", text)
        )
        scored.append((odd / max(foreign, 1), place, encoding))
    share, _, encoding = min(scored)
    if share > 0.3:
        best = charset_normalizer.from_bytes(sample).best()
        encoding = best.encoding if best is not None else "cp1252"
    return content.decode(encoding, errors="replace")


def _repaired(text: str) -> str:
    """Undo UTF-8 that was read as cp1252 and saved again ("AmÃ©lie"), line by line, where that gives UTF-8."""
    if not _MISREAD.search(text):
        return text
    lines = []
    for line in text.split("\n"):
        try:
            lines.append(
                b"".join(map(_byte, line)).decode("utf-8")
                if len(line) < _LONGEST_CELL and _MISREAD.search(line)
                else line
            )
        except UnicodeError:
            lines.append(line)
    return "\n".join(lines)


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def _separated(name: str, text: str) -> ExportTable:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    label, first, separator = "", 0, None
    if lines[0].startswith(_LISTS):
        label, first = "list", next((n for n, line in enumerate(lines) if not line.strip()), 0)
    lines = _unwrapped(lines)
    while first < len(lines) and (not lines[first].strip() or lines[first].strip().lower().startswith("sep=")):
        if lines[first].strip():
            separator = lines[first].strip()[4:5] or None
        first += 1
    first, separator = _header(lines, first, (separator,) if separator else _SEPARATORS)
    header = _distinct(_cells(lines[first], separator) if first < len(lines) else [])
    rows: list[TableRow] = []
    for line, values, whole in _records(name, lines, first + 1, separator, len(header)):
        if len(rows) >= MOST_ROWS:
            raise TooLargeError(f"{name} has more than {MOST_ROWS:,} rows.")
        if any(value.strip() for value in values):
            rows.append(_row(header, line, [value.strip() for value in values], whole))
    return ExportTable(name, label, tuple(header), rows)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, a number behind those that come again."""
    times: dict[str, int] = {}
    found = []
    for name in (name.strip() for name in names):
        times[name] = times.get(name, 0) + 1
        found.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return found


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines of which some spreadsheets made one quoted cell each, without that quoting."""
    some = [line for line in lines[:20] if line.strip()]
    if len(some) < 2 or not all(line.startswith('"') and line.rstrip(";,\t ").endswith('"') for line in some):
        return lines
    single = [cells for line in some for cells in [_cells(line.rstrip(";,\t "), ",")]]
    if not all(len(cells) == 1 and any(s in cells[0] for s in _SEPARATORS) for cells in single):
        return lines
    return [(_cells(line.rstrip(";,\t "), ",") or [""])[0] if line.startswith('"') else line for line in lines]


def _header(lines: list[str], first: int, separators: Sequence[str]) -> tuple[int, str]:
    """The header's line, and what separates its cells: those that make most columns known, else most columns."""
    best = (-1, 0, 0, 0)
    chosen = (first, separators[0])
    for place in range(first, min(first + _HEADER_WITHIN, len(lines))):
        for rank, separator in enumerate(separators):
            names = _cells(lines[place], separator)
            known = sum(column(cell).meaning is not None for cell in names if len(cell) < 80)
            # A first line wins over later ones unless these make more than one column known.
            score = (known if known > 1 or place == first else -1, -place, len(names), -rank)
            if score > best:
                best, chosen = score, (place, separator)
    return chosen


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _records(
    name: str, lines: list[str], first: int, separator: str, width: int
) -> Iterator[tuple[int, list[str], str]]:
    """Rows with their first line (from 1) and what is wrong with them; a quote never closed takes no row with it."""
    place = first
    while place < len(lines):
        line, end = lines[place], place + 1
        if '"' in line:
            odd = line.count('"') % 2
            while odd and end < len(lines) and end - place < _LONGEST_RECORD:
                odd = (odd + lines[end].count('"')) % 2
                end += 1
            if end > place + 1 and (odd or _is_row(lines[place + 1], separator, width)):
                # The quote was opened and not closed: the line stands for itself.
                yield place + 1, line.replace('"', "").split(separator), "a quote that is not closed"
                place += 1
                continue
        record = "\n".join(lines[place:end])
        if len(record) > _LONGEST_CELL:
            raise InputError(
                f"{name}, line {place + 1}: a row of {len(record):,} characters.", "Give a CSV as exported."
            )
        yield place + 1, _whole(record, separator) if end > place + 1 else _cells(line, separator), ""
        place = end


def _whole(record: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(record.splitlines(keepends=True), delimiter=separator), [])
    except csv.Error:
        return record.split(separator)


def _is_row(line: str, separator: str, width: int) -> bool:
    """Whether a line looks like a row of its own: as many cells as the header has, one of them a number."""
    values = _cells(line, separator)
    return len(values) == width and width > 1 and any(reading.number(value) is not None for value in values)


def _row(header: Sequence[str], line: int, values: list[str], problem: str) -> TableRow:
    extra = len(values) - len(header)
    if extra > 0 and any(values[len(header) :]):
        joined = _rejoined(header, values, extra)
        if joined is None:
            return TableRow(line, dict(zip(header, values, strict=False)), "more cells than columns")
        values = joined
    return TableRow(line, dict(zip(header, values, strict=False)), "" if len(values) >= len(header) else problem)


def _rejoined(header: Sequence[str], values: list[str], extra: int) -> list[str] | None:
    """A row whose title or rating holds the separator unquoted, put together again where that gives one sense only."""
    meanings = [column(name).meaning for name in header]
    fits = []
    for place, meaning in enumerate(meanings):
        if meaning not in ("title", "other title", "own", "rating"):
            continue
        comma = "," if meaning in ("own", "rating") else ", "
        whole = [*values[:place], comma.join(values[place : place + extra + 1]), *values[place + extra + 1 :]]
        if all(_sensible(m, cell) for m, cell in zip(meanings, whole, strict=True)):
            fits.append(whole)
    return fits[0] if len(fits) == 1 else None


def _sensible(meaning: str | None, cell: str) -> bool:
    if reading.blank(cell):
        return meaning != "title"
    if meaning == "year":
        return reading.year_of(cell) is not None and len(cell) < 12
    if meaning in ("own", "rating"):
        return reading.rating_of(cell) is not None
    return reading.imdb_of(cell) is not None if meaning == "imdb" else True


def _json_tables(name: str, text: str) -> list[ExportTable]:
    """Lists of records in a JSON document or in JSON lines; none where the text is no JSON."""
    if len(text) > _LARGEST_JSON:
        raise TooLargeError(f"{name} has {len(text):,} characters; of JSON at most {_LARGEST_JSON:,} are read.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[1].lstrip().startswith("{"):
            if text.lstrip()[:2] in ("[{", '{"') or isinstance(error, RecursionError):
                raise InputError(f"{name} is no whole JSON: {error}.", "Download the export again.") from error
            return []
        try:
            document = [json.loads(line) for line in lines]
        except (ValueError, RecursionError) as broken:
            raise InputError(f"{name} is no whole JSON: {broken}.", "Download the export again.") from broken
    return [_of_records(name, label, records) for label, records in _record_lists("", document, 0) if records]


def _record_lists(label: str, document: Any, depth: int) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    if isinstance(document, list):
        yield label, [record for record in document if isinstance(record, Mapping)]
    elif isinstance(document, Mapping) and depth < _NESTED:
        values = list(document.values())
        if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
            names = [str(n) for n in document["columns"]]  # pandas, orient="split"
            yield label, [dict(zip(names, row, strict=False)) for row in document["data"] if isinstance(row, list)]
        elif values and all(isinstance(v, Mapping) for v in values) and column(next(iter(document))).meaning:
            keys = list(values[0])  # pandas, by column
            yield label, [{name: cells.get(key) for name, cells in document.items()} for key in keys]
        elif values and all(isinstance(v, Mapping) for v in values) and len(values) > 3:
            yield label, values  # pandas, by row
        else:
            for key, value in document.items():
                if isinstance(value, list | Mapping):
                    yield from _record_lists(key, value, depth + 1)


def _of_records(name: str, label: str, records: Sequence[Mapping[str, Any]]) -> ExportTable:
    if len(records) > MOST_ROWS:
        raise TooLargeError(f"{name} has more than {MOST_ROWS:,} rows.")
    rows = [TableRow(place, _flat(record)) for place, record in enumerate(records, 1)]
    header = dict.fromkeys(key for row in rows for key in row.cells)
    return ExportTable(name, label, tuple(header), rows)


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """Cells of a record: those of inner objects (Trakt, Simkl) under their own names, the kind of object beside."""
    found: dict[str, str] = {}

    def take(inner: Mapping[str, Any], depth: int) -> None:
        for key, value in inner.items():
            # What stands beside a film's title is everybody's rating; the person's stands with the record.
            if not isinstance(value, Mapping | list) and not (depth and key in ("rating", "votes")):
                found.setdefault(str(key), "" if value is None else str(value))
        for key, value in inner.items():
            if isinstance(value, Mapping) and depth < _NESTED:
                if key in ("show", "season", "episode"):
                    found["type"] = key
                take(value, depth + 1)

    take(record, 0)
    return found
