"""Everybody's films in one file."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cinefile.taste.model import RatingModel
from cinefile.taste.picking import Wishes

SCHEMA = pa.schema(
    [
        pa.field("user_id", pa.int64(), nullable=False),
        pa.field("rank", pa.int32(), nullable=False),
        pa.field("film_id", pa.int64(), nullable=False),
        pa.field("stars", pa.float32(), nullable=False),
        pa.field("std", pa.float32()),
    ]
)
_PEOPLE_AT_ONCE = 1024


def write_everybody(
    model: RatingModel, people: Mapping[int, Mapping[int, float]], k: int, file: Path, wishes: Wishes | None = None
) -> int:
    """Write each person's k films, best first, as Parquet (columns: SCHEMA); aside first, then renamed into place.

    Args:
        model: a trained model.
        people: ``{film_id: stars}`` by user id.
        k: how many each.
        file: to write.
        wishes: see ``picking.Wishes``.

    Returns:
        Number of people.
    """
    ids = list(people)
    aside = file.with_name(file.name + ".part")
    chosen = wishes or Wishes(reasons=0)
    with pq.ParquetWriter(aside, SCHEMA) as writer:
        for first in range(0, len(ids), _PEOPLE_AT_ONCE):
            some = ids[first : first + _PEOPLE_AT_ONCE]
            rows = [
                (some[n], rank, pick.film_id, pick.stars, pick.std)
                for n, picks in model.recommend_many([people[i] for i in some], k, chosen)
                for rank, pick in enumerate(picks, start=1)
            ]
            columns = zip(*rows, strict=True) if rows else ([],) * len(SCHEMA)
            writer.write_table(pa.table([list(column) for column in columns], schema=SCHEMA))
    aside.replace(file)
    return len(ids)
