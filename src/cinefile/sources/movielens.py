"""MovieLens (GroupLens): as CSV (latest, 20M, 25M, 32M), and before CSV (100K; 1M and 10M with `::` between values)."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from cinefile.errors import InputError
from cinefile.sources.contract import BadRowError, DataPart, Rows, Source
from cinefile.sources.readers.cells import FilmCells, imdb, integer, positive
from cinefile.sources.readers.cells import title as need_title
from cinefile.sources.readers.csv_files import CsvTable, check, header
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.rating_files import RatingLayout
from cinefile.sources.readers.text_lines import read_films
from cinefile.titles import split_aliases, split_year

RATING_COLUMNS = {"userid": "user_id", "movieid": "movielens_id", "rating": "stars", "timestamp": "rated_at"}
RATINGS_NEED = ("userId", "movieId", "rating")
_TMDB_FILES = ("movies_metadata", "credits", "keywords")


def _film(line: int, id_: Any, title: Any, genres: Any) -> FilmCells:
    return classic_film(line, positive(id_, "movieId"), title, genre_list(genres))


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
    return bool(_FILMS.find(place) or classic_films(place))


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
        films = [*_FILMS.find(place), *classic_films(place)]
        if not films and any(name.startswith(_TMDB_FILES) for name in place.files):
            return []
        return [*films, *links(place), *classic_ratings(place), *ratings(place)]


SOURCE = MovieLens()


_NO_GENRES = "(no genres listed)"


# u.genre of ML-100K, in the order of the flags in u.item.
_GENRES_100K = (
    *(
        "unknown",
        "Action",
        "Adventure",
        "Animation",
        "Children's",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
        "Fantasy",
    ),
    *("Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"),
)


_COLUMNS = ("user_id", "movielens_id", "stars", "rated_at")


_DOUBLE_COLON = RatingLayout("::", _COLUMNS, header=False)


_TABS = RatingLayout("\t", _COLUMNS, header=False)


def genre_list(cell: str) -> list[str]:
    """Genres parted by bars; "(no genres listed)" is an empty list."""
    return [g for g in (part.strip() for part in cell.split("|")) if g and g != _NO_GENRES]


def classic_film(line: int, movielens_id: int, title_and_year: str, genres: list[str]) -> FilmCells:
    """A film from "Seven (a.k.a. Se7en) (1995)".

    Raises:
        BadRowError: there is no title.
    """
    rest, year = split_year(need_title(title_and_year))
    main, *aliases = split_aliases(need_title(rest))
    return FilmCells(
        line, str(movielens_id), main, aliases=aliases or None, year=year, movielens_id=movielens_id, genres=genres
    )


def _dat_film(line: int, text: str) -> FilmCells:
    parts = text.split("::")
    if len(parts) < 3:
        raise BadRowError(f"3 values expected, {len(parts)} found")
    return classic_film(line, positive(parts[0], "MovieID"), "::".join(parts[1:-1]), genre_list(parts[-1]))


def _item_film(line: int, text: str) -> FilmCells:
    parts = text.split("|")
    if len(parts) != 5 + len(_GENRES_100K):
        raise BadRowError(f"{5 + len(_GENRES_100K)} values expected, {len(parts)} found")
    flags = parts[5:]
    if not set(flags) <= {"0", "1"}:
        raise BadRowError("the genre flags are not all 0 or 1")
    genres = [g for g, flag in zip(_GENRES_100K, flags, strict=True) if flag == "1" and g != "unknown"]
    return classic_film(line, positive(parts[0], "movie id"), parts[1], genres)


_READ_DAT, _READ_ITEM = partial(read_films, _dat_film), partial(read_films, _item_film)


def _separated(separator: bytes) -> Callable[[DataFile], None]:
    def check(file: DataFile) -> None:
        if separator not in file.head.split(b"\n", 1)[0]:
            raise InputError(
                f"{file} is empty or not in MovieLens' format: its first line lacks {separator.decode()!r}.",
                "Nothing was read.",
            )

    return check


_CHECK_DAT, _CHECK_ITEM, _CHECK_TABS = _separated(b"::"), _separated(b"|"), _separated(b"\t")


def classic_films(place: Place) -> list[DataPart]:
    """`movies.dat` or `u.item`."""
    found = [DataPart(f, _READ_DAT, _CHECK_DAT) for name, f in place.files.items() if name == "movies.dat"]
    return found + [DataPart(f, _READ_ITEM, _CHECK_ITEM) for name, f in place.files.items() if name == "u.item"]


def classic_ratings(place: Place) -> list[DataPart]:
    """`ratings.dat`, or a piece of it such as `ratings-users-1-2999.dat`, or `u.data`."""
    found = [
        DataPart(f, _DOUBLE_COLON.read, _CHECK_DAT)
        for name, f in place.files.items()
        if name.startswith("ratings") and name.endswith(".dat")
    ]
    return found + [DataPart(f, _TABS.read, _CHECK_TABS) for name, f in place.files.items() if name == "u.data"]
