"""Protocols of similar films: franchises found again, and viewers' neighbours of films that nobody rated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.evaluation.ranking_metrics import half_width, is_test_film, mates_found, ndcg, neighbour_lists
from cinefile.evaluation.result import Result
from cinefile.evaluation.similar_data import (
    Method,
    Say,
    method_names,
    methods,
    open_catalogue,
    plot_vectors,
    rated_films,
)
from cinefile.similar.feature_blocks import title_words
from cinefile.similar.film_table import UNKNOWN, FilmTable, Labels, from_catalogue
from cinefile.similar.liked import Likes, shrunk_correlation

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
        return cls(hide_collections(table), table.collection, asked)

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


def hide_collections(table: FilmTable) -> FilmTable:
    """The table without collections and without keywords that tell of another part."""
    telling = np.array([any(t in name for t in _TELLTALE) for name in table.keywords.names], np.bool_)
    weights = table.keywords.weights.tocoo()
    rows, columns = weights.coords
    kept = ~telling[columns] if len(telling) else np.zeros(0, np.bool_)
    data = (weights.data[kept], (rows[kept], columns[kept]))
    matrix = csr_array(data, shape=weights.shape, dtype=np.float32)
    return replace(table.without_collections(), keywords=Labels(matrix, table.keywords.names))


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
        return cls(table, hide_likes(likes, half), asked, _nearest(shrunk_correlation(likes.matrix), asked))

    def evaluate(self, make: Make) -> NDArray[np.float64]:
        """(m,) NDCG@10 of each asked film, by the method that `make` builds from what may be seen."""
        return self.evaluate_scores(make(self.table, self.visible))

    def evaluate_scores(self, method: Method) -> NDArray[np.float64]:
        """The same for a method built already."""
        lists, starts = neighbour_lists(method.scores, self.asked, K), self.gains.indptr
        wanted, worth = np.split(self.gains.indices, starts[1:-1]), np.split(self.gains.data, starts[1:-1])
        return np.array([ndcg(of, w, K, gains) for of, w, gains in zip(lists, wanted, worth, strict=True)])


def hide_likes(likes: Likes, films: NDArray[np.bool_]) -> Likes:
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


def similar_taste(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """Neighbours of films nobody rated, against who likes them; the films of MovieLens 1M."""
    catalogue = open_catalogue(data, say)
    table, likes = rated_films(catalogue)
    protocol = TasteProtocol.split(table, likes, test=True)
    every = methods(table, plot_vectors(catalogue, say), protocol.visible, tuple(names or method_names()))
    results = []
    for name, method in every.items():
        found = protocol.evaluate_scores(method)
        results.append((name, float(found.mean()), half_width(found)))
        say(f"{name}: {results[-1][1]:.4f}")
    return Result(
        "similar-taste",
        "MovieLens 1M: the ten neighbours of films whose ratings are hidden, against who likes them (NDCG@10).",
        ("method", "NDCG@10", "±95%"),
        results,
        {"films": len(table), "asked": len(protocol.asked), "plots": sum(map(bool, table.plot))},
    )


def similar_collections(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """Collection mates among the ten neighbours, collections hidden; and mates whose titles share no word."""
    catalogue = open_catalogue(data, say)
    with catalogue.cursor() as cursor:
        table = from_catalogue(cursor)
    protocol = CollectionsProtocol.split(table, test=True)
    untold = protocol.without_shared_words()
    chosen = tuple(names or (n for n in method_names() if n not in ("taste", "blend-without-taste", "collection")))
    results = []
    for name, method in methods(protocol.table, plot_vectors(catalogue, say).without("taste"), None, chosen).items():
        every, hard = protocol.evaluate_scores(method), untold.evaluate_scores(method)
        results.append((name, float(every.mean()), half_width(every), float(hard.mean()), half_width(hard)))
        say(f"{name}: {results[-1][1]:.4f}, {results[-1][3]:.4f}")
    return Result(
        "similar-collections",
        "Films of one collection among the ten nearest, collections hidden (share of mates found).",
        ("method", "mates found", "±95%", "found where no title word is shared", "±95% there"),
        results,
        {"films": len(table), "asked": len(protocol.asked), "asked without shared words": len(untold.asked)},
    )
