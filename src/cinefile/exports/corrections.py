"""Corrections of matches, kept by what a row of an export holds, so that the next export obeys them as well."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cinefile.errors import InputError
from cinefile.exports import columns as understood
from cinefile.exports.archives import files_of
from cinefile.exports.dialects import tables_of
from cinefile.exports.reading import ExportRow
from cinefile.titles import title_key

NO_FILM = ("tv", "unusable", "unmatched")  # values of `how` that a row without a film is written with


class Correction(NamedTuple):
    """A row of a correction file: what identifies the export's row, and the film that it is, None for no film."""

    file: str
    line: int | None
    stars: float | None
    how: str
    film_id: int | None
    title: str
    year: int | None

    def unchanged(self, film: tuple[str, int | None] | None) -> bool:
        """Whether it only says what cinefile wrote of a row without a film, or suggested, and nobody confirmed.

        Args:
            film: title and year of the film that it names, None where there is no such film.
        """
        if self.how in NO_FILM:
            return self.film_id is None
        if self.how != "suggested" or film is None:
            return False
        return self.year in (None, film[1]) and title_key(self.title) == title_key(film[0])


Corrections = Mapping[tuple[str, ...], Sequence[Correction]]


def _identities(
    title: str, year: int | None, imdb: str | None, tmdb: int | None, movielens: int | None
) -> list[tuple[str, ...]]:
    """What a row is known by in the next export as well, the surest first."""
    ids = [(kind, str(value)) for kind, value in (("imdb", imdb), ("tmdb", tmdb), ("movielens", movielens)) if value]
    return [*ids, *([("title", title_key(title), str(year or ""))] if title else [])]


def read_corrections(path: str | os.PathLike[str]) -> Corrections:
    """Corrections by what identifies a row: its ids, or its title and year, wherever they stand in the next export.

    Args:
        path: a file that ``write_corrections`` wrote, as it was or saved again by a spreadsheet.

    Raises:
        InputError: the file is not there or not of that shape; names the line.
    """
    if not Path(path).is_file():
        raise InputError(f"{path} is not there.", "Start from the file that was written.")
    table = tables_of(files_of(Path(path))[0])[0]
    names = {name.casefold().replace("_", " "): name for name in table.header}
    lacking = [name for name in ("title", "film id") if name not in names]
    if lacking:
        raise InputError(
            f"{path} is no correction file: it has no column {lacking[0]!r}, but {', '.join(table.header)[:200]}.",
            "Start from the file that was written; if Excel changed it, save it as CSV UTF-8 with its header.",
        )
    found: dict[tuple[str, ...], list[Correction]] = {}
    for row in table.rows:
        cell = {key: row.cells.get(name, "") for key, name in names.items()}
        film_id = understood.whole(cell["film id"])
        if film_id is None and not understood.blank(cell["film id"]):
            raise InputError(
                f"{path}, line {row.line}, is no correction: film_id is {cell['film id'][:40]!r}, no whole number.",
                "Excel changed the number: format the column as a number without decimals and save again.",
            )
        correction = Correction(
            cell.get("file", ""),
            understood.whole(cell.get("line", "")),
            understood.number(cell.get("stars", "")),
            cell.get("how", "").casefold() or "corrected",
            film_id,
            cell.get("matched title", ""),
            understood.year_of(cell.get("matched year", "")),
        )
        imdb = cell.get("imdb id", "")
        keys = _identities(
            cell["title"],
            understood.year_of(cell.get("year", "")),
            understood.imdb_of(imdb) if imdb else None,
            understood.whole(cell.get("tmdb id", "")),
            understood.whole(cell.get("movielens id", "")),
        )
        for key in keys:
            found.setdefault(key, []).append(correction)
    return found


def correction_of(row: ExportRow, corrections: Corrections) -> Correction | None:
    """The correction of a row: known by its content; where several are, those of its file, stars and line go first."""
    for key in _identities(row.title, row.year, row.imdb_id, row.tmdb_id, row.movielens_id):
        if key in corrections:
            return max(corrections[key], key=lambda c: (c.file == row.file, c.stars == row.stars, c.line == row.line))
    return None
