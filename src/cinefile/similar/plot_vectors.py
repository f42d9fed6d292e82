"""Plot vectors: encoded once per text, kept by the hash of the text, projected to fewer dimensions."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cinefile.similar.film_vectors import FilmVectors
from cinefile.text.encoder import PlotEncoder

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
