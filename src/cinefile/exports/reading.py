"""What a person rated, saw and wants to see, whatever site it comes from: rows of one shape, TV told apart."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from cinefile.errors import InputError, UnknownFormatError
from cinefile.exports import columns as understood
from cinefile.exports.archives import ExportFile, files_of, files_of_bytes
from cinefile.exports.columns import Meaning, column, is_tv
from cinefile.exports.dialects import ExportTable, TableRow, tables_of
from cinefile.titles import split_year

Purpose = Literal["rated", "seen", "watchlist", "list"]

# What --columns maps, and what each is called here.
MAPPED: dict[str, Meaning] = {
    "title": "title",
    "year": "year",
    "stars": "own",
    "date": "date",
    "imdb_id": "imdb",
    "tmdb_id": "tmdb",
    "type": "kind",
    "user": "person",
}
_TO_SEE = re.compile(r"watch\W*list|wish\W*list|want|plan\W*to|to[\W_]*(?:watch|see)|merkliste|later|ver despu", re.I)
_SERIES = re.compile(
    r": (?:(?:season|staffel|saison|temporada|stagione|sezon|seizoen|sæson|säsong|series|part|parte|teil|volume|book|"
    r"chapter|episode|folge|сезон) \d+|limited series|miniserie\w*|collection|season \w+)\b.*: |"
    r": (?:season|staffel|saison|temporada|stagione) \d+",
    re.I,
)
_VOTES = ("numvotes", "votecount", "votes", "voteaverage")
_NOT_SEEN = ("list", "watchlist")
_Value = TypeVar("_Value")


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
        tmdb_id: where stated.
        other_titles: in other languages.
        date: when it was rated or seen, so that later ones sort behind; empty where unknown.
        doubtful_year: a year is written there that could not be understood.
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
    tmdb_id: int | None = None
    other_titles: tuple[str, ...] = ()
    date: str = ""
    doubtful_year: bool = False


@dataclass(frozen=True)
class Export:
    """Everything in an export.

    Attributes:
        rows: films rated or seen, and what is no film or cannot be used.
        watchlist: films on watchlists and lists that were neither rated nor seen.
        not_understood: number of cells by column that hold something, but nothing that could be understood.
        kinds: what the tables were taken to be, in words.
    """

    rows: tuple[ExportRow, ...]
    watchlist: tuple[ExportRow, ...]
    not_understood: Mapping[str, int]
    kinds: tuple[str, ...]

    def __iter__(self) -> Iterator[ExportRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def read_export(path: str | Path, user: int | str | None = None, columns: Mapping[str, str] | None = None) -> Export:
    """Read an export of any site: docs/exports.md has the table of what is read.

    Args:
        path: zip, folder, file, or ``-`` for what is piped in.
        user: which person of a file with several.
        columns: names of columns by what they hold (title, year, stars, …), where they are not known by name.

    Raises:
        UnknownFormatError: no format that is known.
        TooLargeError: more than an export can be.
        InputError: a file of several people, and none named.
    """
    return _read(str(path), files_of(Path(path)), user, columns or {})


def read_export_bytes(
    name: str, content: bytes, user: int | str | None = None, columns: Mapping[str, str] | None = None
) -> Export:
    """Read an export that was uploaded: its file name and its bytes."""
    return _read(name, files_of_bytes(name, content), user, columns or {})


def looks_like_export(path: str | Path) -> bool:
    """Whether a path holds one person's export, by columns that no film data has; it may then not be ingested."""
    try:
        files = files_of(Path(path))
        return any(_Table(table, {}).personal for file in files for table in tables_of(file))
    except InputError:
        return False


@contextmanager
def pointing_to_recommend(paths: Sequence[str]) -> Iterator[None]:
    """Say of paths that are no film data, but a person's export, which command takes them."""
    try:
        yield
    except UnknownFormatError as error:
        own = next((path for path in paths if looks_like_export(path)), None)
        if own is None:
            raise
        raise UnknownFormatError(
            f"{own} is a person's export, no film data.", f"It is read by: cinefile recommend --ratings {own}"
        ) from error


class _Rated(NamedTuple):
    """A column of the person's own ratings with the top of its scale."""

    name: str
    top: float


