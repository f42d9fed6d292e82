"""Build the vectors of a catalogue's films, and bring them up to date when films are added."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import ModelError
from cinefile.similar import feature_blocks
from cinefile.similar.film_table import FilmTable, from_catalogue, state, with_texts_of
from cinefile.similar.film_vectors import DEFAULT_WEIGHTS, DENSE_PARTS, PARTS, SPARSE_PARTS, FilmVectors, bit
from cinefile.similar.int8_products import quantise
from cinefile.similar.liked import FACTORS, Likes, liked_factors, predict_factors
from cinefile.similar.models.blended import SimilarIndex
from cinefile.similar.plot_vectors import projected_plots
from cinefile.text.encoder import PlotEncoder
from cinefile.text.plot_encoders import MINILM, open_encoder
from cinefile.text.static_encoder import shipped_encoder


@dataclass(frozen=True)
class Built:
    """Vectors and what building them took.

    Attributes:
        vectors: the vectors.
        encoded: plots that went through the encoder; the others were taken over.
    """

    vectors: FilmVectors
    encoded: int


def build_vectors(
    table: FilmTable,
    *,
    encoder: PlotEncoder | None = None,
    likes: Likes | None = None,
    previous: FilmVectors | None = None,
    weights: Mapping[str, float] = DEFAULT_WEIGHTS,
) -> Built:
    """Vectors of every film of the table.

    Args:
        table: n films, ascending ids.
        encoder: for plots; without one, plots of `previous` are kept and new ones are left out.
        likes: who likes which film, by row of the table; without it the taste part of `previous` is kept.
        previous: vectors to take plots and tastes over from.
        weights: weight of each part, above 0 (a part is left out when asking, not when building).
    """
    plot, hashes, basis, name, encoded = projected_plots(table.film_id, table.plot, encoder, previous)
    dense = {
        "plot": feature_blocks.unit_rows(plot),
        "genres": feature_blocks.genres(table),
        "year": feature_blocks.year(table),
        "reception": feature_blocks.reception(table),
    }
    sparse = {
        "keywords": feature_blocks.keywords(table),
        "people": feature_blocks.people(table),
        "title": feature_blocks.title(table),
        "collection": feature_blocks.collection(table),
    }
    nothing = feature_blocks.unit_rows(np.zeros((len(table), FACTORS), np.float32))
    content = fuse(table.film_id, {**dense, "taste": nothing}, sparse, weights)
    content = replace(content, plot_hash=hashes, plot_basis=basis, encoder=name)
    taste = _taste(table, content, likes, previous)
    if not taste.present.any():
        return Built(content, encoded)
    fused = fuse(table.film_id, {**dense, "taste": taste}, sparse, weights)
    return Built(replace(fused, plot_hash=hashes, plot_basis=basis, encoder=name), encoded)


def fuse(
    film_id: NDArray[np.int64],
    dense: Mapping[str, feature_blocks.DensePart],
    sparse: Mapping[str, feature_blocks.SparsePart],
    weights: Mapping[str, float],
) -> FilmVectors:
    """Put the parts side by side, each times the square root of its weight, and measure their mean likeness."""
    every: dict[str, feature_blocks.DensePart | feature_blocks.SparsePart] = {**dense, **sparse}
    spans: dict[str, tuple[int, int]] = {}
    for names in (DENSE_PARTS, SPARSE_PARTS):
        start = 0
        for p in names:
            spans[p] = (start, start + every[p].vectors.shape[1])
            start = spans[p][1]
    codes, scales = quantise(np.hstack([dense[p].vectors * np.sqrt(weights[p]) for p in DENSE_PARTS]))
    wide = csr_array(hstack([sparse[p].vectors * np.float32(np.sqrt(weights[p])) for p in SPARSE_PARTS]))
    wide.sort_indices()
    present = np.zeros(len(film_id), np.uint16)
    for p in PARTS:
        present |= np.where(every[p].present, bit(p), 0).astype(np.uint16)
    return FilmVectors(
        film_id=film_id,
        codes=codes,
        scales=scales,
        sparse=wide.astype(np.float32),
        present=present,
        spans=spans,
        weights={p: float(weights[p]) for p in PARTS},
        means={p: mean_likeness(every[p]) for p in PARTS},
        plot_hash=np.zeros(len(film_id), np.uint64),
        plot_basis=np.zeros((0, 0), np.float32),
        encoder="",
    )


def mean_likeness(part: feature_blocks.DensePart | feature_blocks.SparsePart) -> float:
    """Mean inner product over pairs of different films that have the part; exact, in one pass.

    The sum over all pairs is the squared length of the sum of the rows; the n rows' own products are taken off.
    """
    rows = int(part.present.sum())
    if rows < 2:
        return 0.0
    total = np.asarray(part.vectors.sum(axis=0), np.float64)
    return float((total @ total - rows) / (rows * (rows - 1)))


def _taste(
    table: FilmTable, content: FilmVectors, likes: Likes | None, previous: FilmVectors | None
) -> feature_blocks.DensePart:
    """Who-likes-it vectors: from ratings, else taken over, else predicted from the content."""
    out = np.zeros((len(table), FACTORS), np.float32)
    if likes is not None:
        anchors, factors = liked_factors(likes)
    elif previous is not None and previous.spans["taste"][1] - previous.spans["taste"][0] == FACTORS:
        shared = np.intersect1d(table.film_id, previous.film_id, return_indices=True)
        kept = (previous.present[shared[2]] & bit("taste")) > 0
        anchors, factors = shared[1][kept], previous.dense("taste", shared[2][kept])
    else:
        anchors, factors = np.zeros(0, np.int64), np.zeros((0, FACTORS), np.float32)
    if not len(anchors):
        return feature_blocks.unit_rows(out)
    out[anchors] = factors
    others = np.setdiff1d(np.arange(len(table)), anchors)
    if len(others):
        out[others] = predict_factors(content, anchors, factors, others)
    return feature_blocks.unit_rows(out)


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
    """Similar films and search for an open catalogue.

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
        changed = vectors is None or vectors.catalogue != state(cursor) or not np.array_equal(vectors.film_id, ids)
    if vectors is None or changed:
        built = train(catalogue, vectors, quick=True)
        vectors = built.vectors
        # A catalogue on a read-only place works too; the vectors then live as long as the process.
        with suppress(ModelError):
            vectors.save(folder, CARD)
    return SimilarIndex(catalogue, vectors, facts)


def load_if_there(folder: Path) -> FilmVectors | None:
    """The vectors in a folder; None where there is no such folder.

    Raises:
        ModelError: the vectors are damaged.
    """
    return FilmVectors.load(folder) if folder.exists() else None


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
        made_from = state(cursor)
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
