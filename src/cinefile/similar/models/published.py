"""The two published ways of finding similar films, as baselines. Neither holds all pairs."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from cinefile.similar.feature_blocks import title_words
from cinefile.similar.film_table import FilmTable


class Method(Protocol):
    """Anything that scores films against all films."""

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """(m, n) likeness of the films in `rows` with every film."""
        ...


class GenreTitleCosine:
    """Cosine over genre indicators and the lemmatised words of the title, all in one 0/1 vector.

    As published for The Movies Dataset (45,000 films, all pairs held: 5 hours and 40 GB); here the vectors stay sparse
    and a block of rows is multiplied at a time.
    """

    def __init__(self, table: FilmTable) -> None:
        indicators = table.genres.weights.copy()
        indicators.data[:] = 1
        both = csr_array(hstack([indicators, title_words(table).weights]))
        length = np.sqrt(both.multiply(both).sum(axis=1))
        self._unit = csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ both).astype(np.float32)
        self._columns = csr_array(self._unit.T)

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """(m, n) cosines, 0 to 1."""
        return np.asarray((self._unit[rows] @ self._columns).toarray(), np.float32)


class GenreVotesKnn:
    """k nearest neighbours by Euclidean distance over genre indicators, vote average and popularity.

    The two figures are scaled to 0..1; a film without them gets their mean, as a nearest-neighbour search needs a
    place for every film.
    """

    def __init__(self, table: FilmTable) -> None:
        indicators = (table.genres.weights.toarray() > 0).astype(np.float32)
        figures = [_scaled(table.vote_average), _scaled(table.popularity)]
        self._points = np.hstack([indicators, np.stack(figures, axis=1)]).astype(np.float32)
        self._square = np.einsum("ij,ij->i", self._points, self._points)

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """(m, n) 1 / (1 + distance)."""
        inner = self._points[rows] @ self._points.T
        distance = np.sqrt(np.maximum(self._square[rows, None] + self._square[None, :] - 2 * inner, 0))
        return np.asarray(1 / (1 + distance), np.float32)


class MostVoted:
    """The same films for every film: those with the most votes. What a method has to beat to say anything."""

    def __init__(self, table: FilmTable) -> None:
        votes = np.nan_to_num(table.vote_count)
        self._score = (votes / max(float(votes.max(initial=0)), 1.0)).astype(np.float32)

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """(m, n) votes as a share of the most."""
        return np.repeat(self._score[None, :], len(rows), axis=0)


def _scaled(figures: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(figures)
    if not known.any():
        return np.zeros_like(figures)
    low, high = float(figures[known].min()), float(figures[known].max())
    filled = np.where(known, figures, figures[known].mean())
    return np.asarray((filled - low) / max(high - low, 1e-9), np.float32)


BASELINES: dict[str, Callable[[FilmTable], Method]] = {
    "genre-title-cosine": GenreTitleCosine,
    "genre-votes-knn": GenreVotesKnn,
    "most-voted": MostVoted,
}
