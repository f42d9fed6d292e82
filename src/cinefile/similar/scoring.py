"""The likeness of films to films, exactly and over the whole catalogue, and the best k of it."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.errors import InputError
from cinefile.similar.film_vectors import DENSE_PARTS, LACKABLE_PARTS, PARTS, SPARSE_PARTS, FilmVectors, bit
from cinefile.similar.int8_products import Int8Matrix

_GROUP = 64


_BITS = np.array([bit(p) for p in PARTS], np.uint16)


_LACKABLE = [PARTS.index(p) for p in LACKABLE_PARTS]


# (parts, combinations): 1 where a combination lacks the part.
_COMBINATIONS = ((np.arange(1 << len(LACKABLE_PARTS)) >> np.arange(len(LACKABLE_PARTS))[:, None]) & 1).astype(
    np.float32
)


class Scorer:
    """Scores every film of the catalogue against given ones; see vectors.py for the formula.

    Args:
        vectors: of all films.
        threads: threads of one product.
    """

    def __init__(self, vectors: FilmVectors, threads: int = 1) -> None:
        self.vectors = vectors
        self._matrix = Int8Matrix(vectors.codes, vectors.scales, threads)
        self._postings = csr_array(vectors.sparse.T.tocsr())
        # Films by which parts they lack: at most 2^7 combinations, so that imputing is one table look-up.
        codes = np.zeros(len(vectors), np.uint8)
        for i, part in enumerate(LACKABLE_PARTS):
            codes |= np.where(vectors.present & bit(part), 0, 1 << i).astype(np.uint8)
        self._lacking = codes
        self._weights = dict(vectors.weights)

    def scores(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """(m, n) likeness of the films in `rows` with all films, 0 to 1 before clipping; a film with itself counts too.

        Args:
            rows: (m,) rows of the vectors.
            weights: weight of each part; parts not named are left out. None takes the default blend.

        Raises:
            InputError: no part has a weight above 0, or a part is unknown.
        """
        chosen = self._checked(weights)
        imputed, total = self._imputed(rows, chosen)
        share = np.float32(1) / total
        out = self._matrix.products(self._dense_queries(rows, chosen) * share[:, None])
        self._add_sparse(out, rows, chosen, share)
        for i, table in enumerate(imputed * share[:, None]):
            if table.any():
                out[i] += table.take(self._lacking, mode="clip")
        return out

    def plot_scores(self, plot: NDArray[np.floating]) -> NDArray[np.float32]:
        """(n,) cosine of one text vector (of the encoder's width) with every plot; 0 where a film has none."""
        first, last = self.vectors.spans["plot"]
        query = np.zeros((1, self.vectors.codes.shape[1]), np.float32)
        projected = np.asarray(plot, np.float32) @ self.vectors.plot_basis
        query[0, first:last] = projected / max(float(np.linalg.norm(projected)), 1e-9)
        return np.asarray(self._matrix.products(query)[0] / np.sqrt(self._weights["plot"]), np.float32)

    def pairwise(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """(m, m) likeness among some films; row i is seen from film i."""
        return self.scores(rows, weights)[:, rows]

    def contributions(self, a: int, b: int) -> dict[str, float]:
        """How much each part adds to the likeness of film row a with film row b; imputed parts add nothing here."""
        v = self.vectors
        out: dict[str, float] = {}
        both = int(v.present[a]) & int(v.present[b])
        total = float(self._imputed(np.array([a]), self._weights)[1][0])
        for part in DENSE_PARTS:
            if both & bit(part):
                out[part] = self._weights[part] * float(
                    v.dense(part, np.array([a]))[0] @ v.dense(part, np.array([b]))[0]
                )
        for part in SPARSE_PARTS:
            first, last = v.spans[part]
            left, right = v.sparse[[a]][:, first:last], v.sparse[[b]][:, first:last]
            out[part] = float((left @ right.T).sum())
        return {part: value / total for part, value in out.items() if value > 0}

    def _checked(self, weights: Mapping[str, float] | None) -> Mapping[str, float]:
        if weights is None:
            return self._weights
        if unknown := set(weights) - set(PARTS):
            raise InputError(f"No part is called {', '.join(sorted(unknown))}.", f"There are: {', '.join(PARTS)}.")
        if not any(w > 0 for w in weights.values()) or any(w < 0 for w in weights.values()):
            raise InputError("Weights must be 0 or more, and one of them above 0.")
        return {p: float(weights.get(p, 0.0)) for p in PARTS}

    def _dense_queries(self, rows: NDArray[np.integer], weights: Mapping[str, float]) -> NDArray[np.float32]:
        v = self.vectors
        queries = v.codes[rows].astype(np.float32) * v.scales[rows][:, None]
        for part in DENSE_PARTS:
            if weights[part] != self._weights[part]:
                first, last = v.spans[part]
                queries[:, first:last] *= weights[part] / self._weights[part]
        return np.asarray(queries, np.float32)

    def _add_sparse(
        self,
        out: NDArray[np.float32],
        rows: NDArray[np.integer],
        weights: Mapping[str, float],
        share: NDArray[np.float32],
    ) -> None:
        sparse, postings = self.vectors.sparse, self._postings
        factor = None if weights is self._weights else self._column_factors(weights)
        for i, row in enumerate(rows):
            held = slice(sparse.indptr[row], sparse.indptr[row + 1])
            columns, values = sparse.indices[held], sparse.data[held] * share[i]
            if factor is not None:
                values = values * factor[columns]
            for start, end, value in zip(postings.indptr[columns], postings.indptr[columns + 1], values, strict=True):
                if value:
                    out[i, postings.indices[start:end]] += postings.data[start:end] * value

    def _column_factors(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        factor = np.empty(self.vectors.sparse.shape[1], np.float32)
        for part in SPARSE_PARTS:
            first, last = self.vectors.spans[part]
            factor[first:last] = weights[part] / self._weights[part]
        return factor

    def _imputed(
        self, rows: NDArray[np.integer], weights: Mapping[str, float]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(m, 128) what is added for a film lacking each combination of parts, and (m,) the sum of weights."""
        has = ((self.vectors.present[rows][:, None] & _BITS) > 0).astype(np.float32)
        total = has @ np.array([weights[p] for p in PARTS], np.float32)
        add = np.array([weights[p] * self.vectors.means[p] for p in LACKABLE_PARTS], np.float32)
        return (has[:, _LACKABLE] * add) @ _COMBINATIONS, np.maximum(total, np.float32(1e-9))


def top_k(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """(m, min(k, n)) columns of the k largest scores of each row, largest first; equal scores in column order.

    Columns are dealt into groups; the k largest lie in the k groups with the largest maxima, so only those are looked
    through. Group g holds the columns g, g + groups, g + 2 * groups, …: their maxima are then one pass over whole
    stretches of memory.
    """
    m, n = scores.shape
    k = min(k, n)
    groups = n // _GROUP
    whole = groups * _GROUP
    if groups <= 2 * k:
        columns = np.broadcast_to(np.arange(n), (m, n))
    else:
        maxima = scores[:, :whole].reshape(m, _GROUP, groups).max(axis=1)
        best = np.argpartition(maxima, -k, axis=1)[:, -k:]
        inside = (np.arange(_GROUP)[None, :, None] * groups + np.sort(best, axis=1)[:, None, :]).reshape(m, -1)
        columns = np.hstack([inside, np.broadcast_to(np.arange(whole, n), (m, n - whole))])
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :k] if n <= 4 * k else _best(values, k)
    return np.take_along_axis(columns, order, axis=1).astype(np.int64)


def _best(values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    picked = np.sort(np.argpartition(values, -k, axis=1)[:, -k:], axis=1)
    order = np.argsort(-np.take_along_axis(values, picked, axis=1), axis=1, kind="stable")
    return np.take_along_axis(picked, order, axis=1)
