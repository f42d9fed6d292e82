"""Cleaned ratings as Parquet by buckets of people, and their layout for training."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp

from cinefile.errors import InputError
from cinefile.spark.shared_files import Folder
from cinefile.taste.people_blocks import Block, block_of, blocks_for, cut
from cinefile.taste.ratings import Ints, places

RATINGS = pa.schema(
    [
        pa.field("user_id", pa.int64(), nullable=False),
        pa.field("film_id", pa.int64(), nullable=False),
        pa.field("stars", pa.float32(), nullable=False),
        pa.field("rated_at", pa.timestamp("ms")),  # Parquet knows no seconds
    ]
)
REJECTS = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("line", pa.int64()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
    ]
)
_FACTS = "store.json"


@dataclass(frozen=True)
class StoreFacts:
    """What a store holds.

    Attributes:
        source: name of the data set.
        buckets: a power of two; empty ones have no file.
        people: with at least one rating.
        ratings: of them.
        mean: of the stars.
        lowest, highest: stars.
        written: a random word: another one means other ratings.
    """

    source: str
    buckets: int
    people: int
    ratings: int
    mean: float
    lowest: float
    highest: float
    written: str


class RatingStore:
    """A folder of cleaned ratings.

    Args:
        uri: path or URI of the folder.
    """

    def __init__(self, uri: str) -> None:
        self.folder = Folder(uri)
        self.ratings, self.rejects = self.folder.at("ratings"), self.folder.at("rejects")

    def facts(self) -> StoreFacts:
        """What it holds.

        Raises:
            InputError: it is no such folder, or ingesting into it was not finished.
        """
        document = self.folder.read_json(_FACTS)
        if document is None:
            raise InputError(
                f"There are no ratings at {self.folder}.", "Make them with: cinefile ingest PATH --engine spark"
            )
        return StoreFacts(**document)

    def finish(self, facts: StoreFacts) -> None:
        """Declare it complete."""
        self.folder.write_json(_FACTS, asdict(facts))

    def bucket(self, number: int) -> pa.Table:
        """The ratings of one bucket; empty where nobody is in it."""
        try:
            with self.ratings.open(bucket_name(number)) as raw:
                return pq.read_table(raw)
        except FileNotFoundError:
            return RATINGS.empty_table()


def bucket_name(number: int) -> str:
    """File of a bucket."""
    return f"bucket-{number:05d}.parquet"


def columns(table: pa.Table) -> tuple[Ints, Ints, Any]:
    """User ids, film ids and stars of a table of ratings."""
    user, film, stars = (np.asarray(table[name]) for name in ("user_id", "film_id", "stars"))
    return user, film, stars


_SCHEMA = pa.schema(
    [
        ("films", pa.large_list(pa.int32())),
        ("edges", pa.large_list(pa.int32())),
        ("columns", pa.large_list(pa.int32())),
        ("stars", pa.large_list(pa.float32())),
    ]
)


@dataclass(frozen=True)
class Layout:
    """How a store's people are cut.

    Attributes:
        blocks: of people, as on one machine.
        parts: files, at most one per bucket and at most one per block.
    """

    blocks: int
    parts: int

    @classmethod
    def of(cls, facts: StoreFacts) -> "Layout":
        """For a store."""
        blocks = blocks_for(facts.people, facts.ratings)
        return cls(blocks, min(blocks, facts.buckets))


def part_name(number: int) -> str:
    """File of a part."""
    return f"part-{number:05d}.arrow"


class MakePart:
    """Writes parts, by number.

    Args:
        store: the ratings.
        folder: where to.
        film_ids: broadcast, (films,) ids of all films, ascending.
        facts: of the store.
    """

    def __init__(self, store: RatingStore, folder: Folder, film_ids: Any, facts: StoreFacts) -> None:
        self._store, self._folder, self._films, self._facts = store, folder, film_ids, facts

    def __call__(self, number: int) -> None:
        """Write one."""
        layout = Layout.of(self._facts)
        films = self._films.value
        tables = [self._store.bucket(b) for b in range(number, self._facts.buckets, layout.parts)]
        user, film, stars = columns(pa.concat_tables(tables))
        ids, row = np.unique(user, return_inverse=True)
        # Rows of one person lie in one bucket, by film: with columns ascending, as on one machine.
        order = np.argsort(row, kind="stable")
        edges = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(ids)))])
        matrix = sp.csr_matrix(
            (stars[order], places(film, films)[order], edges), shape=(len(ids), len(films)), dtype=np.float32
        )
        blocks = list(cut(matrix, block_of(ids, layout.blocks))) if len(ids) else []

        def write(stream: Any) -> None:
            with pa.ipc.new_file(stream, _SCHEMA) as file:
                for block in blocks:
                    file.write_batch(_as_batch(block))

        self._folder.write(part_name(number), write)


def _as_batch(block: Block) -> pa.RecordBatch:
    arrays = (block.films, block.stars.indptr, block.stars.indices, block.stars.data)
    lists = [
        pa.LargeListArray.from_arrays(pa.array([0, len(a)], pa.int64()), pa.array(a, field.type.value_type))
        for a, field in zip(arrays, _SCHEMA, strict=True)
    ]
    return pa.RecordBatch.from_arrays(lists, schema=_SCHEMA)


def read_part(folder: Folder, number: int) -> Iterator[Block]:
    """The blocks of a part."""
    with folder.open(part_name(number)) as raw, pa.ipc.open_file(raw) as file:
        for n in range(file.num_record_batches):
            batch = file.get_batch(n)
            films, edges, places_, stars = (batch.column(name).flatten().to_numpy() for name in _SCHEMA.names)
            yield Block(films, sp.csr_matrix((stars, places_, edges), shape=(len(edges) - 1, len(films))))
