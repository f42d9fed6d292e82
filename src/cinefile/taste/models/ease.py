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
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models.bias import Biases
from cinefile.taste.people_blocks import Block, LocalBlocks, RatingBlocks, State, Sums
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable

_CELLS_AT_ONCE = 30_000_000  # of the co-occurrences
_PEOPLE_AT_ONCE = 1024
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
    checked_films(likes.shape[1])
    return weights_of((likes.T @ likes).toarray().astype(np.float32), ridge)


def checked_films(films: int) -> None:
    """Refuse more films than a square of them can be held and inverted for.

    Raises:
        InputError: more than ``MOST_FILMS``.
    """
    if films > MOST_FILMS:
        raise InputError(
            f"EASE needs a square of the number of films in memory, and there are {films:,}.",
            f"Keep at most {MOST_FILMS:,}, or take the factor model.",
        )


def weights_of(gram: NDArray[np.float32], ridge: float) -> NDArray[np.float32]:
    """B from the (films, films) co-occurrences X'X, which are overwritten."""
    films = len(gram)
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


def together(block: Block, kept: State, given: tuple[float, int, int]) -> tuple[Sums, State]:
    """For ``people_blocks.Loop.sum``: how often each film was liked together with each of some.

    ``given`` is the stars of a like, and the first and the end of those films.
    """
    like, first, last = given
    likes = liked(block.stars, like)
    low, high = np.searchsorted(block.films, (first, last))
    rows = np.zeros((len(block.films), last - first))
    rows[:, block.films[low:high] - first] = (likes.T @ likes[:, low:high]).toarray()
    return Sums(rows, np.zeros(0)), None


def _slope(block: Block, kept: State, given: tuple[Biases, NDArray[np.float32], float]) -> tuple[Sums, State]:
    """For ``people_blocks.Loop.sum``: scores times what the biases leave, and scores squared, over all ratings."""
    biases, weights, like = given
    everybody, totals = block.over(len(weights)), np.zeros(2)
    for first in range(0, everybody.shape[0], _PEOPLE_AT_ONCE):
        people = everybody[first : first + _PEOPLE_AT_ONCE]
        row = np.repeat(np.arange(people.shape[0]), np.diff(people.indptr))
        score = np.asarray(liked(people, like) @ weights)[row, people.indices]
        gap = biases.gaps(people).data - biases.person(people)[row]
        totals += [float(score @ gap), float(score @ score)]
    return Sums(np.zeros((len(block.films), 0)), totals), None


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
    in_blocks = True
    ridge: float = 500.0
    like: float = 4.0
    shrink_people: float = 5.0
    shrink_films: float = 3.0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        self._fit_blocks(LocalBlocks(table), features, options)

    def _fit_blocks(self, blocks: RatingBlocks, features: FilmFeatures | None, options: RunOptions) -> None:
        loop = blocks.loop()
        checked_films(loop.films)
        self.biases = Biases.of(loop, self.mean, self.shrink_people, self.shrink_films)
        gram = np.empty((loop.films, loop.films), dtype=np.float32)
        width = max(1, _CELLS_AT_ONCE // loop.films)
        for first in range(0, loop.films, width):
            last = min(first + width, loop.films)
            gram[:, first:last] = loop.sum(together, (self.like, first, last)).rows
        self.weights = weights_of(gram, self.ridge)
        up, down = loop.sum(_slope, (self.biases, self.weights, self.like)).totals
        self.slope = float(up / down) if down else 0.0
        options.progress.advance(1, 1)

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
