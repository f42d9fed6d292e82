"""MovieLens ratings and film features as arrays, for the protocols."""

from pathlib import Path

import numpy as np
import pyarrow as pa

import cinefile
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.errors import InputError
from cinefile.evaluation.splits import Ratings
from cinefile.sources import Kind, read_table
from cinefile.taste.content_features import FilmFeatures, film_features
from cinefile.taste.train import films_of

_IDS = "SELECT value, film_id FROM external_ids WHERE kind = 'movielens' ORDER BY value::BIGINT"


def ml_1m(data: Path) -> Ratings:
    """MovieLens 1M, without timestamps: 1,000,209 ratings."""
    return _ratings(data / "movielens/ml-1m/ratings-no-timestamps.csv")


def ml_1m_timed(data: Path) -> Ratings:
    """The part of MovieLens 1M that has timestamps: users 1 to 2999."""
    return _ratings(data / "movielens/ml-1m/ratings-users-1-2999.dat")


def latest_small(data: Path) -> Ratings:
    """MovieLens latest-small: 100,836 ratings with timestamps."""
    return _ratings(data / "movielens/ml-latest-small/ratings.csv")


def the_movies_small(data: Path) -> Ratings:
    """The Movies Dataset's ratings_small.csv: 100,004 ratings, MovieLens film ids."""
    return _ratings(data / "the-movies-dataset/ratings_small.csv")


def _ratings(file: Path) -> Ratings:
    """Ratings of a file in its order; without times where one of them is missing."""
    table = _table(file, "rating")
    times = table["rated_at"]
    seconds = None if times.null_count else times.cast(pa.int64()).to_numpy()
    return Ratings(table["user_id"].to_numpy(), table["movielens_id"].to_numpy(), table["stars"].to_numpy(), seconds)


def _table(file: Path, kind: Kind) -> pa.Table:
    if not file.is_file():
        raise InputError(f"{file} is not there.", "Give the folder that holds movielens/ with --data.")
    return read_table(file, kind)


def ml_1m_features(data: Path) -> FilmFeatures:
    """Genres and decades of MovieLens 1M's films."""
    films = _table(data / "movielens/ml-1m/movies.dat", "film")
    ids, genres, years = (films[column].to_pylist() for column in ("movielens_id", "genres", "year"))
    return film_features(ids, genres, years)


def catalogue_ids(catalogue: Path) -> dict[int, int]:
    """Film id in the catalogue by MovieLens id, ascending.

    Raises:
        CatalogueError: no usable catalogue.
        InputError: none of its films has a MovieLens id.
    """
    with Catalogue(catalogue) as opened, opened.cursor() as cursor:
        rows = cursor.execute(_IDS).fetchall()
    if not rows:
        raise InputError(f"{catalogue} has no MovieLens ids.", "Give a catalogue with MovieLens in it.")
    return {int(value): film_id for value, film_id in rows}


def content(catalogue: Path) -> FilmFeatures:
    """What a catalogue knows of its films, under their MovieLens ids.

    Raises:
        CatalogueError, InputError: see ``catalogue_ids``.
    """
    mapping = catalogue_ids(catalogue)
    known = films_of(catalogue)
    ids, films = (np.fromiter(part, dtype=np.int64) for part in (mapping.keys(), mapping.values()))
    return FilmFeatures(ids, known.rows_for(films), known.names)


def ml_1m_content(data: Path) -> FilmFeatures:
    """Genres and decades of MovieLens 1M's films, and what the starter catalogue knows of those that it has."""
    shipped = content(Path(cinefile.__file__).parent / "starter" / "starter.duckdb")
    return ml_1m_features(data).joined(shipped, "catalogue ")
