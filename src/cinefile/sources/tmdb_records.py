"""The film record of TMDB, which three sources hold: as CSV with Python literals, as CSV with JSON, as JSON.

Batches are made column by column: row by row takes several times as long.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cinefile.sources import columns
from cinefile.sources.batches import Assemble, array
from cinefile.sources.fields import integer, names, text
from cinefile.sources.nested import Bad, Parse, lists_of_objects, literal_value, objects
from cinefile.sources.rows import CREDIT

REQUIRED = ("id", "title", "original_title", "overview", "release_date", "runtime", "budget", "revenue", "popularity",
            "vote_average", "vote_count", "original_language", "status", "tagline", "genres", "production_companies",
            "production_countries")  # fmt: skip
OPTIONAL = ("imdb_id", "adult", "belongs_to_collection", "keywords")
_ADULT = {"True": True, "False": False, "": None, True: True, False: False, None: None}


def films(order: Sequence[str], parse: Parse = literal_value) -> Assemble:
    """Make a function that turns (line, values in `order`…) into a FILM batch; `parse` reads nested cells."""

    def assemble(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
        lines, *cells = zip(*rows, strict=True)
        column = {**dict.fromkeys(OPTIONAL, (None,) * len(rows)), **dict(zip(order, cells, strict=True))}
        bad: Bad = {}
        ids = keys(column["id"], "id", bad)
        adult = [_adult(v, row, bad) for row, v in enumerate(column["adult"])]
        titles = columns.texts(column["title"])
        for row in pc.indices_nonzero(titles.is_null()).to_pylist():
            bad.setdefault(row, "no title")
        nested = {c: lists_of_objects(column[c], c, parse, bad) for c in (*REQUIRED[-3:], "keywords")}
        collections = objects(column["belongs_to_collection"], "belongs_to_collection", parse, bad)
        made = {
            "line": pa.array(lines, pa.int64()),
            "key": ids.cast(pa.string()),
            "title": titles,
            "tmdb_id": ids,
            "adult": pa.array(adult, pa.bool_()),
            "release_date": columns.days(column["release_date"]),
            "original_title": columns.texts(column["original_title"]),
            "language": columns.texts(column["original_language"]),
            "plot": columns.texts(column["overview"]),
            "imdb_id": columns.imdb_ids(column["imdb_id"]),
            **{c: columns.texts(column[c]) for c in ("status", "tagline")},
            **{c: columns.reals(column[c]) for c in ("runtime", "popularity", "vote_average")},
            **{c: columns.integers(column[c]) for c in ("budget", "revenue", "vote_count")},
            "genres": array([names(v or ()) for v in nested["genres"]], schema.field("genres").type),
            "keywords": array(
                [None if v is None else names(v) for v in nested["keywords"]], schema.field("keywords").type
            ),
            "companies": _objects(nested["production_companies"], schema.field("companies").type, "id"),
            "countries": _objects(nested["production_countries"], schema.field("countries").type, "iso_3166_1"),
            "collection": _collections(collections, schema.field("collection").type),
        }
        empty = {f.name: pa.nulls(len(rows), f.type) for f in schema if f.name not in made}
        return pa.RecordBatch.from_arrays([(made | empty)[f.name] for f in schema], schema=schema), bad

    return assemble


def keys(cells: Sequence[Any], name: str, bad: Bad) -> pa.Array:
    """The ids of a column; one that is no positive whole number adds its row and reason to `bad`."""
    ids = columns.integers(cells)
    for row in pc.indices_nonzero(pc.fill_null(pc.less_equal(ids, 0), True)).to_pylist():
        shown = str(cells[row])
        shown = shown if len(shown) <= 40 else shown[:40] + "…"
        bad.setdefault(row, f"{name} {shown!r} is no positive whole number; the columns may be shifted")
    return ids


def _adult(value: Any, row: int, bad: Bad) -> bool | None:
    if isinstance(value, str | bool | None) and value in _ADULT:
        return _ADULT[value]
    bad.setdefault(row, "column adult is neither True nor False; the columns may be shifted")
    return None


def _objects(values: Sequence[list[dict[str, Any]] | None], kind: pa.DataType, id_name: str) -> pa.Array:
    def items(flat: list[dict[str, Any]]) -> pa.Array:
        ids = [v.get(id_name) for v in flat]
        numbers = pa.types.is_integer(kind.value_type.field(0).type)
        return columns.structs(
            kind.value_type,
            columns.integers(ids) if numbers else columns.texts(ids),
            columns.texts([v.get("name") for v in flat]),
        )

    return columns.lists([v or [] for v in values], items, kind)


def _collections(values: Sequence[dict[str, Any] | None], kind: pa.DataType) -> pa.Array:
    return array([{"tmdb_id": integer(v.get("id")), "name": text(v.get("name"))} if v else None for v in values], kind)


def keywords(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
    """Make a KEYWORD batch of (line, id, keywords)."""
    lines, ids, cells = zip(*rows, strict=True)
    bad: Bad = {}
    numbers = keys(ids, "id", bad)
    values = lists_of_objects(cells, "keywords", literal_value, bad)
    named = array([names(v or ()) for v in values], schema.field("keywords").type)
    return pa.RecordBatch.from_arrays([pa.array(lines), numbers.cast(pa.string()), named], schema=schema), bad


def credits(parse: Parse = literal_value) -> Assemble:
    """Make a function that turns (line, id, cast, crew) into a CREDIT batch; `parse` reads nested cells."""

    def assemble(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
        lines, ids, casts, crews = zip(*rows, strict=True)
        bad: Bad = {}
        numbers = keys(ids, "id", bad)
        people = _people(
            [v or [] for v in lists_of_objects(casts, "cast", parse, bad)],
            [v or [] for v in lists_of_objects(crews, "crew", parse, bad)],
        )
        return pa.RecordBatch.from_arrays([pa.array(lines), numbers.cast(pa.string()), people], schema=schema), bad

    return assemble


def _people(casts: list[list[dict[str, Any]]], crews: list[list[dict[str, Any]]]) -> pa.Array:
    cast, crew = list(chain.from_iterable(casts)), list(chain.from_iterable(crews))
    both = cast + crew
    genders = columns.integers([p.get("gender") for p in both], pa.int8())
    nobody, crewless = pa.nulls(len(crew), pa.string()), pa.nulls(len(crew), pa.int32())
    kind = CREDIT.field("people").type
    people = columns.structs(
        kind.value_type,
        columns.integers([p.get("id") for p in both]),
        columns.texts([p.get("name") for p in both]),
        pc.if_else(pc.is_in(genders, pa.array([0, 1, 2, 3], pa.int8())), genders, pa.scalar(None, pa.int8())),
        pa.concat_arrays([pa.repeat("Acting", len(cast)), columns.texts([p.get("department") for p in crew])]),
        pa.concat_arrays([pa.repeat("Actor", len(cast)), columns.texts([p.get("job") for p in crew])]),
        pa.concat_arrays([columns.texts([p.get("character") for p in cast]), nobody]),
        pa.concat_arrays([columns.integers([p.get("order") for p in cast], pa.int32()), crewless]),
    )
    # Here all cast come before all crew; in the batch each film's cast is followed by its crew.
    sizes = np.array([(len(a), len(b)) for a, b in zip(casts, crews, strict=True)], dtype=np.int64)
    film = np.arange(len(casts))
    owner = np.concatenate([np.repeat(film, sizes[:, 0]), np.repeat(film, sizes[:, 1])])
    offsets = np.concatenate([[0], np.cumsum(sizes.sum(axis=1))]).astype(np.int32)
    people = people.take(pa.array(np.argsort(owner, kind="stable")))
    return pa.ListArray.from_arrays(pa.array(offsets), people, type=kind)
