"""Everybody's films on a cluster: each bucket of people with the model loaded once per worker."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp

from cinefile.engines.spark.files import Folder
from cinefile.engines.spark.session import tasks
from cinefile.engines.spark.store import RatingStore, columns
from cinefile.taste.batch import pick_table
from cinefile.taste.model import RatingModel
from cinefile.taste.ratings import places
from cinefile.taste.registry import load_model

if TYPE_CHECKING:
    from pyspark import SparkContext


def write_everybody(context: "SparkContext", model: Path, store: RatingStore, k: int, out: Folder) -> int:
    """Write each person's k films, best first, as a folder of Parquet files (columns: ``taste.batch.SCHEMA``).

    Buckets that an earlier, stopped run finished with the same model and k are left as they are.

    Args:
        context: the cluster.
        model: folder of a rating model, on this machine; it is sent to the others.
        store: the people's ratings.
        k: how many each.
        out: folder to write.

    Returns:
        Number of people.
    """
    load_model(model)  # a damaged one is found here, and not by every task
    facts = store.facts()
    said = {"ratings": facts.written, "k": k, "model": (model / "manifest.json").read_text(encoding="utf-8")}
    if out.read_json("of.json") != said:
        out.renew()
        out.write_json("of.json", said)
    done = set(out.names())
    context.addFile(str(model), recursive=True)
    todo = [b for b in range(facts.buckets) if file_name(b) not in done]
    if todo:
        context.parallelize(todo, tasks(context, len(todo))).foreachPartition(_Score(model.name, store, k, out))
    return facts.people


def file_name(bucket: int) -> str:
    """File of one bucket's picks."""
    return f"bucket-{bucket:05d}.parquet"


@lru_cache(maxsize=1)
def _model(name: str) -> RatingModel:
    """The model that the driver sent, kept by the worker."""
    from pyspark import SparkFiles

    return load_model(SparkFiles.get(name))


class _Score:
    def __init__(self, model: str, store: RatingStore, k: int, out: Folder) -> None:
        self._name, self._store, self._k, self._out = model, store, k, out

    def __call__(self, buckets: Iterable[int]) -> None:
        for bucket in buckets:
            table = self._table(bucket)

            def write(stream: Any, table: pa.Table = table) -> None:
                pq.write_table(table, stream)

            self._out.write(file_name(bucket), write)

    def _table(self, bucket: int) -> pa.Table:
        model = _model(self._name)
        user, film, stars = columns(self._store.bucket(bucket))
        at = places(film, model.film_ids)
        ids, row = np.unique(user, return_inverse=True)
        known = at >= 0
        rows = sp.csr_matrix((stars[known], (row[known], at[known])), shape=(len(ids), len(model.film_ids)))
        return pick_table(model, ids.tolist(), rows, self._k)
