"""Protocol `similar-collections`: are the other films of a franchise among the ten most alike?

Data      films and the collections they belong to.
Hidden    the collections. Titles, cast and keywords stay and legitimately give mates away ("… 2", the same hero);
          keywords that say no more than "there is another part" ("sequel", "part of trilogy") are hidden too.
Split     films by hash in two halves: weights are chosen on one, figures are reported on the other.
Metric    share of a film's mates found among its 10 neighbours, mean over the asked films; every film competes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.evaluation.similar_metrics import is_test_film, mates_found, neighbour_lists
from cinefile.similar.baselines import Method
from cinefile.similar.parts import title_words
from cinefile.similar.table import UNKNOWN, FilmTable, Labels

K = 10
_TELLTALE = (
    "sequel",
    "prequel",
    "trilogy",
    "franchise",
    "reboot",
    "series",
    "spin off",
    "spin-off",
    "duringcreditsstinger",
)


@dataclass(frozen=True)
class CollectionsProtocol:
    """One half of the films to ask about.

    Attributes:
        table: what a method may see: all films, without collections and telltale keywords.
        groups: (n,) the hidden collection of every film, UNKNOWN for none.
        asked: (m,) rows with at least one mate.
    """

    table: FilmTable
    groups: NDArray[np.int64]
    asked: NDArray[np.int64]

    @classmethod
    def split(cls, table: FilmTable, *, test: bool) -> "CollectionsProtocol":
        """Ask about the test half, or about the validation half (for choosing weights)."""
        ids, index, counts = np.unique(table.collection, return_inverse=True, return_counts=True)
        mated = (ids[index] != UNKNOWN) & (counts[index] > 1)
        asked = np.flatnonzero(mated & (is_test_film(table.film_id) == test))
        return cls(hide(table), table.collection, asked)

    def without_shared_words(self) -> "CollectionsProtocol":
        """The same, for mates whose titles share no word with the asked film's: nothing in a name gives them away.

        Films are asked about of which this holds for every mate.
        """
        title = title_words(self.table).weights
        groups = self.groups
        asked: list[int] = []
        for row in self.asked:
            mates = np.flatnonzero((groups == groups[row]) & (np.arange(len(groups)) != row))
            if not (title[mates] @ title[[row]].T).nnz:
                asked.append(int(row))
        return replace(self, asked=np.array(asked, np.int64))

    def evaluate(self, make: Callable[[FilmTable], Method]) -> NDArray[np.float64]:
        """(m,) share of mates found for each asked film, by the method that `make` builds from what may be seen."""
        return self.evaluate_scores(make(self.table))

    def evaluate_scores(self, method: Method) -> NDArray[np.float64]:
        """The same for a method built already."""
        return mates_found(neighbour_lists(method.scores, self.asked, K), self.groups, self.asked)


def hide(table: FilmTable) -> FilmTable:
    """The table without collections and without keywords that tell of another part."""
    telling = np.array([any(t in name for t in _TELLTALE) for name in table.keywords.names], np.bool_)
    weights = table.keywords.weights.tocoo()
    rows, columns = weights.coords
    kept = ~telling[columns] if len(telling) else np.zeros(0, np.bool_)
    data = (weights.data[kept], (rows[kept], columns[kept]))
    matrix = csr_array(data, shape=weights.shape, dtype=np.float32)
    return replace(table.without_collections(), keywords=Labels(matrix, table.keywords.names))
