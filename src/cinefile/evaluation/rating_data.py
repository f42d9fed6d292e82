"""MovieLens ratings and film features as arrays, for the protocols."""

from pathlib import Path

import numpy as np
import pyarrow.csv as csv

import cinefile
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.errors import InputError
from cinefile.evaluation.splits import Ratings
from cinefile.taste.content_features import FilmFeatures, film_features
from cinefile.taste.train import films_of
from cinefile.titles import split_year

_IDS = "SELECT value, film_id FROM external_ids WHERE kind = 'movielens' ORDER BY value::BIGINT"


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise InputError(f"{file} is not there.", "Give the folder that holds movielens/ with --data.")
    return file


def ml_1m(data: Path) -> Ratings:
    """MovieLens 1M, without timestamps: 1,000,209 ratings."""
    table = csv.read_csv(_existing(data / "movielens/ml-1m/ratings-no-timestamps.csv"))
    users, films, stars = (table[name].to_numpy() for name in ("userId", "movieId", "rating"))
    return Ratings(users.astype(np.int64), films.astype(np.int64), stars.astype(np.float32))


def ml_1m_timed(data: Path) -> Ratings:
    """The part of MovieLens 1M that has timestamps: users 1 to 2999."""
    text = _existing(data / "movielens/ml-1m/ratings-users-1-2999.dat").read_text(encoding="latin-1")
    rows = np.array(text.replace("::", " ").split(), dtype=np.int64).reshape(-1, 4)
    return Ratings(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].astype(np.float32), rows[:, 3].copy())


def latest_small(data: Path) -> Ratings:
    """MovieLens latest-small: 100,836 ratings with timestamps."""
    table = csv.read_csv(_existing(data / "movielens/ml-latest-small/ratings.csv"))
    users, films, stars, times = (table[name].to_numpy() for name in ("userId", "movieId", "rating", "timestamp"))
    return Ratings(users.astype(np.int64), films.astype(np.int64), stars.astype(np.float32), times.astype(np.int64))


def the_movies_small(data: Path) -> Ratings:
    """The Movies Dataset's ratings_small.csv: 100,004 ratings, MovieLens film ids."""
    table = csv.read_csv(_existing(data / "the-movies-dataset/ratings_small.csv"))
    users, films, stars, times = (table[name].to_numpy() for name in ("userId", "movieId", "rating", "timestamp"))
    return Ratings(users.astype(np.int64), films.astype(np.int64), stars.astype(np.float32), times.astype(np.int64))


def ml_1m_features(data: Path) -> FilmFeatures:
    """Genres and decades of MovieLens 1M's films."""
    text = _existing(data / "movielens/ml-1m/movies.dat").read_text(encoding="latin-1")
    rows = [line.split("::") for line in text.splitlines()]
    return _features([(int(r[0]), r[1], r[2]) for r in rows])


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


def _features(films: list[tuple[int, str, str]]) -> FilmFeatures:
    genres = [[g for g in names.split("|") if g != "(no genres listed)"] for _, _, names in films]
    return film_features([f for f, _, _ in films], genres, [split_year(title)[1] for _, title, _ in films])
