"""The parts of the likeness, each as vectors whose inner product is the likeness of two films."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from cinefile.search.word_index import words
from cinefile.similar.film_table import UNKNOWN, FilmTable, Labels

DENSE_PARTS = ("plot", "genres", "year", "reception", "taste")
SPARSE_PARTS = ("keywords", "people", "title", "collection")
PARTS = DENSE_PARTS + SPARSE_PARTS
# Parts that a film may lack because nobody said: likeness is then taken to be the part's mean. A film outside every
# collection lacks nothing, and every film has a title.
LACKABLE_PARTS = ("plot", "genres", "year", "reception", "taste", "keywords", "people")

_YEAR_CENTRES = np.arange(1892.0, 2037.0, 8.0)
_YEAR_WIDTH = 5.66  # gives a likeness of about exp(-d^2 / 128) to films d years apart
# Reception: how many voted (powers of ten) and how they voted (0 to 10), each as bumps.
_VOTES_CENTRES, _VOTES_WIDTH = np.arange(0, 5.1, 0.5), 0.354
_AVERAGE_CENTRES, _AVERAGE_WIDTH = np.arange(2.4, 9.7, 0.8), 0.566


@dataclass(frozen=True)
class DensePart:
    """(n, d) float32 rows of length 1, or 0 where `present` is False."""

    vectors: NDArray[np.float32]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class SparsePart:
    """(n, f) sparse float32 rows of length 1, or empty where `present` is False."""

    vectors: csr_array
    present: NDArray[np.bool_]


def unit_rows(vectors: NDArray[np.floating]) -> DensePart:
    """Scale every row to length 1; rows of zeros are films that lack the part."""
    length = np.linalg.norm(vectors, axis=1)
    present = length > 0
    return DensePart((vectors / np.where(present, length, 1)[:, None]).astype(np.float32), present)


def genres(table: FilmTable) -> DensePart:
    """One column per genre, weighted by the square root of its inverse document frequency."""
    weighted = _rare_counts_more(table.genres.weights, power=0.5)
    return unit_rows(weighted.toarray().astype(np.float32))


def year(table: FilmTable) -> DensePart:
    """Gaussian bumps every eight years: near years overlap, far ones do not."""
    known = table.year != UNKNOWN
    return unit_rows(_bumps(table.year, _YEAR_CENTRES, _YEAR_WIDTH) * known[:, None])


def reception(table: FilmTable) -> DensePart:
    """How well known and how well liked a film is with the public at large: vote count and vote average."""
    votes = np.nan_to_num(table.vote_count)
    known = (votes > 0) & np.isfinite(table.vote_average)
    count = unit_rows(_bumps(np.log10(np.maximum(votes, 1)), _VOTES_CENTRES, _VOTES_WIDTH)).vectors
    average = unit_rows(_bumps(np.nan_to_num(table.vote_average), _AVERAGE_CENTRES, _AVERAGE_WIDTH)).vectors
    return unit_rows(np.hstack([count, average]) * known[:, None])


def keywords(table: FilmTable) -> SparsePart:
    """Cosine of keyword sets, rare keywords counting more."""
    return _unit_sparse(_rare_counts_more(table.keywords.weights))


def people(table: FilmTable) -> SparsePart:
    """Cosine of cast and crew, by role, people of few films counting more."""
    return _unit_sparse(_rare_counts_more(table.people.weights))


def title(table: FilmTable) -> SparsePart:
    """Cosine of title words, rare words counting more."""
    return _unit_sparse(_rare_counts_more(title_words(table).weights))


def collection(table: FilmTable) -> SparsePart:
    """1 for films of one collection."""
    known = np.flatnonzero(table.collection != UNKNOWN)
    ids, columns = np.unique(table.collection[known], return_inverse=True)
    shape = (len(table), len(ids))
    return _unit_sparse(csr_array((np.ones(len(known), np.float32), (known, columns)), shape=shape))


def title_words(table: FilmTable) -> Labels:
    """Words of each film's title in base form, weight 1."""
    tokens = [words(t) for t in table.title]
    vocabulary = {w: i for i, w in enumerate(sorted({w for t in tokens for w in t}))}
    rows = np.repeat(np.arange(len(table)), [len(t) for t in tokens])
    columns = np.array([vocabulary[w] for t in tokens for w in t], np.int64)
    return Labels.from_pairs(rows, columns, np.ones(len(rows), np.float32), tuple(vocabulary), len(table))


def _bumps(values: NDArray[np.generic], centres: NDArray[np.floating], width: float) -> NDArray[np.float64]:
    """(n, c) Gaussian bumps at the centres: the inner product of two rows falls off with their values' distance."""
    distance = np.asarray(values, np.float64)[:, None] - centres
    return np.asarray(np.exp(-(distance**2) / (2 * width**2)))


def _rare_counts_more(weights: csr_array, power: float = 1.0) -> csr_array:
    """Multiply columns by log(1 + n / df) ** power (inverse document frequency)."""
    n, width = weights.shape
    if width == 0:
        return weights
    frequency = np.bincount(weights.indices, minlength=width)
    return csr_array(weights @ diags_array(np.log1p(n / np.maximum(frequency, 1)) ** power)).astype(np.float32)


def _unit_sparse(weights: csr_array) -> SparsePart:
    length = np.sqrt(weights.multiply(weights).sum(axis=1))
    present = np.asarray(length > 0)
    scale = 1 / np.where(present, length, 1)
    return SparsePart(csr_array(diags_array(scale) @ weights).astype(np.float32), present)
