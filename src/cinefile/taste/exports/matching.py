"""An export's rows to films: by id, else by title and year, with a report of how surely, and a file to correct it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cinefile.errors import InputError
from cinefile.taste.exports.index import FilmIndex
from cinefile.taste.exports.reading import ExportRow

How = Literal[
    "corrected",
    "id",
    "title and year",
    "title, year off by one",
    "part of the title, and year",
    "title alone",
    "part of the title",
    "tv",
    "unusable",
    "unmatched",
]
_SURE: dict[How, float] = {
    "corrected": 1.0,
    "id": 1.0,
    "title and year": 0.98,
    "title, year off by one": 0.9,
    "part of the title, and year": 0.7,
    "title alone": 0.6,
    "part of the title": 0.4,
    "tv": 0.0,
    "unusable": 0.0,
    "unmatched": 0.0,
}
_COLUMNS = ("file", "line", "title", "year", "stars", "how", "confidence", "film_id", "matched title", "matched year")


@dataclass(frozen=True)
class Match:
    """One row and the film it is taken for.

    Attributes:
        row: of the export.
        film_id: or None.
        how: by what, or why not.
        confidence: 0 to 1; a rule's own, halved where several films fit as well.
        title: of the film.
        year: of the film.
    """

    row: ExportRow
    film_id: int | None
    how: How
    confidence: float
    title: str = ""
    year: int | None = None


@dataclass(frozen=True)
class MatchReport:
    """All rows of an export with their films."""

    matches: tuple[Match, ...]

    @property
    def ratings(self) -> dict[int, float]:
        """Stars by film id; of a film rated twice, the later row stands."""
        return {m.film_id: m.row.stars for m in self.matches if m.film_id is not None and m.row.stars is not None}

    @property
    def seen(self) -> set[int]:
        """Films seen, rated or not: none of them is to be recommended."""
        return {m.film_id for m in self.matches if m.film_id is not None}

    @property
    def unmatched(self) -> tuple[Match, ...]:
        """Rows for which no film was found, TV left out."""
        return tuple(m for m in self.matches if m.how == "unmatched")

    def counts(self) -> dict[str, int]:
        """Number of rows by how they were matched."""
        found: dict[str, int] = {}
        for m in self.matches:
            found[m.how] = found.get(m.how, 0) + 1
        return found

    def write_corrections(self, path: str | Path) -> Path:
        """Write every row with its film as CSV: change ``film_id`` (or empty it) and give the file back to correct."""
        file = Path(path)
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(_COLUMNS)
            for m in sorted(self.matches, key=lambda m: m.confidence):
                row = (m.row.file, m.row.line, m.row.title, m.row.year, m.row.stars, m.how, m.confidence)
                writer.writerow([*row, m.film_id, m.title, m.year])
        return file


Corrections = Mapping[tuple[str, int], int | None]


def read_corrections(path: str | Path) -> Corrections:
    """Film ids (or None for "no film") by table and line, from a file that ``write_corrections`` wrote.

    Raises:
        InputError: the file is not there or not of that shape; names the line.
    """
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return {(row["file"], int(row["line"])): int(row["film_id"]) if row["film_id"] else None for row in reader}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is no correction file: {error}.", "Start from the file that was written.") from error


def match(rows: Iterable[ExportRow], index: FilmIndex, corrections: Corrections | None = None) -> MatchReport:
    """Find each row's film.

    An id decides; else title and year; else the title with the year off by one, as sites differ on festivals; else a
    part of the title with the year ("Star Wars" is "Star Wars: Episode IV - A New Hope" elsewhere). Where the row or
    the film has no year, the title alone, and for such a row a part of it. Of several films that fit, the best known is
    taken, with half the confidence. A correction stands above all.

    Args:
        rows: of ``read_export``.
        index: films.
        corrections: of ``read_corrections``.

    Raises:
        InputError: a correction names a film that the index does not have.
    """
    place_of = {film_id: place for place, film_id in enumerate(index.film_ids)}
    found = []
    for row in rows:
        key = (row.file, row.line)
        if corrections is not None and key in corrections:
            film_id = corrections[key]
            if film_id is not None and film_id not in place_of:
                raise InputError(f"The correction of {row.file}, line {row.line}, names film {film_id}: there is none.")
            found.append(_match(row, index, None if film_id is None else place_of[film_id], "corrected"))
        else:
            found.append(_find(row, index))
    return MatchReport(tuple(found))


def _match(row: ExportRow, index: FilmIndex, place: int | None, how: How, choices: int = 1) -> Match:
    if place is None:
        return Match(row, None, how, _SURE[how])
    confidence = _SURE[how] if choices == 1 else _SURE[how] / 2
    return Match(row, int(index.film_ids[place]), how, confidence, index.titles[place], index.years[place])


def _find(row: ExportRow, index: FilmIndex) -> Match:
    if row.tv:
        return _match(row, index, None, "tv")
    if row.problem:
        return _match(row, index, None, "unusable")
    if row.imdb_id is not None and row.imdb_id in index.by_imdb:
        return _match(row, index, index.by_imdb[row.imdb_id], "id")
    if row.movielens_id is not None:
        place = index.by_movielens.get(row.movielens_id)
        return _match(row, index, place, "unmatched" if place is None else "id")
    titled = index.titled(row.title) if row.title else []
    if row.year is None:
        if titled:
            return _best(row, index, titled, "title alone")
        return _best(row, index, index.partly_titled(row.title, None) if row.title else [], "part of the title")
    same = [place for place in titled if index.years[place] == row.year]
    if same:
        return _best(row, index, same, "title and year")
    near = [place for place in titled if (year := index.years[place]) is not None and abs(year - row.year) == 1]
    if near:
        return _best(row, index, near, "title, year off by one")
    undated = [place for place in titled if index.years[place] is None]
    if undated:
        return _best(row, index, undated, "title alone")
    return _best(row, index, index.partly_titled(row.title, row.year), "part of the title, and year")


def _best(row: ExportRow, index: FilmIndex, places: Sequence[int], how: How) -> Match:
    # A stated id that belongs to another film rules a title's match out.
    fit = [p for p in places if not (row.imdb_id and index.imdb_ids and index.imdb_ids[p] not in (None, row.imdb_id))]
    if not fit:
        return _match(row, index, None, "unmatched")
    best = max(fit, key=lambda place: (index.fame[place] if index.fame else 0.0, -place))
    return _match(row, index, best, how, len(fit))
