"""Train the film similarity of a catalogue, and open it: its vectors are brought up to date when films are added."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from cinefile import settings
from cinefile.catalogue.catalogue_file import Catalogue, fingerprint
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import ModelError
from cinefile.modelfiles import is_model_folder
from cinefile.similar.film_similarity import FilmSimilarity, top_k
from cinefile.similar.film_table import from_catalogue, with_texts_of
from cinefile.similar.film_vectors import FilmVectors
from cinefile.similar.liked import Likes
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.similar_index import SimilarIndex
from cinefile.similar.vector_building import Built, build_vectors
from cinefile.text.encoder import PlotEncoder
from cinefile.text.plot_encoders import MINILM, open_encoder
from cinefile.text.static_encoder import shipped_encoder

# Opening a catalogue learns tastes for at most so many films, and has at most so many plots encoded by a slow encoder;
# `cinefile train similar` does it for any number.
_SLOW_PLOTS_AT_ONCE = 500
_FILMS_AT_ONCE = 20_000
CARD = """# Film vectors

What each film is (plot, genres, year, reception, keywords, people, title, collection) and who likes it, as one int8 row
per film; see docs/similar.md for the formula, the protocols and the figures. Made by `cinefile train similar` from the
catalogue beside it. Learned numbers and facts; no texts.
"""


def vectors_folder(catalogue: Path) -> Path:
    """Where the vectors of a catalogue are: films.duckdb has films.similar beside it."""
    return catalogue.with_suffix(".similar")


def open_neighbours(catalogue: Catalogue, facts: FilmColumns | None = None) -> SimilarIndex:
    """Open the similar films of an open catalogue.

    Vectors are read from beside the catalogue. Where something was ingested since, or there are none, they are made now
    and kept, if the place can be written.

    Args:
        catalogue: open.
        facts: its columns, where they are in memory already; they are then shared.

    Raises:
        ModelError: the vectors are damaged.
    """
    folder = vectors_folder(catalogue.path)
    vectors = load_if_there(folder)
    with catalogue.cursor() as cursor:
        ids = cursor.execute("SELECT film_id FROM films ORDER BY film_id").fetchnumpy()["film_id"]
        changed = (
            vectors is None or vectors.catalogue != fingerprint(cursor) or not np.array_equal(vectors.film_id, ids)
        )
    if vectors is None or changed:
        built = train(catalogue, vectors, quick=True)
        vectors = built.vectors
        # A catalogue on a read-only place works too; the vectors then live as long as the process.
        with suppress(ModelError):
            vectors.save(folder, CARD)
    return SimilarIndex(facts or FilmColumns(catalogue), BlendedSimilarity(vectors))


def load_if_there(folder: Path) -> FilmVectors | None:
    """The vectors in a folder; None where there is no such folder.

    Raises:
        ModelError: the vectors are damaged.
    """
    return FilmVectors.load(folder) if is_model_folder(folder) or folder.exists() else None


def train(
    catalogue: Catalogue,
    previous: FilmVectors | None = None,
    *,
    quick: bool = False,
    texts: Path | None = None,
    encoder: PlotEncoder | None = None,
) -> Built:
    """Make the vectors of a catalogue.

    Args:
        catalogue: the open catalogue.
        previous: vectors to take plots and tastes over from.
        quick: leave out what takes more than some seconds.
        texts: another catalogue whose plots, keywords and people (and ratings, where this one has none) to use for
            the films that both have, by external ids. The starter catalogue is made so: it ships no texts, but what
            was learned from them.
        encoder: for plots; None takes that of `previous`, else the shipped one.
    """
    with catalogue.cursor() as cursor:
        table = from_catalogue(cursor)
        likes = None if quick and len(table) > _FILMS_AT_ONCE else read_likes(catalogue)
        if texts is not None:
            table, rows = with_texts_of(table, cursor, texts)
            if likes is None:
                with Catalogue(texts) as other:
                    likes = _moved(read_likes(other), rows)
        made_from = fingerprint(cursor)
        new_plots = sum(map(bool, table.plot)) - (0 if previous is None else int((previous.plot_hash != 0).sum()))
    if encoder is None:
        slow = previous is not None and previous.encoder == MINILM
        encoder = open_encoder(MINILM) if slow else shipped_encoder()
        if slow and quick and new_plots > _SLOW_PLOTS_AT_ONCE:
            encoder = None
    built = build_vectors(table, encoder=encoder, likes=likes, previous=previous)
    return replace(built, vectors=replace(built.vectors, catalogue=made_from))


def _moved(likes: Likes | None, rows: NDArray[np.int64]) -> Likes | None:
    """Likes with the columns of another film table; films that it has not are liked by nobody."""
    if likes is None:
        return None
    columns = csr_array(likes.matrix.tocsc()[:, np.maximum(rows, 0)])
    moved = csr_array(columns @ diags_array((rows >= 0).astype(np.float32)))
    moved.eliminate_zeros()
    return Likes(moved)


def read_likes(catalogue: Catalogue) -> Likes | None:
    """Who likes which film, from all ratings of the catalogue; None where it has none."""
    with catalogue.cursor() as cursor:
        ids = cursor.execute("SELECT film_id FROM films ORDER BY film_id").fetchnumpy()["film_id"]
        found = cursor.execute(
            "SELECT dense_rank() OVER (ORDER BY source, user_id) AS person, film_id, stars FROM ratings"
        ).fetchnumpy()
    if not len(found["film_id"]):
        return None
    return Likes.from_ratings(found["person"], np.searchsorted(ids, found["film_id"]), found["stars"], len(ids))


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
