"""Match the rows of an export with films: by id, else by title and year, with a report of how surely."""

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cinefile.answers import ExportReport, MatchedRow
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.films import films_by_id
from cinefile.errors import InputError
from cinefile.exports.reading import ExportRow, read_export, read_export_bytes, read_watchlist
from cinefile.limits import SURE
from cinefile.titles import split_aliases, title_key

_PARTS = re.compile(r":\s+|\s+[-–—:]\s+")
_SHORTEST_PART = 5  # characters of a part's key; shorter ones ("Part 2", "Up") meet too many films


def parts_of(title: str) -> set[str]:
    """Keys of the parts of "Star Wars: Episode V - The Empire Strikes Back", the whole among them."""
    keys = {title_key(part) for part in _PARTS.split(title)}
    return {key for key in keys if len(key) >= _SHORTEST_PART} | {title_key(title)}


@dataclass
class FilmIndex:
    """Films under their ids and their titles' keys (``cinefile.titles.title_key``).

    Args:
        film_ids: one per film.
        titles: without year.
        years: or None where unknown.
        imdb_ids: ``tt0114709``, or None.
        movielens_ids: or None.
        aliases: other titles of each film.
        fame: how well known each is (votes, ratings): of two films that fit equally, the better known is meant.
    """

    film_ids: Sequence[int]
    titles: Sequence[str]
    years: Sequence[int | None]
    imdb_ids: Sequence[str | None] = ()
    movielens_ids: Sequence[int | None] = ()
    aliases: Sequence[Sequence[str]] = ()
    fame: Sequence[float] = ()
    by_imdb: dict[str, int] = field(init=False, repr=False)
    by_movielens: dict[int, int] = field(init=False, repr=False)
    by_key: dict[str, list[int]] = field(init=False, repr=False)
    by_part: dict[str, list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.by_imdb = {name: place for place, name in enumerate(self.imdb_ids) if name}
        self.by_movielens = {number: place for place, number in enumerate(self.movielens_ids) if number is not None}
        self.by_key, self.by_part = {}, {}
        for place, title in enumerate(self.titles):
            names = [title, *split_aliases(title), *(self.aliases[place] if self.aliases else ())]
            for key in {title_key(name) for name in names}:
                self.by_key.setdefault(key, []).append(place)
            for key in parts_of(title):
                self.by_part.setdefault(key, []).append(place)

    def titled(self, title: str) -> list[int]:
        """Places of the films of that title, in any spelling that the key forgives."""
        found = [place for name in split_aliases(title) or [title] for place in self.by_key.get(title_key(name), [])]
        return sorted(set(found))

    def partly_titled(self, title: str, year: int | None) -> list[int]:
        """Places of the films that share a part of the title, or are a part of it; of that year, or of any if None."""
        places = {place for key in parts_of(title) for place in self.by_part.get(key, [])}
        return sorted(place for place in places if year is None or self.years[place] == year)


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
class ExportMatch:
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

    matches: tuple[ExportMatch, ...]

    @property
    def ratings(self) -> dict[int, float]:
        """Stars by film id; of a film rated twice, the later row stands."""
        return {m.film_id: m.row.stars for m in self.matches if m.film_id is not None and m.row.stars is not None}

    @property
    def seen(self) -> set[int]:
        """Films seen, rated or not: none of them is to be recommended."""
        return {m.film_id for m in self.matches if m.film_id is not None}

    @property
    def unmatched(self) -> tuple[ExportMatch, ...]:
        """Rows for which no film was found, TV left out."""
        return tuple(m for m in self.matches if m.how == "unmatched")

    def counts(self) -> dict[str, int]:
        """Number of rows by how they were matched."""
        found: dict[str, int] = {}
        for m in self.matches:
            found[m.how] = found.get(m.how, 0) + 1
        return found

    def write_corrections(self, path: str | os.PathLike[str]) -> Path:
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


def read_corrections(path: str | os.PathLike[str]) -> Corrections:
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


def _match(row: ExportRow, index: FilmIndex, place: int | None, how: How, choices: int = 1) -> ExportMatch:
    if place is None:
        return ExportMatch(row, None, how, _SURE[how])
    confidence = _SURE[how] if choices == 1 else _SURE[how] / 2
    return ExportMatch(row, int(index.film_ids[place]), how, confidence, index.titles[place], index.years[place])


def _find(row: ExportRow, index: FilmIndex) -> ExportMatch:
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


def _best(row: ExportRow, index: FilmIndex, places: Sequence[int], how: How) -> ExportMatch:
    # A stated id that belongs to another film rules a title's match out.
    fit = [p for p in places if not (row.imdb_id and index.imdb_ids and index.imdb_ids[p] not in (None, row.imdb_id))]
    if not fit:
        return _match(row, index, None, "unmatched")
    best = max(fit, key=lambda place: (index.fame[place] if index.fame else 0.0, -place))
    return _match(row, index, best, how, len(fit))


_FILMS = """
    WITH ids AS (
        SELECT film_id, min(value) FILTER (kind = 'imdb') AS imdb, min(value) FILTER (kind = 'movielens') AS movielens
        FROM external_ids WHERE kind IN ('imdb', 'movielens') GROUP BY film_id
    ),
    names AS (SELECT film_id, list(DISTINCT title ORDER BY title) AS titles FROM aliases GROUP BY film_id)
    SELECT film_id, title, year, imdb, try_cast(movielens AS INTEGER), coalesce(vote_count, 0),
           list_distinct(list_concat([f.original_title], names.titles))
    FROM films f LEFT JOIN ids USING (film_id) LEFT JOIN names USING (film_id) ORDER BY film_id
"""


def film_index(facts: FilmColumns) -> FilmIndex:
    """Films by id and by every title they have; made once per open catalogue."""
    return facts.kept("film index", lambda: _index(facts))


def _index(facts: FilmColumns) -> FilmIndex:
    rows = facts.rows(_FILMS)
    ids, titles, years, imdb, movielens, fame, others = zip(*rows, strict=True) if rows else ((),) * 7
    aliases = [[name for name in (names or ()) if name] for names in others]
    return FilmIndex(ids, titles, years, imdb, movielens, aliases, fame)


def report_on(
    facts: FilmColumns,
    export: str | os.PathLike[str] | bytes,
    name: str,
    user: int | None,
    corrections: str | os.PathLike[str] | None,
) -> ExportReport:
    """Match every row of an export with the films of a catalogue; arguments as in `Library.match_export`."""
    index = film_index(facts)
    rows = read_export_bytes(name, export, user) if isinstance(export, bytes) else read_export(Path(export), user)
    wanted = (
        read_watchlist(name, export) if isinstance(export, bytes) else read_watchlist(Path(export).name, Path(export))
    )
    known = read_corrections(corrections) if corrections is not None and Path(corrections).is_file() else None
    report = match(rows, index, known)
    if corrections is not None and known is None:
        report.write_corrections(corrections)
    listed = [m.film_id for m in match(wanted, index).matches if m.film_id is not None]
    films = films_by_id(facts, [*(m.film_id for m in report.matches if m.film_id is not None), *listed])
    matched = [
        MatchedRow(m.row.file, m.row.line, m.row.title, m.row.year, m.row.stars, m.how, m.confidence, film)
        for m in report.matches
        for film in [None if m.film_id is None else films.get(m.film_id)]
    ]
    return ExportReport(tuple(matched), tuple(films[i] for i in dict.fromkeys(listed) if i in films))


def same_films(facts: FilmColumns, titles: Sequence[tuple[str, int | None]]) -> list[int | None]:
    """Ids of films by title and year, None where no match is sure."""
    rows = [ExportRow("", at, title, year, None) for at, (title, year) in enumerate(titles)]
    found = match(rows, film_index(facts)).matches
    by_line = {m.row.line: m.film_id for m in found if m.confidence >= SURE}
    return [by_line.get(at) for at in range(len(titles))]
