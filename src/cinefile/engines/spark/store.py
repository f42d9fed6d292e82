"""Cleaned ratings as Parquet, by buckets of people: what ingesting writes, and training and scoring read.

    store.json                  which data set, how many people, ratings and buckets, where the rejects stand
    ratings/bucket-00012.parquet    user_id, film_id (the catalogue's), stars, rated_at; by user, then film
    rejects/piece-00003.parquet     file, line, reason, raw

Each person is in one bucket, which follows from the id alone (`taste.blocks`), so that nothing is shuffled again.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cinefile.engines.spark.files import Folder
from cinefile.errors import InputError
from cinefile.taste.ratings import Ints

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
class Facts:
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

    def facts(self) -> Facts:
        """What it holds.

        Raises:
            InputError: it is no such folder, or ingesting into it was not finished.
        """
        document = self.folder.read_json(_FACTS)
        if document is None:
            raise InputError(
                f"There are no ratings at {self.folder}.", "Make them with: cinefile ingest PATH --engine spark"
            )
        return Facts(**document)

    def finish(self, facts: Facts) -> None:
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
