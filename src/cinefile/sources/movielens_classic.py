"""MovieLens before CSV: 100K (`u.item`, `u.data`), 1M and 10M (`::` between values), in Latin-1 or UTF-8."""

from collections.abc import Callable
from functools import partial

from cinefile.errors import InputError
from cinefile.sources.contract import BadRowError, DataPart
from cinefile.sources.readers.cells import FilmCells, positive
from cinefile.sources.readers.cells import title as need_title
from cinefile.sources.readers.data_files import DataFile, Place
from cinefile.sources.readers.rating_files import RatingLayout
from cinefile.sources.readers.text_lines import read_films
from cinefile.titles import split_aliases, split_year

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


def film(line: int, movielens_id: int, title_and_year: str, genres: list[str]) -> FilmCells:
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
    return film(line, positive(parts[0], "MovieID"), "::".join(parts[1:-1]), genre_list(parts[-1]))


def _item_film(line: int, text: str) -> FilmCells:
    parts = text.split("|")
    if len(parts) != 5 + len(_GENRES_100K):
        raise BadRowError(f"{5 + len(_GENRES_100K)} values expected, {len(parts)} found")
    flags = parts[5:]
    if not set(flags) <= {"0", "1"}:
        raise BadRowError("the genre flags are not all 0 or 1")
    genres = [g for g, flag in zip(_GENRES_100K, flags, strict=True) if flag == "1" and g != "unknown"]
    return film(line, positive(parts[0], "movie id"), parts[1], genres)


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


def films(place: Place) -> list[DataPart]:
    """`movies.dat` or `u.item`."""
    found = [DataPart(f, _READ_DAT, _CHECK_DAT) for name, f in place.files.items() if name == "movies.dat"]
    return found + [DataPart(f, _READ_ITEM, _CHECK_ITEM) for name, f in place.files.items() if name == "u.item"]


def ratings(place: Place) -> list[DataPart]:
    """`ratings.dat`, or a piece of it such as `ratings-users-1-2999.dat`, or `u.data`."""
    found = [
        DataPart(f, _DOUBLE_COLON.read, _CHECK_DAT)
        for name, f in place.files.items()
        if name.startswith("ratings") and name.endswith(".dat")
    ]
    return found + [DataPart(f, _TABS.read, _CHECK_TABS) for name, f in place.files.items() if name == "u.data"]
