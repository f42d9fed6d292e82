"""Bias: the overall mean, plus how much above it this film and this person lie (Koren, KDD 2008, section 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.people_blocks import Block, LocalLoop, Loop, State, Sums
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable


@dataclass
class Biases:
    """Ridge estimate of mean + person + film.

    Attributes:
        mean: mean of all stars.
        film: (films,) how far each film lies above it.
        shrink: ratings' worth of zeros in every person's mean.
    """

    mean: float
    film: NDArray[np.float64]
    shrink: float

    @classmethod
    def of(cls, loop: Loop, mean: float, shrink_people: float, shrink_films: float, rounds: int = 8) -> "Biases":
        """Alternate between people and films; 8 rounds bring the change below a thousandth of a star.

        Args:
            loop: blocks of people.
            mean: of all stars.
            shrink_people: ratings' worth of zeros in every person's mean.
            shrink_films: the same for films.
            rounds: how many.
        """
        film: NDArray[np.float64] | None = None
        for _ in range(rounds):
            left, count = loop.sum(_film_gaps, (mean, film, shrink_people)).rows.T
            film = left / (count + shrink_films)
        return cls(mean, film if film is not None else np.zeros(loop.films), shrink_people)

    def gaps(self, people: sp.csr_matrix) -> sp.csr_matrix:
        """The people's stars less mean and film bias, in the same places."""
        gaps = people.astype(np.float64)
        gaps.data = people.data - self.mean - self.film[people.indices]
        return gaps

    def person(self, people: sp.csr_matrix) -> NDArray[np.float64]:
        """(people,) how far each person lies above what the films make one expect."""
        person: NDArray[np.float64] = _sums(self.gaps(people)) / (np.diff(people.indptr) + self.shrink)
        return person

    def parts(self, person: sp.csr_matrix) -> NDArray[np.float64]:
        """What each rating of one person (a one-row matrix) adds to that person's bias."""
        parts: NDArray[np.float64] = self.gaps(person).data / (person.nnz + self.shrink)
        return parts


def _film_gaps(block: Block, kept: State, given: tuple[float, NDArray[np.float64] | None, float]) -> tuple[Sums, State]:
    """Of every film the sum of its stars less mean and people's biases, which follow from the films; their number."""
    mean, film, shrink = given
    gaps = block.stars.astype(np.float64)
    gaps.data -= mean
    seen = sp.csr_matrix((np.ones_like(gaps.data), gaps.indices, gaps.indptr), shape=gaps.shape)
    person = np.zeros(gaps.shape[0])
    if film is not None:
        person = (_sums(gaps) - seen @ film[block.films]) / (np.diff(gaps.indptr) + shrink)
    return Sums(np.column_stack([_sums(gaps.T) - seen.T @ person, _sums(seen.T)]), np.zeros(0)), None


def _sums(matrix: sp.csr_matrix) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1, dtype=np.float64)).ravel()


@dataclass
class BiasModel(RatingModel):
    """Mean + person + film.

    Args:
        shrink_people: ratings' worth of zeros in every person's mean.
        shrink_films: the same for films.
    """

    kind = "bias"
    shrink_people: float = 5.0
    shrink_films: float = 3.0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        self.biases = Biases.of(LocalLoop(table), table.mean, self.shrink_people, self.shrink_films)
        options.progress.advance(1, 1)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return self.mean + self.biases.film[None, :] + self.biases.person(people)[:, None]

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        return self.mean + self.biases.film[films], np.tile(self.biases.parts(person), (len(films), 1))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"film_bias": self.biases.film}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.biases = Biases(self.mean, arrays["film_bias"], self.shrink_people)