class _Table:
    """A table with its columns by meaning, and what it is."""

    def __init__(self, table: ExportTable, mapped: Mapping[str, str]) -> None:
        self.table = table
        self.stem = table.name.lower().rsplit(".", 1)[0]
        self.names: dict[Meaning, list[str]] = {}
        chosen = _mapped(table, mapped)
        for name in table.header:
            meaning = chosen.get(name) or (
                None if chosen and column(name).meaning in chosen.values() else column(name).meaning
            )
            if meaning is not None and name not in self.names.get(meaning, ()):
                self.names.setdefault(meaning, []).append(name)
        self.joined = {"".join(c for c in name.casefold() if c.isalnum()) for name in table.header}
        self.letterboxd = "letterboxduri" in self.joined or table.label == "list"
        self.imdb = bool(self.joined & {"const", "tconst"}) or any("imdb" in n and "id" not in n for n in self.joined)

    @cached_property
    def rated(self) -> list[_Rated]:
        """Columns of own ratings: those that say so, else those that only say rating, unless it is everybody's."""
        names = self.names.get("own") or self.names.get("rating") or []
        if "own" not in self.names and self.joined & set(_VOTES) and not self.names.keys() & {"date", "person"}:
            return []
        return [_Rated(name, self._top(name)) for name in names]

    @property
    def known(self) -> bool:
        """Whether films can be found in it at all."""
        return bool(self.names.keys() & {"title", "other title", "imdb", "tmdb"}) or bool(self._movielens)

    @property
    def personal(self) -> bool:
        """Whether it is certainly one person's own, not film data."""
        if self.letterboxd:
            return True
        own = "own" in self.names or self.joined & {"ratedat", "simklid", "watchedat", "listedat"}
        return self.known and bool(own) and not self._movielens

    @cached_property
    def _movielens(self) -> list[str]:
        """Columns of MovieLens ids: item numbers of a file that has neither users nor other ids are its own."""
        if "person" in self.names or self.names.keys() >= {"imdb", "tmdb"}:
            return self.names.get("movielens", [])
        return []

    @cached_property
    def purpose(self) -> Purpose | None:
        """What its films are; None where nothing says it."""
        if _TO_SEE.search(self.stem) or _TO_SEE.search(self.table.label) or "listedat" in self.joined:
            return "watchlist"
        if self.table.label == "list" or "collectedat" in self.joined:
            return "list"
        if self.rated:
            return "rated"
        if self.letterboxd:
            return "seen" if self.stem.startswith(("watched", "diary", "review")) else "list"
        if self.joined & {"watchedat", "lastwatchedat", "plays", "watcheddate", "datewatched"} or self.netflix:
            return "seen"
        return "list" if self.imdb and self.joined & {"position", "created"} else None

    @property
    def netflix(self) -> bool:
        """Whether it is a viewing history of Netflix."""
        return self.joined == {"title", "date"} or {"profilename", "starttime", "title"} <= self.joined

    @property
    def film_data(self) -> bool:
        """Whether it is data about films, for `cinefile ingest`."""
        return not self.rated and ("film data" in self.names or self.joined & set(_VOTES) != set())

    def kind(self, rated: int, listed: int) -> str:
        """What it is, in words, from the number of its rows with stars and of those that are on a list only."""
        if self.purpose == "rated" and not rated:
            what = "is a watchlist or another list, without ratings" if listed else "has no ratings: no row has stars"
            return f"{self.table.name} {what}"
        if self.netflix and not self.rated:
            return f"{self.table.name} is a viewing history, without ratings"
        return {
            "rated": f"{self.table.name} has ratings",
            "seen": f"{self.table.name} says what was seen, without ratings",
            "watchlist": f"{self.table.name} is a watchlist: what is on it does not count as seen",
            "list": f"{self.table.name} is a watchlist or another list: what is on it does not count as seen",
            None: f"{self.table.name} is unknown",
        }[self.purpose]

    def _top(self, name: str) -> float:
        stated = column(name).top
        if stated is not None:
            return stated
        if self.letterboxd or (
            self._movielens and "imdb" not in self.names and not self._imdb_numbers(self._movielens)
        ):
            return 5.0
        rated = [understood.rating_of(cell) for row in self.table.rows if (cell := row.cells.get(name))]
        values = [r.value for r in rated if r is not None and r.top is None and r.value > 0]
        of_ten = self.joined & {"const", "tconst", "ratedat", "simklid", "tmdbid", "traktid", "мояоценка", "pltitle"}
        if of_ten and (self.joined & {"ratedat", "simklid"} or "own" in self.names):
            return 10.0
        if "".join(c for c in name.casefold() if c.isalpha()) in ("yourrating", "yourated", "youratedthis"):
            return 5.0 if any(v % 1 for v in values) and _scale(values) == 5 else 10.0
        return _scale(values)

    def _imdb_numbers(self, names: Sequence[str]) -> bool:
        """Whether a column called movieId holds IMDb's ids, zero-padded, as in MovieTweetings."""
        cells = [cell for row in self.table.rows[:1000] for name in names if (cell := row.cells.get(name))]
        return sum(bool(re.fullmatch(r"0\d{6}", cell)) for cell in cells) * 2 > len(cells)

    def rows(self, user: str | None, missed: Counter[str]) -> Iterator[tuple[ExportRow, Purpose]]:
        """Its rows, each with what it is; cells that are not understood are counted."""
        people = self.names.get("person", [])
        padded = self._imdb_numbers(self._movielens)
        for row in self.table.rows:
            if user is not None and people and understood.person_of(row.cells.get(people[0], "")) != user:
                continue
            yield self._row(row, padded, missed)

    def people(self) -> list[str]:
        """Ids or names of the people in it."""
        names = self.names.get("person", [])[:1]
        found = dict.fromkeys(understood.person_of(row.cells.get(n, "")) for n in names for row in self.table.rows)
        return [person for person in found if person]

    def _row(self, row: TableRow, padded: bool, missed: Counter[str]) -> tuple[ExportRow, Purpose]:
        def first(meaning: Meaning, read: Callable[[str], _Value | None]) -> _Value | None:
            for name in self.names.get(meaning, ()):
                cell = row.cells.get(name, "")
                if understood.blank(cell):
                    continue
                if (value := read(cell)) is not None:
                    return value
                missed[name] += 1
            return None

        titles = [
            split_year(understood.title_of(cell))
            for name in (*self.names.get("title", ()), *self.names.get("other title", ()))
            if not understood.blank(cell := row.cells.get(name, ""))
        ]
        year_cells = [c for n in self.names.get("year", ()) if not understood.blank(c := row.cells.get(n, ""))]
        year = first("year", understood.year_of) or next((y for _, y in titles if y), None)
        year = year or first("release", understood.year_of)
        imdb = first("imdb", understood.imdb_of) or first("address", _imdb_in_address) or None
        numbers = [n for name in self._movielens if (n := understood.whole(row.cells.get(name, ""))) is not None]
        if padded and numbers:
            imdb, numbers = imdb or f"tt{numbers[0]:07d}", []
        tmdb = first("tmdb", _tmdb)
        stars, problem = self._stars(row, missed)
        kinds = [cell for name in self.names.get("kind", ()) if (cell := row.cells.get(name, ""))]
        inner = [row.cells.get(n, "") for n in (*self.names.get("season", ()), *self.names.get("episode", ()))]
        title = titles[0][0] if titles else ""
        tv = any(map(is_tv, kinds)) or any(not understood.blank(cell) and cell != "0" for cell in inner)
        if not tv and self.netflix:
            tv = bool(_SERIES.search(title)) or any("trailer" in c.lower() for c in row.cells.values() if len(c) < 40)
        if not (titles or imdb or tmdb or numbers):
            problem = problem or "neither a title nor an id"
        found = ExportRow(
            self.table.name,
            row.line,
            title,
            year,
            stars,
            imdb_id=imdb,
            movielens_id=numbers[0] if numbers and numbers[0] < 2**31 else None,
            tv=tv,
            problem=row.problem or problem,
            tmdb_id=tmdb,
            other_titles=tuple(name for name, _ in titles[1:] if name != title),
            date=first("date", understood.date_of) or "",
            doubtful_year=year is None and bool(year_cells),
        )
        return found, self._purpose_of(row, found)

    def _stars(self, row: TableRow, missed: Counter[str]) -> tuple[float | None, str]:
        for name, top in self.rated:
            cell = row.cells.get(name, "")
            if understood.not_rated(cell):
                continue
            rating = understood.rating_of(cell)
            own_top = top if rating is None or rating.top is None else rating.top
            if rating is None or not 0 < rating.value <= own_top:
                missed[name] += 1
                return None, f"a rating of {cell[:40]!r} on a scale to {top:g}"
            return understood.stars_of(rating.value, own_top), ""
        return None, ""

    def _purpose_of(self, row: TableRow, found: ExportRow) -> Purpose:
        if found.stars is not None:
            return "rated"
        for name in self.names.get("status", ()):
            cell = row.cells.get(name, "")
            if _TO_SEE.search(cell) or (name.casefold() == "watchlist" and cell.casefold() in ("yes", "true", "1")):
                return "watchlist"
        if self.purpose == "rated":
            # IMDb's ratings are all rated: a row without stars comes from a list.
            return "list" if self.imdb and self.joined & {"const", "position"} else "seen"
        return self.purpose or "list"


