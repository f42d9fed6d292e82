"""Recommend films for everybody in training, into one Parquet file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp

from cinefile.atomic_files import replace
from cinefile.taste.rating_model import PEOPLE_AT_ONCE, RatingModel
from cinefile.taste.ratings import person_rows
from cinefile.taste.recommend import Wishes, picks

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
        wishes: see ``recommend.Wishes``.

    Returns:
        Number of people.
    """
    ids = list(people)
    aside = file.with_name(file.name + ".part")
    with pq.ParquetWriter(aside, SCHEMA) as writer:
        for first in range(0, len(ids), _PEOPLE_AT_ONCE):
            some = ids[first : first + _PEOPLE_AT_ONCE]
            rows = person_rows([people[i] for i in some], model.film_ids)
            writer.write_table(pick_table(model, some, rows, k, wishes))
    replace(aside, file)
    return len(ids)


def pick_table(
    model: RatingModel, ids: Sequence[int], rows: sp.csr_matrix, k: int, wishes: Wishes | None = None
) -> pa.Table:
    """The k films of some people, best first, as a table (columns: SCHEMA).

    Args:
        model: a trained model.
        ids: user ids.
        rows: (people, films) their stars.
        k: how many each.
        wishes: see ``recommend.Wishes``.
    """
    found = [
        (ids[first + n], rank, pick.film_id, pick.stars, pick.std)
        for first in range(0, len(ids), PEOPLE_AT_ONCE)
        for n, some in enumerate(picks(model, rows[first : first + PEOPLE_AT_ONCE], k, wishes or Wishes(reasons=0)))
        for rank, pick in enumerate(some, start=1)
    ]
    columns = zip(*found, strict=True) if found else ([],) * len(SCHEMA)
    return pa.table([list(column) for column in columns], schema=SCHEMA)
