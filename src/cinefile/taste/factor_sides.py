"""The two sides of the factor model, people and films: their ratings in blocks of rows, and what is known of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.factor_core import Array

_ROWS_AT_ONCE = 4096
Blocks = list[tuple[slice, sp.csr_matrix]]


def shares(counts: NDArray[np.integer]) -> Array:
    """(n, 1) weight of each of a row's ratings in its implicit sum: the inverse root of their number (Koren 2008)."""
    share: Array = (1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)[:, None]
    return share


def noise_weights(error: Array, count: NDArray[np.integer], precision: float, strength: float) -> Array:
    """Each row's noise precision relative to the common one, under a gamma prior worth ``strength`` ratings."""
    weight: Array = ((strength + count) / (strength + error * precision)).astype(np.float32)
    return weight


def blocks(matrix: sp.csr_matrix) -> Blocks:
    """The matrix in blocks of rows that share its memory; SciPy's own slices are copies, and cost as much as a product.

    Args:
        matrix: (n, m) CSR.
    """
    found = []
    for first in range(0, matrix.shape[0], _ROWS_AT_ONCE):
        some = slice(first, min(first + _ROWS_AT_ONCE, matrix.shape[0]))
        edges = matrix.indptr[some.start : some.stop + 1]
        inside = slice(edges[0], edges[-1])
        parts = (matrix.data[inside], matrix.indices[inside], edges - edges[0])
        found.append((some, sp.csr_matrix(parts, shape=(some.stop - some.start, matrix.shape[1]))))
    return found


def times(rows: Blocks, dense: Array, pool: ThreadPoolExecutor) -> Array:
    """``matrix @ dense``, a block of rows per thread."""
    out = np.empty((rows[-1][0].stop, dense.shape[1]), dtype=np.float32)

    def block(one: tuple[slice, sp.csr_matrix]) -> None:
        out[one[0]] = one[1] @ dense

    list(pool.map(block, rows))
    return out


@dataclass
class Side:
    """One side of the ratings.

    Attributes:
        gaps: (n, m) CSR of stars less the mean, rows of this side.
        mean: (n, d) posterior means.
        covariance: (n, d, d) posterior covariances.
        prior_mean: (n, d).
        prior_precision: (d, d).
        weight: (n,) noise precision relative to the common one.
        implicit: (m, d) regression of this side's vectors on which rows of the other side met it.
        fitted: (n, d) what that regression says of each row.
        share: (n, 1), see ``shares``.
        gap_blocks: ``gaps`` in blocks.
        seen_blocks: ones in the same places, in the same blocks.
    """

    gaps: sp.csr_matrix
    mean: Array
    covariance: Array
    prior_mean: Array
    prior_precision: Array
    weight: Array
    implicit: Array
    fitted: Array
    share: Array = field(init=False)
    gap_blocks: Blocks = field(init=False)
    seen_blocks: Blocks = field(init=False)

    def __post_init__(self) -> None:
        self.share = shares(self.counts)
        self.gap_blocks = blocks(self.gaps)
        ones = np.ones_like(self.gaps.data)
        self.seen_blocks = blocks(sp.csr_matrix((ones, self.gaps.indices, self.gaps.indptr), shape=self.gaps.shape))

    @property
    def counts(self) -> NDArray[np.integer]:
        """(n,) ratings of each row."""
        counts: NDArray[np.integer] = np.diff(self.gaps.indptr)
        return counts

    @classmethod
    def start(cls, gaps: sp.csr_matrix, d: int) -> "Side":
        """Zero means, and a prior with little room for factors and more for biases."""
        n, m = gaps.shape
        prior = np.diag([float(d - 1)] * (d - 1) + [5.0]).astype(np.float32)
        mean, prior_mean, fitted = (np.zeros((n, d), dtype=np.float32) for _ in range(3))
        covariance, implicit = np.zeros((n, d, d), dtype=np.float32), np.zeros((m, d), dtype=np.float32)
        return cls(gaps, mean, covariance, prior_mean, prior, np.ones(n, dtype=np.float32), implicit, fitted)
