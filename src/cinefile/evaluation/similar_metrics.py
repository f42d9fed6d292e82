"""Metrics of neighbour lists, and the split of films into a half to choose on and a half to report on."""

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.similar.neighbours import Scores, neighbours

_BLOCK = 128


def is_test_film(film_id: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) True for the half of the films that results are reported on; by SHA-256 of the id, so it never moves."""
    return np.array([hashlib.sha256(str(int(i)).encode()).digest()[0] % 2 == 0 for i in film_id], np.bool_)


def neighbour_lists(scores: Scores, rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """(m, k) neighbours of the films in `rows`, the film itself left out."""
    blocks = [neighbours(scores, rows[s : s + _BLOCK], k).columns for s in range(0, len(rows), _BLOCK)]
    return np.vstack(blocks)


def ndcg(lists: NDArray[np.int64], gains: csr_array) -> NDArray[np.float64]:
    """(m,) normalised discounted cumulative gain of ranked lists (Järvelin and Kekäläinen, 2002).

    Args:
        lists: (m, k) columns in ranked order.
        gains: (m, n) sparse gain of every column for every list; the ideal list is the k largest of its row.
    """
    m, k = lists.shape
    discount = 1 / np.log2(np.arange(2, k + 2))
    out = np.zeros(m)
    for i in range(m):
        row = slice(gains.indptr[i], gains.indptr[i + 1])
        gain = dict(zip(gains.indices[row].tolist(), gains.data[row].tolist(), strict=True))
        best = np.sort(gains.data[row])[::-1][:k]
        found = np.array([gain.get(c, 0.0) for c in lists[i].tolist()])
        out[i] = float(found @ discount) / float(best @ discount[: len(best)]) if len(best) else 0.0
    return out


def half_width(values: NDArray[np.float64]) -> float:
    """Half of the 95% interval of a mean, by the normal approximation over films or queries."""
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def mates_found(lists: NDArray[np.int64], groups: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(m,) share of a film's group mates that stand in its list; at most the list's length can be asked for.

    Args:
        lists: (m, k) neighbours of the films `rows`.
        groups: (n,) group of every film.
        rows: (m,) films with at least one mate.
    """
    found = (groups[lists] == groups[rows][:, None]).sum(axis=1)
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    mates = sizes[group[rows]] - 1
    return np.asarray(found / np.minimum(mates, lists.shape[1]), np.float64)
