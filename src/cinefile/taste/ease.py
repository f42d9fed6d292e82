"""EASE: every film's score is a sum over the person's films, by ridge regression with a zero diagonal.

Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019: with G = X'X + lambda I and P = G^-1, the
weights are B = -P / diag(P), zero on the diagonal. X holds ones for the ratings of at least ``like`` stars.
Picks follow these scores. For stars, the scores correct the bias baseline by the factor that fits training best.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor
from scipy.linalg.lapack import spotri

from cinefile.errors import InputError
from cinefile.taste.bias import Biases
from cinefile.taste.model import RatingModel
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Floats, Ints, RatingTable

MOST_FILMS = 20_000  # the inverse of a larger one takes more than 3 GB and minutes


def liked(stars: sp.csr_matrix, like: float) -> sp.csr_matrix:
    """Ones where the stars are at least ``like``."""
    ones = stars.astype(np.float32)
    ones.data = (stars.data >= like).astype(np.float32)
    ones.eliminate_zeros()
    return ones


def ease_weights(likes: sp.csr_matrix, ridge: float) -> NDArray[np.float32]:
    """(films, films) weights B for a matrix of ones; column j scores film j.

    Raises:
        InputError: more films than ``MOST_FILMS``.
    """
    films = likes.shape[1]
    if films > MOST_FILMS:
        raise InputError(
            f"EASE needs a square of the number of films in memory, and there are {films:,}.",
            f"Keep at most {MOST_FILMS:,}, or take the factor model.",
        )
    gram = (likes.T @ likes).toarray().astype(np.float32)
    gram[np.diag_indices(films)] += ridge
    # LAPACK's potri takes a third of the time of solving for the identity; it fills one triangle only.
    upper, _ = cho_factor(gram.T, overwrite_a=True, check_finite=False)
    half, _ = spotri(upper, overwrite_c=True)
    # Column-major upper is row-major lower, and row-major is what SciPy's products want.
    inverse = np.tril(half.T)
    inverse += np.tril(inverse, -1).T
    weights: NDArray[np.float32] = inverse / -np.diag(inverse)[None, :]
    weights[np.diag_indices(films)] = 0.0
    return weights


@dataclass
class EaseModel(RatingModel):
    """EASE scores, with stars by the bias baseline corrected by them.

    Args:
        ridge: lambda.
        like: stars from which a rating counts as one.
        shrink_people: see ``BiasModel``.
        shrink_films: see ``BiasModel``.
    """

    kind = "ease"
    ridge: float = 500.0
    like: float = 4.0
    shrink_people: float = 5.0
    shrink_films: float = 3.0

    def _fit(self, table: RatingTable, watch: Watch) -> None:
        self.biases = Biases.of(table, self.shrink_people, self.shrink_films)
        self.weights = ease_weights(liked(table.stars, self.like), self.ridge)
        self.slope = self._best_slope(table.stars)
        watch.round(1, 1)

    def _best_slope(self, stars: sp.csr_matrix) -> float:
        up = down = 0.0
        for first in range(0, stars.shape[0], 1024):
            people = stars[first : first + 1024]
            row = np.repeat(np.arange(people.shape[0]), np.diff(people.indptr))
            score = self._scores(people)[row, people.indices]
            gap = self.biases.gaps(people).data - self.biases.person(people)[row]
            up += float(score @ gap)
            down += float(score @ score)
        return up / down if down else 0.0

    def _scores(self, people: sp.csr_matrix) -> Floats:
        return np.asarray(liked(people, self.like) @ self.weights)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        base = self.mean + self.biases.film[None, :] + self.biases.person(people)[:, None]
        return base + self.slope * self._scores(people)

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        return self._scores(people)

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        own = self.weights[np.ix_(person.indices, films)].T * (person.data >= self.like)
        return self.mean + self.biases.film[films], self.biases.parts(person) + self.slope * own

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"film_bias": self.biases.film, "weights": self.weights}

    def _facts(self) -> dict[str, Any]:
        return {"slope": self.slope}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.biases = Biases(self.mean, arrays["film_bias"], self.shrink_people)
        self.weights, self.slope = arrays["weights"], float(facts["slope"])