def _mapped(table: ExportTable, columns: Mapping[str, str]) -> dict[str, Meaning]:
    """Meanings of columns that the person named.

    Raises:
        InputError: there is no such meaning or no such column.
    """
    chosen: dict[str, Meaning] = {}
    for field, name in columns.items():
        if field not in MAPPED:
            raise InputError(f"{field!r} is nothing that a column can hold.", f"Known are: {', '.join(MAPPED)}.")
        same = [n for n in table.header if n.casefold() == name.strip().casefold()]
        if not same:
            raise InputError(f"{table.name} has no column {name!r}.", f"It has: {', '.join(table.header)[:300]}.")
        chosen[same[0]] = MAPPED[field]
    return chosen


def _read(where: str, files: Sequence[ExportFile], user: int | str | None, columns: Mapping[str, str]) -> Export:
    found: list[_Table] = []
    # The files nearest to the top are the export; what lies deeper is read only where there is none above.
    for _, level in groupby(sorted(files, key=lambda file: file.depth), key=lambda file: file.depth):
        found += [_Table(table, columns) for file in level for table in tables_of(file)]
        if any(table.known and table.purpose for table in found):
            break
    letterboxd = [table for table in found if table.letterboxd and table.purpose]
    used = letterboxd or [table for table in found if table.known and table.purpose]
    if not used:
        raise _unknown(where, found)
    named = [table for table in used if table.people()]
    person = _person(named, user)
    missed: Counter[str] = Counter()
    rows: list[ExportRow] = []
    listed: list[ExportRow] = []
    kinds: list[str] = []
    for table in sorted(used, key=_order):
        starred, before = 0, len(listed)
        for row, purpose in table.rows(person, missed):
            starred += row.stars is not None or bool(row.problem)
            (listed if purpose in _NOT_SEEN and not row.tv and not row.problem else rows).append(row)
        kinds.append(table.kind(starred, len(listed) - before))
    return Export(tuple(_once(rows) if letterboxd else rows), tuple(listed), dict(missed), tuple(kinds))


