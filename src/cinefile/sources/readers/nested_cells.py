"""Nested columns of TMDB records: {"id": …, "name": …} or lists of them, as Python literals, JSON, or parsed.

A batch of cells is rewritten as JSON lines and parsed by Arrow, in C and without making Python objects. Where that
fails, because of one bad cell or a value of an unexpected type, the batch is parsed cell by cell.
"""

import json
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
