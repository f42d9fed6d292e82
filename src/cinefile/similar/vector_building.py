"""Build film vectors from the facts of films: the parts fused, plots encoded once, tastes learned or predicted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cinefile.similar import feature_blocks
from cinefile.similar.film_table import FilmTable
from cinefile.similar.film_vectors import DEFAULT_WEIGHTS, DENSE_PARTS, PARTS, SPARSE_PARTS, FilmVectors, bit
from cinefile.similar.int8_products import quantise
from cinefile.similar.liked import FACTORS, Likes, liked_factors, predict_factors
from cinefile.text.encoder import PlotEncoder


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


PLOT_DIMENSIONS = 128


# A projection is learned only from many more plots than it has dimensions; below, all dimensions are kept.
_PLOTS_PER_DIMENSION = 10


def plot_hashes(encoder_name: str, plots: Sequence[str]) -> NDArray[np.uint64]:
    """(n,) uint64: hash of encoder and plot, 0 where the plot is empty."""
    out = np.zeros(len(plots), np.uint64)
    for row, plot in enumerate(plots):
        if plot:
            digest = hashlib.blake2b(f"{encoder_name}\n{plot}".encode(), digest_size=8).digest()
            out[row] = int.from_bytes(digest, "little") | 1  # never 0
    return out


def plot_basis(vectors: NDArray[np.float32], dimensions: int = PLOT_DIMENSIONS) -> NDArray[np.float32]:
    """(e, r) orthonormal directions that keep most of the vectors' length (uncentred principal components)."""
    width = vectors.shape[1]
    if width <= dimensions or len(vectors) < _PLOTS_PER_DIMENSION * dimensions:
        return np.eye(width, dtype=np.float32)
    moments = vectors.T.astype(np.float64) @ vectors
    _, directions = np.linalg.eigh(moments)
    return np.ascontiguousarray(directions[:, ::-1][:, :dimensions], np.float32)


def projected_plots(
    film_id: NDArray[np.int64], plots: Sequence[str], encoder: PlotEncoder | None, previous: FilmVectors | None
) -> tuple[NDArray[np.float32], NDArray[np.uint64], NDArray[np.float32], str, int]:
    """Plot part of every film, encoding only what `previous` does not hold.

    A film whose plot is not in the catalogue (the starter ships vectors, no texts) keeps its previous vector.

    Returns:
        (n, r) vectors, (n,) hashes, the (e, r) basis, the encoder's name, and how many plots were encoded.
    """
    n = len(film_id)
    if encoder is None or (previous is not None and previous.encoder != encoder.name and previous.encoder):
        previous = previous if encoder is None else None
    name = encoder.name if encoder is not None else previous.encoder if previous is not None else ""
    hashes = plot_hashes(name, plots)
    kept = np.full(n, -1, np.int64)
    if previous is not None and len(previous):
        at = np.minimum(np.searchsorted(previous.film_id, film_id), len(previous) - 1)
        same_film = previous.film_id[at] == film_id
        known = same_film & (previous.plot_hash[at] != 0) & ((hashes == 0) | (hashes == previous.plot_hash[at]))
        kept[known] = at[known]
        hashes = np.where(known, previous.plot_hash[at], hashes)
    fresh = np.flatnonzero((hashes != 0) & (kept < 0))
    if encoder is None:
        hashes[fresh] = 0
        fresh = fresh[:0]
    encoded = encoder.encode([plots[i] for i in fresh.tolist()]) if encoder is not None and len(fresh) else None
    if previous is not None and previous.plot_basis.size:
        basis = previous.plot_basis
    elif encoded is not None:
        basis = plot_basis(encoded)
    else:
        basis = np.zeros((0, 0), np.float32)
    out = np.zeros((n, basis.shape[1]), np.float32)
    if previous is not None and (kept >= 0).any():
        out[kept >= 0] = previous.dense("plot", kept[kept >= 0])
    if encoded is not None:
        out[fresh] = encoded @ basis
    return out, hashes, basis, name, len(fresh)
