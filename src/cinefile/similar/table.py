"""What similarity knows of each film, as plain arrays: one row per film, every part optional per film."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

UNKNOWN = -1


@dataclass(frozen=True)
class Labels:
    """Films by labels: which genres, keywords or people a film has, and how much each counts.

    Attributes:
        weights: (n_films, n_labels) sparse float32, above 0 where the film has the label.
        names: the labels, in the order of the columns.
    """

    weights: csr_array
    names: tuple[str, ...]

    @classmethod
    def from_pairs(
        cls,
        rows: NDArray[np.integer],
        columns: NDArray[np.integer],
        weights: NDArray[np.floating],
        names: Sequence[str],
        n_films: int,
    ) -> "Labels":
        """Build from (film row, label column, weight) triples; a pair met twice keeps its larger weight."""
        order = np.lexsort((-np.asarray(weights), columns, rows))
        r, c, w = np.asarray(rows)[order], np.asarray(columns)[order], np.asarray(weights, np.float32)[order]
        first = np.ones(len(r), bool)
        first[1:] = (r[1:] != r[:-1]) | (c[1:] != c[:-1])
        matrix = csr_array((w[first], (r[first], c[first])), shape=(n_films, len(names)), dtype=np.float32)
        matrix.sort_indices()
        return cls(matrix, tuple(names))

    @classmethod
    def empty(cls, n_films: int) -> "Labels":
        """No film has any label."""
        return cls(csr_array((n_films, 0), dtype=np.float32), ())

    def of(self, row: int) -> list[str]:
        """Labels of one film, in the order of the columns."""
        start, end = self.weights.indptr[row : row + 2]
        return [self.names[c] for c in self.weights.indices[start:end]]

    def take(self, rows: NDArray[np.integer]) -> "Labels":
        """The same labels for some of the films."""
        return Labels(csr_array(self.weights[rows]), self.names)


@dataclass(frozen=True)
class FilmTable:
    """Facts of n films, row by row. Whatever is not known of a film is absent, never zero.

    Attributes:
        film_id: (n,) int64.
        title: n titles, article in front, without year.
        year: (n,) int16, UNKNOWN where not known.
        language: n ISO 639-1 codes, "" where not known.
        collection: (n,) int64 collection ids, UNKNOWN where the film is in none.
        vote_average: (n,) float32, 0 to 10, NaN where nobody voted.
        vote_count: (n,) float32, NaN where not known.
        popularity: (n,) float32, NaN where not known.
        genres: weight 1, or the probability of a predicted genre.
        keywords: weight 1.
        people: weight by role, see catalogue_table.ROLE_WEIGHTS.
        plot: n plots, "" where there is none.
        aliases: n tuples of the film's other titles.
    """

    film_id: NDArray[np.int64]
    title: tuple[str, ...]
    year: NDArray[np.int16]
    language: tuple[str, ...]
    collection: NDArray[np.int64]
    vote_average: NDArray[np.float32]
    vote_count: NDArray[np.float32]
    popularity: NDArray[np.float32]
    genres: Labels
    keywords: Labels
    people: Labels
    plot: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.film_id)

    def take(self, rows: NDArray[np.integer]) -> "FilmTable":
        """The table of some of the films, in the order of `rows`."""
        at = np.asarray(rows)
        return FilmTable(
            film_id=self.film_id[at],
            title=tuple(self.title[i] for i in at),
            year=self.year[at],
            language=tuple(self.language[i] for i in at),
            collection=self.collection[at],
            vote_average=self.vote_average[at],
            vote_count=self.vote_count[at],
            popularity=self.popularity[at],
            genres=self.genres.take(at),
            keywords=self.keywords.take(at),
            people=self.people.take(at),
            plot=tuple(self.plot[i] for i in at),
            aliases=tuple(self.aliases[i] for i in at),
        )

    def without_collections(self) -> "FilmTable":
        """The same films with their collections hidden, for protocols that ask for them."""
        return replace(self, collection=np.full(len(self), UNKNOWN, np.int64))
