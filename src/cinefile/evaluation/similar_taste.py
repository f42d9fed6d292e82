"""Protocol `similar-taste`: does a film that nobody rated yet get the neighbours that its viewers would give it?

Data      films and ratings; who gave a film 4 stars or more likes it.
Split     films by hash in two halves. The method sees the ratings of the other half only: none of the films it is
          asked about, so nothing but their content can place them.
Relevance shrunk correlation of who likes two films (phi coefficient), over all ratings: liking both more often than
          their popularity explains. The 50 nearest films of each film count, by that figure.
Metric    NDCG@10 over the whole catalogue, mean over the asked films with 20 admirers or more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.evaluation.similar_metrics import is_test_film, ndcg, neighbour_lists
from cinefile.similar.baselines import Method
from cinefile.similar.liked import Likes, shrunk_correlation
from cinefile.similar.table import FilmTable

K = 10
_NEIGHBOURS = 50
_LEAST_ADMIRERS = 20
Make = Callable[[FilmTable, Likes], Method]


@dataclass(frozen=True)
class TasteProtocol:
    """One half of the films to ask about, and what a method may see.

    Attributes:
        table: all films, collections included.
        visible: who likes which film, emptied for every film of the asked half.
        asked: (m,) rows to ask about.
        gains: (m, n) relevance of all films to the asked ones.
    """

    table: FilmTable
    visible: Likes
    asked: NDArray[np.int64]
    gains: csr_array

    @classmethod
    def split(cls, table: FilmTable, likes: Likes, *, test: bool) -> "TasteProtocol":
        """Ask about the test half, or about the validation half (for choosing weights)."""
        half = is_test_film(table.film_id) == test
        asked = np.flatnonzero(half & (likes.counts() >= _LEAST_ADMIRERS))
        return cls(table, hide(likes, half), asked, _nearest(shrunk_correlation(likes.matrix), asked))

    def evaluate(self, make: Make) -> NDArray[np.float64]:
        """(m,) NDCG@10 of each asked film, by the method that `make` builds from what may be seen."""
        return self.evaluate_scores(make(self.table, self.visible))

    def evaluate_scores(self, method: Method) -> NDArray[np.float64]:
        """The same for a method built already."""
        return ndcg(neighbour_lists(method.scores, self.asked, K), self.gains)


def hide(likes: Likes, films: NDArray[np.bool_]) -> Likes:
    """Empty the columns of some films."""
    matrix = likes.matrix.tocoo()
    users, columns = matrix.coords
    kept = ~films[columns]
    data = (matrix.data[kept], (users[kept], columns[kept]))
    return Likes(csr_array(data, shape=matrix.shape))


def _nearest(correlation: csr_array, rows: NDArray[np.int64]) -> csr_array:
    """Keep the 50 largest off-diagonal entries of some rows."""
    kept_rows: list[NDArray[np.int64]] = []
    kept_columns: list[NDArray[np.int64]] = []
    kept: list[NDArray[np.float64]] = []
    for i, row in enumerate(rows):
        columns = correlation.indices[correlation.indptr[row] : correlation.indptr[row + 1]]
        values = correlation.data[correlation.indptr[row] : correlation.indptr[row + 1]]
        columns, values = columns[columns != row], values[columns != row]
        best = np.argsort(-values, kind="stable")[:_NEIGHBOURS]
        kept_rows.append(np.full(len(best), i))
        kept_columns.append(columns[best])
        kept.append(values[best])
    pairs = (np.concatenate(kept_rows), np.concatenate(kept_columns))
    return csr_array((np.concatenate(kept), pairs), shape=(len(rows), correlation.shape[1]))
