"""MovieLens as CSV: latest-small, latest, 20M, 25M, 32M, with and without timestamps (GroupLens)."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from cinefile.sources import movielens_classic as classic
from cinefile.sources.contract import DataPart, Rows, Source
from cinefile.sources.readers.cells import FilmCells, imdb, integer, positive
from cinefile.sources.readers.csv_files import CsvTable, check, header
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.rating_files import RatingLayout

RATING_COLUMNS = {"userid": "user_id", "movieid": "movielens_id", "rating": "stars", "timestamp": "rated_at"}
RATINGS_NEED = ("userId", "movieId", "rating")
_TMDB_FILES = ("movies_metadata", "credits", "keywords")


def _film(line: int, id_: Any, title: Any, genres: Any) -> FilmCells:
    return classic.film(line, positive(id_, "movieId"), title, classic.genre_list(genres))


def _link(line: int, id_: Any, imdb_id: Any, tmdb_id: Any) -> tuple[Any, ...]:
    return line, positive(id_, "movieId"), imdb(imdb_id), integer(tmdb_id)


def _read_ratings(file: DataFile) -> Iterator[Rows]:
    check(RATINGS_NEED, file)
    return RatingLayout(",", [RATING_COLUMNS.get(c) for c in header(file)], header=True).read(file)


_FILMS = CsvTable(re.compile(r"movies?\.csv"), "film", ("movieId", "title", "genres"), (), _film)
_LINKS = CsvTable(re.compile(r"links?(_small)?\.csv"), "link", ("movieId", "imdbId", "tmdbId"), (), _link)
# Found like any table; its rows are read by the block.
_RATINGS = CsvTable(re.compile(r"ratings?.*\.csv"), "rating", RATINGS_NEED, (), tuple)


def has_films(place: Place) -> bool:
    """Whether a place holds MovieLens' own film table."""
    return bool(_FILMS.find(place) or classic.films(place))


def links(place: Place) -> list[DataPart]:
    """The id table; a small one beside the whole one is left alone, being a part of it."""
    found = _LINKS.find(place)
    return [p for p in found if "_small" not in p.file.name] or found


def ratings(place: Place) -> list[DataPart]:
    """The rating tables as CSV; a small one beside the whole one is left alone, being a part of it."""
    found = [DataPart(p.file, _read_ratings, partial(check, RATINGS_NEED)) for p in _RATINGS.find(place)]
    return [p for p in found if "_small" not in p.file.name] or found


class MovieLens(Source):
    """MovieLens in all its sizes.

    Where ratings lie in two files (with times for some, without for all), both are read, those with times first; the
    build counts the second copy of a rating as merged.
    """

    name = "movielens"
    title = "MovieLens"
    formats = (
        "movies.csv, links.csv, ratings.csv (latest-small, 20M, 25M, 32M); movies.dat, ratings.dat (1M, 10M); "
        "u.item, u.data (100K)"
    )
    rank = 50
    key_kind = "movielens"

    def parts(self, place: Place) -> list[DataPart]:
        """Films, links, ratings; links and ratings that belong to The Movies Dataset are left to it."""
        films = [*_FILMS.find(place), *classic.films(place)]
        if not films and any(name.startswith(_TMDB_FILES) for name in place.files):
            return []
        return [*films, *links(place), *classic.ratings(place), *ratings(place)]


SOURCE = MovieLens()
