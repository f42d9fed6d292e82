"""Speed of similar films: one query at 62,423 films, all neighbours of 32,292, beside the published way, in one run.

The vectors are random in value and real in shape: scoring is exhaustive, so its time does not depend on the values. The
sparse columns follow the lengths seen in a catalogue: some 25 entries a film, a few very common. The peer is what was
published: all pairs by cosine over dense vectors, here a block at a time, as 40 GB are not there to be held.
"""

import resource
import time
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from benchmarks import _results
from cinefile import settings
from cinefile.similar.feature_blocks import PARTS
from cinefile.similar.film_similarity import top_k
from cinefile.similar.film_vectors import DENSE_PARTS, SPARSE_PARTS, FilmVectors
from cinefile.similar.int8_products import quantise
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.train import all_neighbours

_WIDTHS = {"plot": 128, "genres": 22, "year": 19, "reception": 21, "taste": 64}
_COLUMNS = 20_000  # of each sparse part
_QUERY_FILMS, _BATCH_FILMS, _K = 62_423, 32_292, 10
_PEER_ROWS = 512


def made_up(n: int) -> FilmVectors:
    rng = np.random.default_rng(n)
    codes, scales = quantise(rng.standard_normal((n, sum(_WIDTHS.values())), dtype=np.float32))
    spans: dict[str, tuple[int, int]] = {}
    start = 0
    for part in DENSE_PARTS:
        spans[part] = (start, start + _WIDTHS[part])
        start += _WIDTHS[part]
    for i, part in enumerate(SPARSE_PARTS):
        spans[part] = (i * _COLUMNS, (i + 1) * _COLUMNS)
    lengths = rng.integers(10, 40, n)
    # The commonest keyword stands on thousands of films, most on a few.
    columns = (rng.random(lengths.sum()) ** 2 * 4 * _COLUMNS).astype(np.int64)
    rows = np.repeat(np.arange(n), lengths)
    sparse = csr_array((rng.random(len(rows), dtype=np.float32), (rows, columns)), shape=(n, 4 * _COLUMNS))
    return FilmVectors(
        film_id=np.arange(n, dtype=np.int64), codes=codes, scales=scales, sparse=sparse,
        present=rng.integers(1, 1 << len(PARTS), n).astype(np.uint16), spans=spans,
        weights=dict.fromkeys(PARTS, 1.0), means=dict.fromkeys(PARTS, 0.1),
        plot_hash=np.zeros(n, np.uint64), plot_basis=np.zeros((0, 0), np.float32), encoder="",
    )  # fmt: skip


def percentiles(work: Callable[[int], object], times: int) -> dict[str, float]:
    wall, cpu = [], []
    for i in range(times):
        started, used = time.perf_counter(), time.thread_time()
        work(i)
        wall.append(time.perf_counter() - started)
        cpu.append(time.thread_time() - used)
    return {
        "p50_ms": round(float(np.median(wall)) * 1e3, 3),
        "p5_ms": round(float(np.percentile(wall, 5)) * 1e3, 3),
        "p95_ms": round(float(np.percentile(wall, 95)) * 1e3, 3),
        "cpu_p50_ms": round(float(np.median(cpu)) * 1e3, 3),
    }


def main(full: bool) -> None:
    vectors = made_up(_QUERY_FILMS)
    scorer = BlendedSimilarity(vectors, threads=1)
    dense = vectors.codes.astype(np.float32) * vectors.scales[:, None]
    query = percentiles(lambda i: top_k(scorer.scores(np.array([i * 97])), _K), 300)
    peer = percentiles(lambda i: top_k((dense @ dense[i * 97])[None, :], _K), 100)
    del scorer
    batch = made_up(_BATCH_FILMS)
    scorer = BlendedSimilarity(batch, threads=1)
    films = _BATCH_FILMS if full else 3_200
    started, used = time.perf_counter(), time.process_time()
    for _ in all_neighbours(scorer.scores, _BATCH_FILMS, _K, limit=films):
        pass
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wide = batch.codes.astype(np.float32) * batch.scales[:, None]
    started = time.perf_counter()
    for start in range(0, _PEER_ROWS, 128):
        np.argsort(-(wide[start : start + 128] @ wide.T), axis=1)[:, :_K]
    peer_seconds = (time.perf_counter() - started) * _BATCH_FILMS / _PEER_ROWS
    _results.write(
        "similar_speed",
        {
            "one query, films": _QUERY_FILMS,
            "one query": query,
            "one query, float32 cosine with numpy": peer,
            "all neighbours, films": _BATCH_FILMS,
            "all neighbours, measured on": films,
            "all neighbours, seconds": round(seconds * _BATCH_FILMS / films, 1),
            "all neighbours, processor seconds": round(cpu * _BATCH_FILMS / films, 1),
            "all neighbours, float32 cosine with numpy and a full sort, seconds": round(peer_seconds, 1),
            "peak memory of the run, MiB": round(peak),
            "threads": settings.threads(),
        },
        "python -m benchmarks similar_speed" + (" --full" if full else ""),
    )


if __name__ == "__main__":
    main(full=True)
