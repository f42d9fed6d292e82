"""Popularity: everybody gets the most rated films, and each film's mean as the stars. The floor of every table."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable


@dataclass
class PopularityModel(RatingModel):
    """Most rated first.

    Args:
        shrink_films: ratings' worth of the overall mean in every film's mean.
    """

    kind = "popularity"
    shrink_films: float = 3.0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        sums = np.bincount(table.stars.indices, table.stars.data, minlength=len(table.film_ids))
        self.film_mean = (sums + self.shrink_films * table.mean) / (self.counts + self.shrink_films)
        options.progress.advance(1, 1)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return np.tile(self.film_mean, (people.shape[0], 1))

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        return np.tile(self.counts.astype(np.float64), (people.shape[0], 1))

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        return self.film_mean[films], np.zeros((len(films), person.nnz))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"film_mean": self.film_mean}
