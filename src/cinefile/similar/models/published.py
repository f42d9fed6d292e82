"""The two published ways of finding similar films, and the most voted films, as baselines. None holds all pairs."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from cinefile.errors import InputError, ModelError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.similar.feature_blocks import title_words
from cinefile.similar.film_similarity import FilmSimilarity
from cinefile.similar.film_table import FilmTable
from cinefile.similar.liked import Likes

Arrays = Mapping[str, NDArray[Any]]


class PublishedSimilarity(FilmSimilarity):
    """A method without parts that is a handful of arrays.

    Args:
        film_id: (n,) ids, ascending.
        arrays: what the method learned, as `learned` returns it.
    """

    def __init__(self, film_id: NDArray[np.int64], arrays: Arrays) -> None:
        self.film_id, self.arrays = film_id, arrays

    @staticmethod
    @abstractmethod
    def learned(table: FilmTable) -> Arrays:
        """Return the arrays that the method learns from the facts of films."""

    @abstractmethod
    def similarities(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films."""

    @classmethod
    def fit(cls, table: FilmTable, likes: Likes | None = None) -> Self:
        """Learn from the facts of films; likes are not used."""
        return cls(table.film_id, cls.learned(table))

    def scores(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films.

        Raises:
            InputError: weights were given, and the method has no parts.
        """
        if weights is not None:
            raise InputError(f"The method {self.kind} has no parts to weigh.", "Leave the weights out.")
        return self.similarities(rows)

    def save(self, path: str | Path, card: str = "") -> Path:
        """Write a model folder."""
        arrays = {"film_id": self.film_id, **self.arrays}
        return write_folder(path, kind=self.kind, facts={"films": len(self)}, arrays=arrays, card=card)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model folder.

        Raises:
            ModelError: the folder is missing, damaged or of another kind.
        """
        arrays = dict(ModelFolder(path, kind=cls.kind).arrays())
        try:
            return cls(arrays.pop("film_id"), arrays)
        except (KeyError, ValueError) as error:
            raise ModelError(f"{path} is not a whole folder of {cls.kind}: {error}.", "Build it again.") from error


class GenreTitleCosine(PublishedSimilarity):
    """Cosine over genre indicators and the stems of the title's words, all in one 0/1 vector.

    As published for The Movies Dataset (45,000 films, all pairs held: 5 hours and 40 GB); here the vectors stay sparse
    and a block of rows is multiplied at a time.
    """

    kind = "genre-title-cosine"

    def __init__(self, film_id: NDArray[np.int64], arrays: Arrays) -> None:
        super().__init__(film_id, arrays)
        shape = (len(film_id), int(arrays["columns"][0]))
        self._unit = csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        self._columns = csr_array(self._unit.T)

    @staticmethod
    def learned(table: FilmTable) -> Arrays:
        """Return the unit vectors of the films as a sparse matrix."""
        indicators = table.genres.weights.copy()
        indicators.data[:] = 1
        both = csr_array(hstack([indicators, title_words(table).weights]))
        length = np.sqrt(both.multiply(both).sum(axis=1))
        unit = csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ both).astype(np.float32)
        columns = np.array([unit.shape[1]], np.int64)
        return {"data": unit.data, "indices": unit.indices, "indptr": unit.indptr, "columns": columns}

    def similarities(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return cosines (m, n), 0 to 1."""
        return np.asarray((self._unit[rows] @ self._columns).toarray(), np.float32)


class GenreVotesKnn(PublishedSimilarity):
    """k nearest neighbours by Euclidean distance over genre indicators, vote average and popularity.

    The two figures are scaled to 0..1; a film without them gets their mean, as a nearest-neighbour search needs a
    place for every film.
    """

    kind = "genre-votes-knn"

    def __init__(self, film_id: NDArray[np.int64], arrays: Arrays) -> None:
        super().__init__(film_id, arrays)
        self._points = arrays["points"]
        self._square = np.einsum("ij,ij->i", self._points, self._points)

    @staticmethod
    def learned(table: FilmTable) -> Arrays:
        """Return the films as points."""
        indicators = (table.genres.weights.toarray() > 0).astype(np.float32)
        figures = [_scaled(table.vote_average), _scaled(table.popularity)]
        return {"points": np.hstack([indicators, np.stack(figures, axis=1)]).astype(np.float32)}

    def similarities(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return 1 / (1 + distance), (m, n)."""
        inner = self._points[rows] @ self._points.T
        distance = np.sqrt(np.maximum(self._square[rows, None] + self._square[None, :] - 2 * inner, 0))
        return np.asarray(1 / (1 + distance), np.float32)


class MostVoted(PublishedSimilarity):
    """The same films for every film: those with the most votes. What a method has to beat to say anything."""

    kind = "most-voted"

    @staticmethod
    def learned(table: FilmTable) -> Arrays:
        """Return the votes of the films as a share of the most."""
        votes = np.nan_to_num(table.vote_count)
        return {"share": (votes / max(float(votes.max(initial=0)), 1.0)).astype(np.float32)}

    def similarities(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the shares of the most votes, (m, n)."""
        return np.repeat(self.arrays["share"][None, :], len(rows), axis=0)


def _scaled(figures: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(figures)
    if not known.any():
        return np.zeros_like(figures)
    low, high = float(figures[known].min()), float(figures[known].max())
    filled = np.where(known, figures, figures[known].mean())
    return np.asarray((filled - low) / max(high - low, 1e-9), np.float32)


BASELINES: dict[str, type[PublishedSimilarity]] = {
    method.kind: method for method in (GenreTitleCosine, GenreVotesKnn, MostVoted)
}