def _order(table: _Table) -> int:
    """Letterboxd's ratings first: the diary adds what is rated only there, and the watched films what was seen."""
    names = ("ratings", "diary", "reviews", "watched")
    return next((place for place, name in enumerate(names) if table.stem.startswith(name)), len(names))


def _person(named: Sequence[_Table], user: int | str | None) -> str | None:
    """Whose rows are meant, where a table has a column of people."""
    people = list(dict.fromkeys(person for table in named for person in table.people()))
    wanted = None if user is None else understood.person_of(str(user))
    if not named:
        if wanted is not None:
            raise InputError("The export names no people, so --user cannot choose one.", "Leave --user out.")
        return None
    some = ", ".join(people[:8]) + (", …" if len(people) > 8 else "")
    if wanted is None and len(people) > 1:
        raise InputError(
            f"{named[0].table.name} has ratings of {len(people):,} users.",
            f"Say whose they are: --user ID (user=ID in Python). There are {some}.",
        )
    if wanted is not None and wanted not in people:
        raise InputError(f"{named[0].table.name} has no user {wanted}.", f"There are {some}.")
    return wanted


def _unknown(where: str, found: Sequence[_Table]) -> UnknownFormatError:
    data = next((table for table in found if table.film_data), None)
    if data is not None:
        return UnknownFormatError(
            f"{where} is no export: {data.table.name} is data about films, without a person's ratings.",
            "Read it into a catalogue with: cinefile ingest PATH",
        )
    seen = "; ".join(f"{table.table.name} has the columns {', '.join(table.table.header)[:200]}" for table in found[:3])
    return UnknownFormatError(
        f"{where} is no export that is known: no column is known to hold a person's own ratings beside titles or ids."
        + (f" {seen}." if seen else ""),
        "Name them: --columns title=NAME,year=NAME,stars=NAME, or call the columns title, year and stars.",
    )


def _once(rows: Sequence[ExportRow]) -> list[ExportRow]:
    """One row per title and year: the rated one before one that was only watched, of ratings in a file the newest."""
    kept: dict[tuple[str, int | None], ExportRow] = {}
    for row in rows:
        before = kept.get((row.title, row.year))
        newer = before is not None and row.file == before.file and row.date >= before.date
        if before is None or (row.stars is not None and (before.stars is None or newer)):
            kept[row.title, row.year] = row
    return list(kept.values())


def _scale(values: Sequence[float]) -> float:
    """The top of the scale that most values fit: 5, 10 or 100; a few mistyped ones do not decide."""
    count = len(values)
    over_ten = sum(10 < value <= 100 for value in values)
    if over_ten * 3 >= count and (over_ten > 1 or count == 1):
        return 100.0
    over_five = sum(5 < value <= 10 for value in values)
    halves = any(value % 1 == 0.5 for value in values if value <= 5)
    if over_five >= max(2, 0.02 * count) or (over_five == 1 and count < 10 and not halves):
        return 10.0
    return 5.0


def _imdb_in_address(cell: str) -> str | None:
    return understood.imdb_of(cell) if "imdb" in cell else ""  # an address of another site is none that is missed


def _tmdb(cell: str) -> int | None:
    match = re.search(r"(?:movie|film)/(\d{1,9})", cell)
    number = int(match[1]) if match else understood.whole(cell)
    return number if number is None or number < 2**31 else None
