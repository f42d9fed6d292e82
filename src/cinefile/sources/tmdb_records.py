"""The film record of TMDB, which three sources hold: as CSV with Python literals, as CSV with JSON, as JSON.

Batches are made column by column: row by row takes several times as long.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cinefile.sources.contract import CREDIT
from cinefile.sources.readers import cells as columns
from cinefile.sources.readers.arrow_batches import Assemble
from cinefile.sources.readers.nested_cells import Bad, Objects, ToJson, literals_as_json, read_objects

REQUIRED = ("id", "title", "original_title", "overview", "release_date", "runtime", "budget", "revenue", "popularity",
            "vote_average", "vote_count", "original_language", "status", "tagline", "genres", "production_companies",
            "production_countries")  # fmt: skip
# Genres that TMDB does not have: a film of TMDB's may well be of one of them.
UNLISTED_GENRES = frozenset({"Biography", "Film-Noir", "Musical", "News", "Short", "Sport"})
_ADULT = {"True": True, "False": False, "": None, "None": None}
_ZERO, _INT32, _NO_NUMBER = (pa.scalar(v, pa.int64()) for v in (0, 1 << 31, None))
_TRUE = pa.scalar(True)
_NAME = pa.struct([("name", pa.string())])
_ID_NAME = pa.struct([("id", pa.int64()), ("name", pa.string())])
_COUNTRY = pa.struct([("iso_3166_1", pa.string()), ("name", pa.string())])
_PERSON = [("id", pa.int64()), ("name", pa.string()), ("gender", pa.int64())]
_CAST = pa.struct([*_PERSON, ("character", pa.string()), ("order", pa.int64())])
_CREW = pa.struct([*_PERSON, ("department", pa.string()), ("job", pa.string())])


def films(order: Sequence[str], to_json: ToJson = literals_as_json) -> Assemble:
    """Make a function that turns the columns line and those in `order` into a FILM batch.

    `order` holds REQUIRED, and imdb_id, adult, belongs_to_collection and keywords where the source has them.
    """

    def assemble(cells: Sequence[Sequence[Any]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
        lines, *rest = cells
        column = dict(zip(order, rest, strict=True))
        nothing = (None,) * len(lines)
        bad: Bad = {}
        ids = keys(column["id"], "id", bad)
        titles = columns.texts(column["title"])
        for row in pc.indices_nonzero(titles.is_null()).to_pylist():
            bad.setdefault(row, "no title")
        adult = [_adult(str(v), row, bad) for row, v in enumerate(column.get("adult", nothing))]

        def nested(name: str, item: pa.StructType, *, single: bool = False) -> Objects:
            return read_objects(column.get(name, nothing), name, to_json, item, bad, single=single)

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
            "imdb_id": columns.imdb_ids(column.get("imdb_id", nothing)),
            **{c: columns.texts(column[c]) for c in ("status", "tagline")},
            **{c: columns.reals(column[c]) for c in ("runtime", "popularity", "vote_average")},
            **{c: columns.integers(column[c]) for c in ("budget", "revenue", "vote_count")},
            "genres": _names(nested("genres", _NAME)),
            "companies": _structs(nested("production_companies", _ID_NAME), schema.field("companies").type),
            "countries": _structs(nested("production_countries", _COUNTRY), schema.field("countries").type),
            "collection": _at_most_one(
                nested("belongs_to_collection", _ID_NAME, single=True), schema.field("collection").type
            ),
        }
        if "keywords" in column:
            made["keywords"] = _names(nested("keywords", _NAME))
        empty = {f.name: pa.nulls(len(lines), f.type) for f in schema if f.name not in made}
        return pa.RecordBatch.from_arrays([(made | empty)[f.name] for f in schema], schema=schema), bad

    return assemble


def keywords(cells: Sequence[Sequence[Any]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
    """Make a KEYWORD batch of the columns line, id, keywords."""
    lines, ids, lists = cells
    bad: Bad = {}
    numbers = keys(ids, "id", bad).cast(pa.string())
    named = _names(read_objects(lists, "keywords", literals_as_json, _NAME, bad))
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), numbers, named], schema=schema), bad


def credits(to_json: ToJson = literals_as_json) -> Assemble:
    """Make a function that turns the columns line, id, cast and crew into a CREDIT batch."""

    def assemble(cells: Sequence[Sequence[Any]], schema: pa.Schema) -> tuple[pa.RecordBatch, Bad]:
        lines, ids, cast, crew = cells
        bad: Bad = {}
        numbers = keys(ids, "id", bad).cast(pa.string())
        people = _people(
            read_objects(cast, "cast", to_json, _CAST, bad), read_objects(crew, "crew", to_json, _CREW, bad)
        )
        return pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), numbers, people], schema=schema), bad

    return assemble


def keys(cells: Sequence[Any], name: str, bad: Bad) -> pa.Array:
    """The ids of a column; one that is no positive whole number adds its row and reason to `bad`."""
    ids = columns.integers(cells)
    for row in pc.indices_nonzero(pc.fill_null(pc.less_equal(ids, _ZERO), _TRUE)).to_pylist():
        shown = str(cells[row])
        shown = shown if len(shown) <= 40 else shown[:40] + "…"
        bad.setdefault(row, f"{name} {shown!r} is no positive whole number; the columns may be shifted")
    return ids


def _adult(value: str, row: int, bad: Bad) -> bool | None:
    if value not in _ADULT:
        bad.setdefault(row, "column adult is neither True nor False; the columns may be shifted")
    return _ADULT.get(value)


def _names(objects: Objects) -> pa.Array:
    names, sizes = objects.values["name"], objects.sizes
    if names.null_count:
        owner = np.repeat(np.arange(len(sizes)), sizes)[names.is_valid().to_numpy(zero_copy_only=False)]
        names, sizes = names.drop_null(), np.bincount(owner, minlength=len(sizes))
    return _lists(sizes, names, pa.list_(pa.string()))


def _structs(objects: Objects, kind: pa.ListType) -> pa.Array:
    values = pa.StructArray.from_arrays(list(objects.values.values()), fields=list(kind.value_type))
    return _lists(objects.sizes, values, kind)


def _at_most_one(objects: Objects, kind: pa.StructType) -> pa.Array:
    values = pa.StructArray.from_arrays(list(objects.values.values()), fields=list(kind))
    place = np.cumsum(objects.sizes) - 1
    return values.take(pa.array(place, pa.int64(), mask=objects.sizes == 0))


def _people(cast: Objects, crew: Objects) -> pa.Array:
    kind = CREDIT.field("people").type
    n_cast, n_crew = len(cast.values["id"]), len(crew.values["id"])
    genders = pa.concat_arrays([cast.values["gender"], crew.values["gender"]])
    known = pc.is_in(genders, pa.array([0, 1, 2, 3], pa.int64()))
    order = cast.values["order"]
    billed = pc.and_(pc.greater_equal(order, _ZERO), pc.less(order, _INT32))
    people = [
        pa.concat_arrays([cast.values["id"], crew.values["id"]]),
        pa.concat_arrays([cast.values["name"], crew.values["name"]]),
        pc.if_else(known, genders, _NO_NUMBER).cast(pa.int8()),
        pa.concat_arrays([pa.repeat("Acting", n_cast), crew.values["department"]]),
        pa.concat_arrays([pa.repeat("Actor", n_cast), crew.values["job"]]),
        pa.concat_arrays([cast.values["character"], pa.nulls(n_crew, pa.string())]),
        pa.concat_arrays([pc.if_else(billed, order, _NO_NUMBER).cast(pa.int32()), pa.nulls(n_crew, pa.int32())]),
    ]
    # Here all cast come before all crew; in the batch each film's cast is followed by its crew.
    film = np.arange(len(cast.sizes))
    owner = np.concatenate([np.repeat(film, cast.sizes), np.repeat(film, crew.sizes)])
    values = pa.StructArray.from_arrays(people, fields=list(kind.value_type))
    return _lists(cast.sizes + crew.sizes, values.take(pa.array(np.argsort(owner, kind="stable"))), kind)


def _lists(sizes: np.ndarray, values: pa.Array, kind: pa.ListType) -> pa.Array:
    offsets = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind)
