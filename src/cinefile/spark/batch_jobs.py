"""Recommend for everybody and tag plots in bulk on a cluster, with the model loaded once per worker."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp

from cinefile.genres import load_tagger
from cinefile.genres.genre_tagger import PlotTagger
from cinefile.genres.plot_files import BATCH, Summary, tag_rows
from cinefile.sources.readers.tables import rows
from cinefile.spark.rating_store import RatingStore, columns
from cinefile.spark.session import tasks
from cinefile.spark.shared_files import Folder
from cinefile.taste.models import load_model
from cinefile.taste.rating_model import RatingModel
from cinefile.taste.ratings import places
from cinefile.taste.recommend_everybody import pick_table

if TYPE_CHECKING:
    from pyspark import SparkContext


def write_everybody(context: "SparkContext", model: Path, store: RatingStore, k: int, out: Folder) -> int:
    """Write each person's k films, best first, as a folder of Parquet files (``recommend_everybody.SCHEMA``).

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


# A chunk's number, how many of its rows are done already, and the others with theirs.
_Chunk = tuple[int, int, list[tuple[int, Mapping[str, Any]]]]
_RULE = "run.json"


def tag_file(
    context: "SparkContext",
    model: str | None,
    source: Path,
    out: Folder,
    *,
    threshold: float | str = 0.1,
    plot_column: str | None = None,
    resume: bool = True,
    chunk: int = BATCH,
) -> Summary:
    """Write one JSON line per row of ``source`` into a folder of files, as ``genres.files.tag_file`` into one.

    The file is read by one task, row by row, in chunks, which are then spread over the cluster: inference takes a
    thousand times as long as reading. Rows that cannot be tagged go into files that end in ``.rejected.jsonl``.

    Args:
        context: the cluster; a tagger's own folder must be on a path that all machines share.
        model: as for ``genres.load_tagger``.
        source: file on a path that all machines share.
        out: folder to write.
        threshold: as in `ShippedTagger.predict`.
        plot_column: name of the column with the plot; None looks for the usual ones.
        resume: keep the chunks that an earlier run finished with the same arguments; False starts over.
        chunk: rows that a task takes at a time.

    Raises:
        InputError: the source cannot be read at all.
        ModelError: no such tagger.
    """
    load_tagger(model)
    next(iter(rows(source)), None)
    status = source.stat()
    said = {"source": [str(source), status.st_size, int(status.st_mtime)], "model": model, "threshold": threshold}
    said |= {"column": plot_column, "chunk": chunk}
    if not resume or out.read_json(_RULE) != said:
        out.renew()
        out.write_json(_RULE, said)
    done = frozenset(name for name in out.names() if name.endswith(".tags.jsonl"))
    chunks = context.parallelize([str(source)], 1).flatMap(_Read(chunk, done))
    counts = chunks.repartition(4 * context.defaultParallelism).map(_Tag(model, threshold, plot_column, out)).collect()
    tagged, rejected, skipped = (sum(c[n] for c in counts) for n in range(3))
    return Summary(skipped + tagged + rejected, tagged, rejected, skipped)


def chunk_name(number: int) -> str:
    """File of one chunk's tags."""
    return f"chunk-{number:07d}.tags.jsonl"


class _Read:
    def __init__(self, chunk: int, done: frozenset[str]) -> None:
        self._chunk, self._done = chunk, done

    def __call__(self, source: str) -> Iterator[_Chunk]:
        numbered = enumerate(rows(Path(source)))
        number = 0
        while some := list(islice(numbered, self._chunk)):
            if chunk_name(number) in self._done:
                yield number, len(some), []
            else:
                yield number, 0, [(n, dict(row)) for n, row in some]
            number += 1


@lru_cache(maxsize=1)
def _tagger(model: str | None) -> PlotTagger:
    """The tagger, kept by the worker; a task has one core."""
    return load_tagger(model, threads=1)


class _Tag:
    def __init__(self, model: str | None, threshold: float | str, plot_column: str | None, out: Folder) -> None:
        self._model, self._threshold, self._column, self._out = model, threshold, plot_column, out

    def __call__(self, chunk: _Chunk) -> tuple[int, int, int]:
        number, done, numbered = chunk
        if done:
            return 0, 0, done
        tags, refused = tag_rows(_tagger(self._model), numbered, self._threshold, self._column)
        name = chunk_name(number)
        if refused:
            self._write(name.replace(".tags.", ".rejected."), refused)
        self._write(name, tags)
        return len(tags), len(refused), 0

    def _write(self, name: str, lines: Iterable[str]) -> None:
        content = "".join(line + "\n" for line in lines).encode()
        self._out.write(name, lambda stream: stream.write(content))
