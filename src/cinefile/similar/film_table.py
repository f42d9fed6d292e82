"""What similarity knows of each film, as arrays: one row per film, read from a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from cinefile.catalogue.catalogue_file import Catalogue

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


_FILMS = f"""
    SELECT film_id, title, coalesce(year, {UNKNOWN}) AS year, coalesce(language, '') AS language,
           coalesce(collection_id, {UNKNOWN}) AS collection, vote_average, vote_count, popularity
    FROM films ORDER BY film_id
"""
_GENRES = """
    SELECT film_id, genre AS label, max(CASE WHEN predicted THEN coalesce(probability, 0.5) ELSE 1 END) AS weight
    FROM genres GROUP BY ALL ORDER BY ALL
"""
_KEYWORDS = "SELECT DISTINCT film_id, lower(keyword) AS label, 1.0 AS weight FROM keywords ORDER BY ALL"
# How much a shared person says that two films are alike: whoever shapes a film counts more than who appears in it
# late in the billing. Jobs not listed (make-up, stunts, …) are left out.
ROLE_WEIGHTS = {"Director": 1.0, "Writer": 0.6, "Screenplay": 0.6, "Author": 0.6, "Novel": 0.8, "Characters": 1.0}
CAST_KEPT = 10
_PEOPLE = f"""
    SELECT film_id, person_id AS label,
           max(CASE WHEN department = 'Acting' THEN 1.0 / (1 + 0.15 * coalesce(position, 3))
                    ELSE [{", ".join(str(w) for w in ROLE_WEIGHTS.values())}]
                         [list_position([{", ".join(f"'{j}'" for j in ROLE_WEIGHTS)}], job)] END) AS weight
    FROM credits
    WHERE (department = 'Acting' AND coalesce(position, 3) < {CAST_KEPT})
       OR job IN ({", ".join(f"'{j}'" for j in ROLE_WEIGHTS)})
    GROUP BY ALL ORDER BY ALL
"""
# One plot speaks for a film: the longest, encyclopaedia openings last, as they tell of the making and not of the story.
_PLOTS = """
    SELECT film_id, arg_min(plot, (source LIKE '%wikipedia%', -length(plot), source)) AS plot
    FROM plots GROUP BY film_id ORDER BY film_id
"""
_ALIASES = "SELECT DISTINCT film_id, title FROM aliases ORDER BY ALL"


def from_catalogue(connection: duckdb.DuckDBPyConnection) -> FilmTable:
    """Read every film of a catalogue, in the order of their ids."""
    films = connection.execute(_FILMS).fetchnumpy()
    film_id = np.asarray(films["film_id"], np.int64)
    n = len(film_id)
    aliases: list[tuple[str, ...]] = [()] * n
    for film, title in connection.execute(_ALIASES).fetchall():
        row = int(np.searchsorted(film_id, film))
        aliases[row] = (*aliases[row], title)
    plot = [""] * n
    plots = connection.execute(_PLOTS).fetchnumpy()
    for row, text in zip(np.searchsorted(film_id, plots["film_id"]), plots["plot"], strict=True):
        plot[row] = text
    return FilmTable(
        film_id=film_id,
        title=tuple(films["title"]),
        year=np.asarray(films["year"], np.int16),
        language=tuple(films["language"]),
        collection=np.asarray(films["collection"], np.int64),
        vote_average=_floats(films["vote_average"]),
        vote_count=_floats(films["vote_count"]),
        popularity=_floats(films["popularity"]),
        genres=_labels(connection, _GENRES, film_id),
        keywords=_labels(connection, _KEYWORDS, film_id),
        people=_people(connection, film_id),
        plot=tuple(plot),
        aliases=tuple(aliases),
    )


def with_texts_of(
    table: FilmTable, connection: duckdb.DuckDBPyConnection, other: Path
) -> tuple[FilmTable, NDArray[np.int64]]:
    """The table with plots, keywords and people of the same films in another catalogue, found by their external ids.

    Args:
        table: of the catalogue that `connection` reads.
        connection: of a catalogue.
        other: file of the other catalogue.

    Returns:
        The table, and (n,) for each film its row in the other catalogue's table, -1 where it is not there.

    Raises:
        CatalogueError: the other file is no catalogue.
    """
    ids = "SELECT kind, value, film_id FROM external_ids WHERE kind IN ('imdb', 'tmdb', 'movielens')"
    with Catalogue(other) as opened, opened.cursor() as cursor:
        there = {(kind, value): film for kind, value, film in cursor.execute(ids).fetchall()}
        source = from_catalogue(cursor)
    rows = np.full(len(table), -1, np.int64)
    for kind, value, film in connection.execute(f"{ids} ORDER BY ALL").fetchall():
        row = int(np.searchsorted(table.film_id, film))
        if rows[row] < 0 and (kind, value) in there:
            rows[row] = np.searchsorted(source.film_id, there[kind, value])
    filled = replace(
        table,
        plot=tuple(source.plot[r] if r >= 0 else "" for r in rows),
        keywords=_rows_or_none(source.keywords, rows),
        people=_rows_or_none(source.people, rows),
    )
    return filled, rows


def _rows_or_none(labels: Labels, rows: NDArray[np.int64]) -> Labels:
    taken = labels.take(np.maximum(rows, 0)).weights
    kept = diags_array((rows >= 0).astype(np.float32))
    matrix = csr_array(kept @ taken)
    matrix.eliminate_zeros()
    used = np.unique(matrix.indices)
    return Labels(csr_array(matrix[:, used]), tuple(labels.names[i] for i in used))


def _floats(column: NDArray[np.generic]) -> NDArray[np.float32]:
    return np.asarray(np.ma.filled(np.ma.asarray(column, np.float32), np.nan), np.float32)


def _labels(connection: duckdb.DuckDBPyConnection, query: str, film_id: NDArray[np.int64]) -> Labels:
    found = connection.execute(query).fetchnumpy()
    if not len(found["film_id"]):
        return Labels.empty(len(film_id))
    names, columns = np.unique(np.asarray(found["label"], object), return_inverse=True)
    rows = np.searchsorted(film_id, found["film_id"])
    return Labels.from_pairs(rows, columns, np.asarray(found["weight"], np.float32), tuple(names), len(film_id))


def _people(connection: duckdb.DuckDBPyConnection, film_id: NDArray[np.int64]) -> Labels:
    found = connection.execute(_PEOPLE).fetchnumpy()
    if not len(found["film_id"]):
        return Labels.empty(len(film_id))
    ids, columns = np.unique(np.asarray(found["label"], np.int64), return_inverse=True)
    known = dict(connection.execute("SELECT person_id, name FROM people").fetchall())
    rows = np.searchsorted(film_id, found["film_id"])
    names = tuple(known.get(int(i), f"person {i}") for i in ids)
    return Labels.from_pairs(rows, columns, np.asarray(found["weight"], np.float32), names, len(film_id))
