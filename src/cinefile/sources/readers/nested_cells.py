"""Nested columns of TMDB records: {"id": …, "name": …} or lists of them, as Python literals, JSON, or parsed.

The Movies Dataset writes its nested columns with `repr`. Rewriting such a cell as JSON and parsing that is far faster
than `ast.literal_eval`, because every step is one pass in C:

1. escapes become JSON's, and escaped quotes stand-ins, so that every quote left is a delimiter;
2. the cell is cut at the double quotes. If each piece at an even place holds an even number of single quotes, these
   pieces lie outside double-quoted strings and the others inside (by induction from the start of the cell);
3. outside, single quotes become double quotes; inside they stay.

A cell that fails the count (a double quote inside a single-quoted string) goes through a tokeniser instead.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from cinefile.sources.readers import cells as columns

# Rewrites cells as JSON, each on one line; gives the error for a cell that it cannot read.
ToJson = Callable[[Sequence[str]], Sequence[str | ValueError]]
Bad = dict[int, str]
_BLOCK = 1 << 20
_NONE = pa.scalar(0, pa.int32())
_decode = json.JSONDecoder(strict=False).decode


def json_as_json(cells: Sequence[str]) -> list[str | ValueError]:
    """JSON cells, each on one line."""
    return [cell.replace("\n", " ") for cell in cells]


@dataclass(frozen=True)
class Objects:
    """The objects in a column of lists.

    Attributes:
        sizes: (rows,) objects in each row; none where the cell is empty.
        values: field -> the values of all objects, one after the other.
    """

    sizes: np.ndarray
    values: dict[str, pa.Array]


def read_objects(
    cells: Sequence[Any], column: str, to_json: ToJson, item: pa.StructType, bad: Bad, *, single: bool = False
) -> Objects:
    """Read a nested column.

    Args:
        cells: (rows,) text, or lists of dicts.
        column: its name, for reasons.
        to_json: rewrites the cells as JSON.
        item: fields wanted of each object. Text is stripped and NULL when blank; numbers are whole or NULL.
        bad: gets the rows that hold something else, with the reason.
        single: cells hold one object, no list.
    """
    values = cells.to_pylist() if isinstance(cells, pa.Array) else list(cells)
    if all(type(v) is str for v in values):
        texts = _json_cells(values, column, to_json, bad)
        found = _by_arrow([f"[{t}]" if single and t != "null" else t for t in texts], item)
        if found is not None:
            return found
        values = [_python_value(t, row, column, bad) for row, t in enumerate(texts)]
    return _by_cell(values, column, item, bad, single)


def _json_cells(cells: list[str], column: str, to_json: ToJson, bad: Bad) -> list[str]:
    texts = ["null"] * len(cells)
    filled = [row for row, cell in enumerate(cells) if cell and cell != "[]"]
    for row, made in zip(filled, to_json([cells[row] for row in filled]), strict=True):
        if isinstance(made, str):
            texts[row] = made
        else:
            bad.setdefault(row, f"column {column} cannot be read: {made}")
    return texts


def _by_arrow(texts: list[str], item: pa.StructType) -> Objects | None:
    lines = '{"v":' + '}\n{"v":'.join(texts) + "}\n"
    try:
        table = pajson.read_json(
            pa.BufferReader(lines.encode("utf-8", "surrogatepass")),
            # A line must fit into a block; a character takes up to four bytes.
            read_options=pajson.ReadOptions(use_threads=False, block_size=max(_BLOCK, 10 + 4 * max(map(len, texts)))),
            parse_options=pajson.ParseOptions(
                explicit_schema=pa.schema([("v", pa.list_(item))]), unexpected_field_behavior="ignore"
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(texts):
        return None
    lists = table["v"].combine_chunks()
    flat = pc.list_flatten(lists)
    values = {field.name: pc.struct_field(flat, field.name) for field in item}
    if flat.null_count:
        return None
    sizes = pc.fill_null(pc.list_value_length(lists), _NONE).to_numpy(zero_copy_only=False)
    return Objects(sizes, {f.name: _clean(values[f.name], f.type) for f in item})


def _python_value(text: str, row: int, column: str, bad: Bad) -> Any:
    try:
        return _decode(text)
    except (ValueError, RecursionError) as error:
        bad.setdefault(row, f"column {column} cannot be read: {error}")
        return None


def _by_cell(values: list[Any], column: str, item: pa.StructType, bad: Bad, single: bool) -> Objects:
    lists: list[list[dict[str, Any]]] = []
    for row, value in enumerate(values):
        objects = ([value] if single else value) if value else []
        if not isinstance(objects, list) or not all(type(v) is dict for v in objects):
            bad.setdefault(row, f"column {column} holds something else; the columns may be shifted")
            objects = []
        lists.append(objects)
    flat = [v for objects in lists for v in objects]
    sizes = np.fromiter(map(len, lists), np.int64, len(lists))
    return Objects(sizes, {f.name: _clean([v.get(f.name) for v in flat], f.type) for f in item})


def _clean(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    return columns.texts(values) if pa.types.is_string(kind) else columns.integers(values, kind)


# Private-use characters that stand for escaped ones while the quotes are sorted out.
_BACKSLASH, _SINGLE, _DOUBLE = "\ue000", "\ue001", "\ue002"
_STAND_INS = re.compile("[\ue000-\ue002]")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|N\{([^}]+)\}|([0-7]{1,3})|([\s\S]))")
_ESCAPE_OR_QUOTE = re.compile(_ESCAPE.pattern + '|"')
_SIMPLE = {"\\": "\\\\", "'": "'", '"': '\\"', "\n": "", "a": "\\u0007", "v": "\\u000b"}
_SIMPLE.update({c: f"\\{c}" for c in "bfnrtu"})
# A quote behind a word character closes a string, so the word that follows is a value and no part of a string.
_CONSTANT = re.compile(r'": (?:None(?<=\w": None)|True(?<=\w": True)|False(?<=\w": False))(?=[,}])')
_TOKEN = re.compile(r"""'([^'\\]*(?:\\[\s\S][^'\\]*)*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|\b(None|True|False)\b""")
_JSON = {"None": "null", "True": "true", "False": "false"}


def parse_literal(text: str) -> Any:
    """Value of a Python literal made of lists, dicts, strings, numbers, None, True and False.

    Raises:
        ValueError: it is none, or is cut off; also tuples, sets, bytes and trailing commas, which `repr` of JSON data
            never writes.
    """
    try:
        quick = _quick_json(text)
        if quick is not None:
            try:
                return _decode(quick)
            except ValueError:
                pass  # constants outside of dicts, or no literal at all: the tokeniser decides
        return _decode(_TOKEN.sub(_token, text))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def literals_as_json(cells: Sequence[str]) -> list[str | ValueError]:
    """JSON text of Python literals, each on one line. It is JSON if the literal is one; it is not parsed here.

    Returns:
        (cells,) JSON, or the error for a cell that is plainly no literal.
    """
    made: list[str | ValueError] = [""] * len(cells)
    # Cells without any complication, most of a column, are rewritten in one go.
    plain = [at for at, cell in enumerate(cells) if not ('"' in cell or "\\" in cell or "\n" in cell)]
    together = _constants("\n".join([cells[at] for at in plain]).replace("'", '"')).split("\n")
    for at, text in zip(plain, together, strict=bool(plain)):
        made[at] = text
    for at in set(range(len(cells))).difference(plain):
        made[at] = _one_as_json(cells[at])
    return made


def _one_as_json(text: str) -> str | ValueError:
    try:
        quick = None if "\n" in text else _quick_json(text)
        return json.dumps(parse_literal(text)) if quick is None else quick
    except ValueError as error:
        return error


def _quick_json(text: str) -> str | None:
    if escaped := "\\" in text:
        if _STAND_INS.search(text):
            return None
        text = _ESCAPE.sub(_stand_in, text)
    if '"' in text:
        pieces = text.split('"')
        for i in range(0, len(pieces), 2):
            if pieces[i].count("'") % 2:
                return None
            pieces[i] = pieces[i].replace("'", '"')
        text = '"'.join(pieces)
    else:
        text = text.replace("'", '"')
    text = _constants(text)
    if escaped:
        text = text.replace(_BACKSLASH, "\\\\").replace(_SINGLE, "'").replace(_DOUBLE, '\\"')
    return text


def _constants(text: str) -> str:
    if ": None" in text or ": True" in text or ": False" in text:
        return _CONSTANT.sub(lambda m: f'": {_JSON[m[0][3:]]}', text)
    return text


def _stand_in(match: re.Match[str]) -> str:
    return _escape(match).replace("\\\\", _BACKSLASH).replace('\\"', _DOUBLE).replace("'", _SINGLE)


def _escape(match: re.Match[str]) -> str:
    """An escape of Python as JSON text."""
    two, eight, name, octal, simple = match.groups()
    if simple is not None:
        # An unknown escape is a backslash and a character, as in Python.
        return _SIMPLE.get(simple, "\\\\" + simple)
    try:
        code = int(two or eight, 16) if two or eight else int(octal, 8) if octal else ord(unicodedata.lookup(name))
        return json.dumps(chr(code))[1:-1]
    except (KeyError, OverflowError, ValueError):
        raise ValueError(f"unknown escape {match[0]}") from None


def _token(match: re.Match[str]) -> str:
    single, double, constant = match.groups()
    if constant:
        return _JSON[constant]
    body = single if single is not None else double
    return '"' + _ESCAPE_OR_QUOTE.sub(lambda m: '\\"' if m[0] == '"' else _escape(m), body) + '"'
