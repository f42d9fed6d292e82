"""What a person rated, whatever site it comes from: rows of one shape, stars from 0.5 to 5, TV told apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cinefile.errors import InputError, UnknownFormatError
from cinefile.exports.archives import ExportTable, tables_of, tables_of_bytes
from cinefile.titles import split_year

# Kinds that are no films, as IMDb has named them; films for television, shorts and videos are films here.
_TV = {"tvseries", "tvminiseries", "miniseries", "tvepisode", "tvpilot", "podcastseries", "podcastepisode", "videogame"}


@dataclass(frozen=True)
class ExportRow:
    """One film of an export.

    Attributes:
        file: table it stands in.
        line: 1-based line there.
        title: as written, without year.
        year: of release, or None.
        stars: 0.5 to 5; None where the film was seen but not rated.
        imdb_id: ``tt0114709`` where stated.
        movielens_id: where stated.
        tv: a series, an episode or a game: kept, but not matched to films.
        problem: why the row cannot be used, or an empty string.
    """

    file: str
    line: int
    title: str
    year: int | None
    stars: float | None
    imdb_id: str | None = None
    movielens_id: int | None = None
    tv: bool = False
    problem: str = ""


def read_export(path: str | Path, user: int | None = None) -> list[ExportRow]:
    """Rows of an export: a Letterboxd zip (or folder, or one of its files), IMDb, MovieLens or plain CSV.

    Args:
        path: zip, folder or CSV file.
        user: which user of a MovieLens file with several.

    Raises:
        UnknownFormatError: no format that is known.
        TooLargeError: more than an export can be.
        InputError: a MovieLens file of several users, and none named.
    """
    return _rows(str(path), tables_of(Path(path)), user)


def read_export_bytes(name: str, content: bytes, user: int | None = None) -> list[ExportRow]:
    """The same of an upload: its file name and its bytes."""
    return _rows(name, tables_of_bytes(name, content), user)


def read_watchlist_bytes(name: str, content: bytes) -> list[ExportRow]:
    """Return the films of Letterboxd's watchlist in an uploaded zip; rows without a title are left out."""
    if not content.startswith(b"PK\x03\x04"):
        return []
    tables = [table for table in tables_of_bytes(name, content) if table.name.lower() == "watchlist.csv"]
    rows = [_letterboxd(table, line, cells) for table in tables for line, cells in table.rows]
    return [row for row in rows if row.title]


def _rows(where: str, tables: Sequence[ExportTable], user: int | None) -> list[ExportRow]:
    by_name = {table.name.lower(): table for table in tables}
    if any(_is_letterboxd(table) for table in tables):
        # Ratings first; the diary adds what is rated only there, and the list of watched films what was seen.
        order = [by_name[n] for n in ("ratings.csv", "diary.csv", "watched.csv") if n in by_name]
        order = order or [table for table in tables if _is_letterboxd(table)]
        return _once([_letterboxd(t, line, cells) for t in order for line, cells in t.rows])
    for table in tables:
        names = {column.lower() for column in table.header}
        if {"const", "your rating"} <= names or {"const", "you rated"} <= names:
            return [_imdb(table, line, cells) for line, cells in table.rows]
        if {"userid", "movieid", "rating"} <= names:
            return _movielens(table, user)
        read = _plain(table)
        if read is not None:
            return [read(line, cells) for line, cells in table.rows]
    raise UnknownFormatError(
        f"{where} is no export that is known.",
        "Give a Letterboxd zip, IMDb or MovieLens ratings, or a CSV with the columns title, year, stars.",
    )


def _is_letterboxd(table: ExportTable) -> bool:
    return {"Name", "Year", "Letterboxd URI"} <= set(table.header)


def _once(rows: list[ExportRow]) -> list[ExportRow]:
    """One row per title and year: the rated one before one that was only watched, of ratings the latest in a file."""
    kept: dict[tuple[str, int | None], ExportRow] = {}
    for row in rows:
        before = kept.get((row.title, row.year))
        if before is None or before.stars is None or (row.stars is not None and row.file == before.file):
            kept[row.title, row.year] = row
    return list(kept.values())


def _letterboxd(table: ExportTable, line: int, cells: dict[str, str]) -> ExportRow:
    stars, problem = _stars(cells.get("Rating", ""), 5.0)
    return ExportRow(table.name, line, cells.get("Name", ""), _year(cells.get("Year", "")), stars, problem=problem)


def _imdb(table: ExportTable, line: int, cells: dict[str, str]) -> ExportRow:
    low = {name.lower(): cell for name, cell in cells.items()}
    stars, problem = _stars(low.get("your rating") or low.get("you rated") or "", 10.0)
    kind = "".join(c for c in low.get("title type", "").lower() if c.isalpha())
    imdb = low.get("const", "")
    return ExportRow(
        table.name,
        line,
        low.get("title", ""),
        _year(low.get("year", "")),
        stars,
        imdb_id=imdb if imdb.startswith("tt") else None,
        tv=kind in _TV,
        problem=problem,
    )


def _movielens(table: ExportTable, user: int | None) -> list[ExportRow]:
    names = {name.lower(): name for name in table.header}
    users = {cells.get(names["userid"], "") for _, cells in table.rows}
    if user is None and len(users) > 1:
        raise InputError(f"{table.name} has ratings of {len(users):,} users.", "Say whose they are: user=ID.")
    rows = []
    for line, cells in table.rows:
        if user is not None and cells.get(names["userid"]) != str(user):
            continue
        stars, problem = _stars(cells.get(names["rating"], ""), 5.0)
        film = cells.get(names["movieid"], "")
        number = int(film) if film.isdecimal() else None
        rows.append(
            ExportRow(
                table.name,
                line,
                "",
                None,
                stars,
                movielens_id=number,
                problem=problem or ("" if number else "no movieId"),
            )
        )
    return rows


def _plain(table: ExportTable) -> Callable[[int, dict[str, str]], ExportRow] | None:
    """A reader for title, year and stars under common names; None where a column lacks."""
    names = {name.lower(): name for name in table.header}
    title = next((names[n] for n in ("title", "name", "film", "movie") if n in names), None)
    rated = next((names[n] for n in ("stars", "rating", "score", "rating10") if n in names), None)
    if title is None or rated is None:
        return None
    values = [_number(cells.get(rated, "")) for _, cells in table.rows]
    highest = max((v for v in values if v is not None), default=5.0)
    top = 5.0 if highest <= 5 else 10.0 if highest <= 10 else 100.0

    def read(line: int, cells: dict[str, str]) -> ExportRow:
        name, year = split_year(cells.get(title, ""))
        stars, problem = _stars(cells.get(rated, ""), top)
        stated = _year(cells.get(names.get("year", ""), ""))
        imdb = cells.get(names.get("imdb_id", ""), "") or cells.get(names.get("imdbid", ""), "")
        return ExportRow(table.name, line, name, stated or year, stars, imdb_id=imdb or None, problem=problem)

    return read


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _stars(cell: str, top: float) -> tuple[float | None, str]:
    """Stars from 0.5 to 5, rounded to halves, from a scale up to ``top``; and what is wrong with the cell."""
    if not cell:
        return None, ""
    value = _number(cell)
    if value is None or not 0 < value <= top:
        return None, f"a rating of {cell!r} on a scale to {top:g}"
    return min(5.0, max(0.5, round(2 * value * 5.0 / top) / 2)), ""


def _year(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() and 1870 <= int(cell) <= 2100 else None
