"""The neighbours of every film, and writing them as Parquet. All pairs are scored, a block at a time; none are kept."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinefile import settings
from cinefile.similar.film_similarity import FilmSimilarity, top_k

_BLOCK = 128
SCHEMA = pa.schema([("film_id", pa.int64()), ("rank", pa.int16()), ("similar_id", pa.int64()), ("score", pa.float32())])
Scores = Callable[[NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True)
class Neighbours:
    """Neighbours of a block of films.

    Attributes:
        rows: (m,) the films.
        columns: (m, k) their neighbours, the most alike first, never the film itself.
        scores: (m, k) float32, 0 to 1.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    scores: NDArray[np.float32]


def neighbours(scores: Scores, rows: NDArray[np.int64], k: int) -> Neighbours:
    """The k best of one block, by any method that scores rows against all films."""
    found = scores(rows)
    found[np.arange(len(rows)), rows] = -np.inf
    columns = top_k(found, min(k, found.shape[1] - 1))
    return Neighbours(rows, columns, np.clip(np.take_along_axis(found, columns, axis=1), 0, 1))


def all_neighbours(
    scores: Scores, n_films: int, k: int = 10, threads: int = 0, limit: int | None = None
) -> Iterator[Neighbours]:
    """Blocks of neighbours of the first `limit` films (None for all), in order.

    Memory: about 3 * threads * 128 * n_films floats.
    """
    last = n_films if limit is None else min(limit, n_films)
    starts = [np.arange(s, min(s + _BLOCK, last), dtype=np.int64) for s in range(0, last, _BLOCK)]
    workers = threads or settings.threads()
    with ThreadPoolExecutor(workers) as pool:
        # A few blocks ahead of the reader, not all: their results wait in memory.
        for first in range(0, len(starts), 4 * workers):
            yield from pool.map(lambda rows: neighbours(scores, rows, k), starts[first : first + 4 * workers])


def write_parquet(
    path: str | Path,
    similarity: FilmSimilarity,
    k: int = 10,
    weights: Mapping[str, float] | None = None,
    threads: int = 0,
) -> int:
    """Write the k neighbours of every film: columns film_id, rank (from 1), similar_id, score.

    Returns:
        Rows written.
    """
    ids, written = similarity.film_id, 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for found in all_neighbours(lambda rows: similarity.scores(rows, weights), len(ids), k, threads):
            m, width = found.columns.shape
            batch = pa.record_batch(
                [
                    np.repeat(ids[found.rows], width),
                    np.tile(np.arange(1, width + 1, dtype=np.int16), m),
                    ids[found.columns.ravel()],
                    found.scores.ravel(),
                ],
                schema=SCHEMA,
            )
            writer.write_batch(batch)
            written += batch.num_rows
    return written
