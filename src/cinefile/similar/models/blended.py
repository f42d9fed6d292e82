"""The blend: similarity of plot, people, genres, taste and other parts, exactly and over all films."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile import settings
from cinefile.errors import InputError
from cinefile.similar.film_similarity import FilmSimilarity
from cinefile.similar.film_table import FilmTable
from cinefile.similar.film_vectors import DENSE_PARTS, KIND, LACKABLE_PARTS, PARTS, SPARSE_PARTS, FilmVectors, bit
from cinefile.similar.int8_products import Int8Matrix
from cinefile.similar.liked import Likes
from cinefile.similar.vector_building import build_vectors
from cinefile.text.encoder import PlotEncoder
from cinefile.text.plot_encoders import open_encoder

_BITS = np.array([bit(p) for p in PARTS], np.uint16)
_LACKABLE = [PARTS.index(p) for p in LACKABLE_PARTS]
# (parts, combinations): 1 where a combination lacks the part.
_COMBINATIONS = ((np.arange(1 << len(LACKABLE_PARTS)) >> np.arange(len(LACKABLE_PARTS))[:, None]) & 1).astype(
    np.float32
)


class BlendedSimilarity(FilmSimilarity):
    """The weighted mean of the similarities of the parts; docs/similar.md has the formula. Threads may share it.

    Args:
        vectors: vectors of all films.
        threads: threads of one product; None for the setting.
    """

    kind = KIND

    def __init__(self, vectors: FilmVectors, threads: int | None = None) -> None:
        self.vectors, self.film_id = vectors, vectors.film_id
        self._matrix = Int8Matrix(vectors.codes, vectors.scales, threads or settings.threads())
        self._postings = csr_array(vectors.sparse.T.tocsr())
        # Films by which parts they lack: at most 2^7 combinations, so that imputing is one table look-up.
        codes = np.zeros(len(vectors), np.uint8)
        for i, part in enumerate(LACKABLE_PARTS):
            codes |= np.where(vectors.present & bit(part), 0, 1 << i).astype(np.uint8)
        self._lacking = codes
        self._weights = dict(vectors.weights)

    @classmethod
    def fit(cls, table: FilmTable, likes: Likes | None = None, *, encoder: PlotEncoder | None = None) -> Self:
        """Build the vectors of all films; the plots count only where an encoder is given."""
        return cls(build_vectors(table, encoder=encoder, likes=likes).vectors)

    def save(self, path: str | Path, card: str = "") -> Path:
        """Write the folder of the vectors."""
        return self.vectors.save(path, card)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read the folder of the vectors."""
        return cls(FilmVectors.load(path))

    def scores(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films, 0 to 1 before clipping.

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

    def pairwise(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """Return the similarity (m, m) among some films without looking at the others; row i is seen from film i."""
        chosen = self._checked(weights)
        imputed, total = self._imputed(rows, chosen)
        share = (np.float32(1) / total)[:, None]
        own = self.vectors.codes[rows].astype(np.float32) * self.vectors.scales[rows][:, None]
        out = (self._dense_queries(rows, chosen) * share) @ own.T
        sparse = self.vectors.sparse[rows]
        left = sparse if chosen is self._weights else sparse * self._column_factors(chosen)[None, :]
        out += (csr_array(left) @ sparse.T).toarray() * share
        return np.asarray(out + (imputed * share)[:, self._lacking[rows]], np.float32)

    def text_scores(self, text: str) -> NDArray[np.float32] | None:
        """Return the cosine (n,) of a text with every plot, 0 where a film has none; None where no film has one."""
        encoder = open_encoder(self.vectors.encoder)
        if encoder is None or not self.vectors.plot_basis.size:
            return None
        first, last = self.vectors.spans["plot"]
        query = np.zeros((1, self.vectors.codes.shape[1]), np.float32)
        projected = encoder.encode([text])[0] @ self.vectors.plot_basis
        query[0, first:last] = projected / max(float(np.linalg.norm(projected)), 1e-9)
        return np.asarray(self._matrix.products(query)[0] / np.sqrt(self._weights["plot"]), np.float32)

    def explain(self, film_id: int, other_id: int) -> dict[str, float]:
        """Return what each part adds to the similarity of a film to another; imputed parts add nothing here."""
        return self.explain_all(film_id, [other_id])[0]

    def explain_all(self, film_id: int, other_ids: Sequence[int]) -> list[dict[str, float]]:
        """Return the same for several films at once, which costs little more than for one."""
        v, a = self.vectors, self.row(film_id)
        others = np.array([self.row(other_id) for other_id in other_ids], np.int64)
        total = float(self._imputed(np.array([a]), self._weights)[1][0])
        adds: dict[str, NDArray[np.floating]] = {}
        both = v.present[others] & v.present[a]
        for part in DENSE_PARTS:
            likeness = v.dense(part, others) @ v.dense(part, np.array([a]))[0]
            adds[part] = np.where(both & bit(part), self._weights[part] * likeness, 0.0)
        own = np.zeros(v.sparse.shape[1], np.float32)
        held = slice(v.sparse.indptr[a], v.sparse.indptr[a + 1])
        own[v.sparse.indices[held]] = v.sparse.data[held]
        theirs = v.sparse[others]
        products = csr_array((theirs.data * own[theirs.indices], theirs.indices, theirs.indptr), shape=theirs.shape)
        for part in SPARSE_PARTS:
            first, last = v.spans[part]
            adds[part] = np.asarray(products[:, first:last].sum(axis=1), np.float64)
        return [
            {part: float(values[at]) / total for part, values in adds.items() if values[at] > 0}
            for at in range(len(others))
        ]

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
