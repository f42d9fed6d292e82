"""Matrix factorisation by alternating least squares, with weighted regularisation (Zhou et al., AAIM 2008).

Minimises the squared error of mean + person bias + film bias + p.q, plus ``ridge`` times each vector's square once per
rating. Point estimates only: the plain relative of the factor model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.factor.arithmetic import Array, Moments, accumulate, moments, solve
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable


@dataclass
class AlsModel(RatingModel):
    """Point estimates of factors and biases.

    Args:
        factors: length of the vectors without the bias.
        ridge: weight of the squared vectors, per rating.
        rounds: times that both sides are solved.
        seed: of the films' starting vectors.
    """

    kind = "als"
    factors: int = 16
    ridge: float = 0.06
    rounds: int = 15
    seed: int = 0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        gaps = self._gaps(table.stars)
        by_film = gaps.T.tocsr()
        rng = np.random.default_rng(self.seed)
        self.films = rng.normal(0, 0.1, (len(table.film_ids), self.factors + 1)).astype(np.float32)
        self.films[:, -1] = 0.0
        for done in range(1, self.rounds + 1):
            people = self._solve(gaps, moments(self.films, None))
            self.films = self._solve(by_film, moments(people, None))
            options.progress.advance(done, self.rounds)

    def _gaps(self, stars: sp.csr_matrix) -> sp.csr_matrix:
        gaps = stars.astype(np.float32)
        gaps.data = gaps.data - np.float32(self.mean)
        return gaps

    def _solve(self, gaps: sp.csr_matrix, other: Moments) -> Array:
        return self._posterior(gaps, other)[0]

    def _posterior(self, gaps: sp.csr_matrix, other: Moments) -> tuple[Array, Array]:
        seen = sp.csr_matrix((np.ones_like(gaps.data), gaps.indices, gaps.indptr), shape=gaps.shape)
        rows, d = gaps.shape[0], self.factors + 1
        sums = accumulate(gaps, seen, other, np.zeros(gaps.shape[1], dtype=np.float32))
        # Dividing each row's system by ridge times its count leaves the identity as everybody's regularisation.
        scale = (1.0 / (self.ridge * np.maximum(sums.ratings, 1))).astype(np.float32)
        zero = np.zeros((rows, d), dtype=np.float32)
        return solve(sums, zero, np.eye(d, dtype=np.float32), scale)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        vectors = self._solve(self._gaps(people), moments(self.films, None))
        flat: Floats = self.mean + self.films[None, :, -1] + vectors[:, -1:] + vectors[:, :-1] @ self.films[:, :-1].T
        return flat

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        other = moments(self.films, None)
        _, inverse = self._posterior(self._gaps(person), other)
        scale = 1.0 / (self.ridge * max(person.nnz, 1))
        pull = other.feature[films] @ inverse[0] @ other.feature[person.indices].T * scale
        gaps = person.data - self.mean - self.films[person.indices, -1]
        return self.mean + self.films[films, -1], pull * gaps

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"films": self.films}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.films = arrays["films"]
