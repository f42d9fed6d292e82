"""Build the vectors of a catalogue's films."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cinefile.similar import parts
from cinefile.similar.integer_product import quantise
from cinefile.similar.liked import FACTORS, Likes, liked_factors, predict_factors
from cinefile.similar.plots import Encoder, projected_plots
from cinefile.similar.table import FilmTable
from cinefile.similar.vectors import DENSE_PARTS, PARTS, SPARSE_PARTS, FilmVectors, bit
from cinefile.similar.weights import DEFAULT_WEIGHTS


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
    encoder: Encoder | None = None,
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
        "plot": parts.unit_rows(plot),
        "genres": parts.genres(table),
        "year": parts.year(table),
        "reception": parts.reception(table),
    }
    sparse = {
        "keywords": parts.keywords(table),
        "people": parts.people(table),
        "title": parts.title(table),
        "collection": parts.collection(table),
    }
    nothing = parts.unit_rows(np.zeros((len(table), FACTORS), np.float32))
    content = fuse(table.film_id, {**dense, "taste": nothing}, sparse, weights)
    content = replace(content, plot_hash=hashes, plot_basis=basis, encoder=name)
    taste = _taste(table, content, likes, previous)
    if not taste.present.any():
        return Built(content, encoded)
    fused = fuse(table.film_id, {**dense, "taste": taste}, sparse, weights)
    return Built(replace(fused, plot_hash=hashes, plot_basis=basis, encoder=name), encoded)


def fuse(
    film_id: NDArray[np.int64],
    dense: Mapping[str, parts.DensePart],
    sparse: Mapping[str, parts.SparsePart],
    weights: Mapping[str, float],
) -> FilmVectors:
    """Put the parts side by side, each times the square root of its weight, and measure their mean likeness."""
    every: dict[str, parts.DensePart | parts.SparsePart] = {**dense, **sparse}
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


def mean_likeness(part: parts.DensePart | parts.SparsePart) -> float:
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
) -> parts.DensePart:
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
        return parts.unit_rows(out)
    out[anchors] = factors
    others = np.setdiff1d(np.arange(len(table)), anchors)
    if len(others):
        out[others] = predict_factors(content, anchors, factors, others)
    return parts.unit_rows(out)
