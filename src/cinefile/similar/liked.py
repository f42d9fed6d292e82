"""Who-likes-it factors: films liked by the same people lie close together; a film nobody rated yet is placed by what
it is.

Rated films get the leading eigenvectors of the shrunk correlations of who likes them. Films
without (enough) ratings get theirs by ridge regression from the content vectors, in its dual form.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import eigsh

from cinefile.similar.film_vectors import FilmVectors

FACTORS = 64
_SHRINK = 20.0  # a correlation resting on c common admirers is multiplied by c / (c + 20)
_LEAST_ADMIRERS = 5
_RIDGE = 0.12  # relative to the squared length of a film's content vector
_MOST_FACTORED = 6000  # films in the matrix of correlations, the most liked first; others are placed by their content
_MOST_ANCHORS = 4000  # films the regression learns from, the most liked first; keeps it within seconds


@dataclass(frozen=True)
class Likes:
    """Who likes which films.

    Attributes:
        matrix: (users, n_films) sparse 0/1, films in the order of the catalogue's film ids.
    """

    matrix: csr_array

    @classmethod
    def from_ratings(
        cls,
        users: NDArray[np.integer],
        film_rows: NDArray[np.integer],
        stars: NDArray[np.floating],
        n_films: int,
        liked_from: float = 4.0,
    ) -> "Likes":
        """Keep the ratings of `liked_from` stars or more; `film_rows` are rows of the film table."""
        liked = np.asarray(stars) >= liked_from
        _, people = np.unique(np.asarray(users)[liked], return_inverse=True)
        pairs = (people, np.asarray(film_rows)[liked])
        width = int(people.max()) + 1 if len(people) else 0
        matrix = csr_array((np.ones(len(people), np.float32), pairs), shape=(width, n_films))
        matrix.data[:] = 1
        return cls(matrix)

    def counts(self) -> NDArray[np.float32]:
        """(n,) how many people like each film."""
        return np.bincount(self.matrix.indices, minlength=self.matrix.shape[1]).astype(np.float32)


def shrunk_correlation(likes: csr_array) -> csr_array:
    """(m, m) how much more often the same people like two films than the films' popularity explains; diagonal 1.

    The phi coefficient (Pearson's correlation of the 0/1 columns), times c / (c + 20) for c common admirers, so that a
    few chance agreements count little; what is below 0 is 0.
    """
    common = coo_array(likes.T @ likes)
    users = likes.shape[0]
    count = np.bincount(likes.indices, minlength=likes.shape[1]).astype(np.float64)
    spread = np.sqrt(np.maximum(count * (1 - count / max(users, 1)), 1e-9))
    row, column = common.coords
    phi = (common.data - count[row] * count[column] / max(users, 1)) / (spread[row] * spread[column])
    shrunk = np.where(row == column, 1.0, np.maximum(phi, 0) * common.data / (common.data + _SHRINK))
    out = csr_array((shrunk, (row, column)), shape=common.shape)
    out.eliminate_zeros()
    return out


def liked_factors(likes: Likes, factors: int = FACTORS) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Rows of the films with enough admirers, most liked first, and their (m, factors) unit vectors."""
    count = likes.counts()
    rows = np.argsort(-count, kind="stable")[: min(_MOST_FACTORED, int((count >= _LEAST_ADMIRERS).sum()))]
    k = min(factors, len(rows) - 2)
    if k < 2:
        return np.zeros(0, np.int64), np.zeros((0, factors), np.float32)
    correlation = shrunk_correlation(csr_array(likes.matrix[:, rows]))
    values, vectors = eigsh(correlation, k=k, which="LA", v0=np.ones(len(rows)))
    out = np.zeros((len(rows), factors), np.float32)
    out[:, :k] = vectors * np.sqrt(np.maximum(values, 0))
    return rows.astype(np.int64), out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def predict_factors(
    content: FilmVectors, anchors: NDArray[np.int64], factors: NDArray[np.float32], targets: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Who-likes-it vectors of the films `targets` from their content, learned from the films `anchors`.

    Ridge regression on mean-centred factors, dual form: K(targets, anchors) (K(anchors, anchors) + lambda I)^-1 Y.

    Args:
        content: fused vectors without taste.
        anchors: (m,) rows, most liked first; beyond 4,000 they are not used.
        factors: (m, f).
        targets: (t,) rows.

    Returns:
        (t, f) float32 unit rows.
    """
    anchors, factors = anchors[:_MOST_ANCHORS], factors[:_MOST_ANCHORS]
    total = sum(content.weights.values())
    gram = _kernel(content, anchors, anchors).astype(np.float64)
    gram[np.diag_indices_from(gram)] += _RIDGE * total
    dual = np.linalg.solve(gram, factors - factors.mean(axis=0)).astype(np.float32)
    out = np.empty((len(targets), factors.shape[1]), np.float32)
    for start in range(0, len(targets), 2048):
        block = targets[start : start + 2048]
        out[start : start + len(block)] = _kernel(content, block, anchors) @ dual
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


def _kernel(content: FilmVectors, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float32]:
    left = content.codes[a].astype(np.float32) * content.scales[a][:, None]
    right = content.codes[b].astype(np.float32) * content.scales[b][:, None]
    sparse = csr_array(content.sparse[a]) @ csr_array(content.sparse[b]).T
    return np.asarray(left @ right.T + sparse.toarray(), np.float32)
