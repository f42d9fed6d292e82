"""Item neighbours: a film gets what the person gave to films that people rate like it.

Sarwar et al., WWW 2001, on gaps to the bias baseline, likeness shrunk by support as in Koren, KDD 2008, section 2.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.bias import Biases
from cinefile.taste.people_blocks import LocalLoop
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable

_FILMS_AT_ONCE = 512


@dataclass
class NeighboursModel(RatingModel):
    """Weighted mean of the person's gaps over a film's nearest neighbours.

    Args:
        neighbours: how many each film keeps; only films liked alike (positive correlation) count.
        shrink: common raters' worth of no correlation.
        caution: weight of a gap of zero in every weighted mean.
        shrink_people: see ``BiasModel``.
        shrink_films: see ``BiasModel``.
    """

    kind = "neighbours"
    neighbours: int = 60
    shrink: float = 100.0
    caution: float = 0.2
    shrink_people: float = 5.0
    shrink_films: float = 3.0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        self.biases = Biases.of(LocalLoop(table), table.mean, self.shrink_people, self.shrink_films)
        gaps = self._own_gaps(table.stars).tocsc()
        seen = table.seen.tocsc()
        squares = gaps.multiply(gaps).tocsc()
        films = len(table.film_ids)
        blocks = []
        for first in range(0, films, _FILMS_AT_ONCE):
            some = slice(first, min(first + _FILMS_AT_ONCE, films))
            blocks.append(self._nearest(gaps, seen, squares, some))
            options.progress.advance(some.stop, films)
        self.weights = sp.vstack(blocks).T.tocsr().astype(np.float32)

    def _own_gaps(self, people: sp.csr_matrix) -> sp.csr_matrix:
        gaps = self.biases.gaps(people)
        gaps.data -= np.repeat(self.biases.person(people), np.diff(people.indptr))
        return gaps

    def _nearest(self, gaps: sp.csc_matrix, seen: sp.csc_matrix, squares: sp.csc_matrix, some: slice) -> sp.csr_matrix:
        common = (seen[:, some].T @ seen).toarray()
        product = (gaps[:, some].T @ gaps).toarray()
        spread = (squares[:, some].T @ seen).toarray() * (seen[:, some].T @ squares).toarray()
        like = product / np.sqrt(np.maximum(spread, 1e-12)) * common / (common + self.shrink)
        rows = np.arange(len(like))
        like[rows, rows + some.start] = 0.0
        keep = min(self.neighbours, like.shape[1])
        best = np.argpartition(-like, keep - 1, axis=1)[:, :keep]
        value = np.maximum(np.take_along_axis(like, best, axis=1), 0.0)
        block = sp.csr_matrix((value.ravel(), (np.repeat(rows, keep), best.ravel())), shape=like.shape)
        block.eliminate_zeros()
        return block

    def _stars(self, people: sp.csr_matrix) -> Floats:
        seen = people.copy()
        seen.data = np.ones_like(seen.data)
        pull = (self._own_gaps(people) @ self.weights).toarray() / ((seen @ self.weights).toarray() + self.caution)
        stars: Floats = self.mean + self.biases.film[None, :] + self.biases.person(people)[:, None] + pull
        return stars

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        weight = self.weights[person.indices][:, films].toarray().T
        total = weight.sum(axis=1, keepdims=True) + self.caution
        # The person's bias is taken off every gap before the weighted mean: what the neighbours do not replace is left.
        own = self.biases.parts(person) * (self.caution / total)
        return self.mean + self.biases.film[films], own + weight / total * self.biases.gaps(person).data

    def _arrays(self) -> dict[str, NDArray[Any]]:
        weights = self.weights
        return {
            "film_bias": self.biases.film,
            "weight": weights.data,
            "weight_film": weights.indices,
            "weight_edges": weights.indptr,
        }

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.biases = Biases(self.mean, arrays["film_bias"], self.shrink_people)
        shape = (len(self.film_ids), len(self.film_ids))
        self.weights = sp.csr_matrix((arrays["weight"], arrays["weight_film"], arrays["weight_edges"]), shape=shape)
