"""Features of films that are known before anybody rates them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.errors import InputError
from cinefile.taste.ratings import Ints, as_ids, places

if TYPE_CHECKING:
    import duckdb

_DECADES = tuple(range(1920, 2030, 10))


@dataclass(frozen=True)
class FilmFeatures:
    """One row of numbers per film; a constant is added by the model.

    Attributes:
        film_ids: (films,) ascending.
        values: (films, features) float32, of a size near one; an array, or CSR where most are zero. A row of zeros
            says that nothing is known of the film.
        names: what each feature is.
    """

    film_ids: Ints
    values: NDArray[np.float32] | sp.csr_matrix
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape != (len(self.film_ids), len(self.names)):
            raise InputError(
                f"Features of shape {self.values.shape} go with {len(self.film_ids)} films, {len(self.names)} names.",
                "Give one row per film and one name per column.",
            )
        if not np.isfinite(self.rows.data).all():
            raise InputError("Film features hold values that are no numbers.", "Fill the gaps first, with zeros say.")
        if len(self.film_ids) > 1 and (np.diff(self.film_ids) <= 0).any():
            raise InputError("Film features are not in ascending order of film id.", "Sort them; each film once.")

    @property
    def rows(self) -> sp.csr_matrix:
        """(films, features) CSR of the values."""
        return sp.csr_matrix(self.values, dtype=np.float32)

    def rows_for(self, film_ids: Ints) -> sp.csr_matrix:
        """CSR rows of these films; empty for a film of which nothing is known."""
        at = places(film_ids, self.film_ids)
        found = np.flatnonzero(at >= 0)
        ones = np.ones(len(found), dtype=np.float32)
        choice = sp.csr_matrix((ones, (found, at[found])), shape=(len(film_ids), len(self.film_ids)))
        rows = sp.csr_matrix(choice @ self.rows)
        rows.eliminate_zeros()
        return rows

    def joined(self, other: "FilmFeatures", prefix: str) -> "FilmFeatures":
        """These films with the other's columns beside their own, those under ``prefix`` and the name they had."""
        values = sp.hstack([self.rows, other.rows_for(self.film_ids)], format="csr")
        return FilmFeatures(self.film_ids, values, (*self.names, *(f"{prefix}{name}" for name in other.names)))


def film_features(
    film_ids: Sequence[int] | Ints,
    genres: Sequence[Sequence[str]],
    years: Sequence[int | None],
    extra: NDArray[np.floating] | sp.csr_matrix | None = None,
    extra_names: Sequence[str] = (),
    vocabulary: Sequence[str] | None = None,
) -> FilmFeatures:
    """Features from genres and year, and whatever else the caller knows (a plot vector, people).

    Args:
        film_ids: one per film, in any order, each once.
        genres: names of each film's genres.
        years: year of release, or None.
        extra: (films, m) further numbers, scaled to a size near one.
        extra_names: names of its columns.
        vocabulary: the genres to have columns for; default: those that occur. A film added to a trained model needs
            the columns of its training.

    Raises:
        InputError: lengths differ.
    """
    ids = as_ids(np.asarray(film_ids), "film_ids")
    if not len(ids) == len(genres) == len(years) or (extra is not None and extra.shape[0] != len(ids)):
        raise InputError(f"There are {len(ids)} films, {len(genres)} genre lists and {len(years)} years.")
    vocabulary = sorted({g for of in genres for g in of}) if vocabulary is None else list(vocabulary)
    column = {name: n for n, name in enumerate(vocabulary)}
    hot = np.zeros((len(ids), len(vocabulary) + len(_DECADES) + 1), dtype=np.float32)
    for row, (of, year) in enumerate(zip(genres, years, strict=True)):
        for name in of:
            if name in column:
                hot[row, column[name]] = 1.0
        # Neighbouring decades share a year between them, so that 1989 and 1990 do not fall apart.
        if year is not None:
            at = np.clip((year - _DECADES[0]) / 10, 0, len(_DECADES) - 1)
            low = int(at)
            hot[row, len(vocabulary) + low] += 1 - (at - low)
            hot[row, len(vocabulary) + min(low + 1, len(_DECADES) - 1)] += at - low
        else:
            hot[row, -1] = 1.0
    names = [f"genre:{slug(g)}" for g in vocabulary] + [f"decade:{d}" for d in _DECADES] + ["year unknown"]
    values = sp.csr_matrix(hot)
    if extra is not None:
        values = sp.hstack([values, sp.csr_matrix(extra, dtype=np.float32)], format="csr")
        names += list(extra_names) or [f"extra:{n}" for n in range(extra.shape[1])]
    order = np.argsort(ids)
    return FilmFeatures(ids[order], values[order], tuple(names))


def slug(genre: str) -> str:
    """A genre as its column is named."""
    return re.sub(r"\s+", "-", genre.strip().lower())


# A film whose genres come from several sources has each genre once; predicted ones say less, and are left out.
_FILMS = """
    SELECT f.film_id, f.year, coalesce(g.names, []) AS genres
    FROM films f LEFT JOIN (
        SELECT film_id, list(DISTINCT genre ORDER BY genre) AS names FROM genres WHERE NOT predicted GROUP BY film_id
    ) g USING (film_id)
    ORDER BY f.film_id
"""
_FACTS = """
    SELECT film_id, 'language:' || language FROM films WHERE language IS NOT NULL
    UNION ALL SELECT DISTINCT film_id, 'country:' || code FROM countries
    UNION ALL SELECT film_id, 'minutes:' || least(floor(runtime / 20) * 20, 180)::INT FROM films WHERE runtime > 0
    UNION ALL SELECT DISTINCT film_id, 'director:' || person_id FROM credits WHERE job = 'Director'
    ORDER BY ALL
"""
_FEWEST, _MOST = 2, 3000  # films that share a fact, and facts: one film's own says nothing of another


def catalogue_features(cursor: "duckdb.DuckDBPyConnection", names: Sequence[str] | None = None) -> FilmFeatures:
    """Genres, decade, language, countries, length in steps of 20 minutes, and directors of all films.

    No figure that says how a film was received is among them.

    Args:
        cursor: on a catalogue.
        names: the columns of a trained model, to add films to it; default: those that at least two films share.
    """
    films = cursor.execute(_FILMS).fetchall()
    facts = cursor.execute(_FACTS).fetchall()
    found, times = np.unique([name for _, name in facts] or np.empty(0, dtype=str), return_counts=True)
    chosen = found[np.argsort(-times, kind="stable")[: min(_MOST, int((times >= _FEWEST).sum()))]].tolist()
    genres = None
    if names is not None:
        chosen = [name for name in names if name.partition(":")[0] in ("language", "country", "minutes", "director")]
        genres = [name.removeprefix("genre:") for name in names if name.startswith("genre:")]
    column, row = {name: n for n, name in enumerate(chosen)}, {film[0]: n for n, film in enumerate(films)}
    places = np.array([(row[f], column[name]) for f, name in facts if name in column], dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(places), dtype=np.float32)
    extra = sp.csr_matrix((ones, (places[:, 0], places[:, 1])), shape=(len(films), len(chosen)))
    ids, years = [film[0] for film in films], [film[1] for film in films]
    # By the names of the columns, so that a model's own columns are found again.
    named = [[slug(genre) for genre in film[2]] for film in films]
    return film_features(ids, named, years, extra, chosen, genres)
