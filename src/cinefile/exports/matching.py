"""Match the rows of an export with films: by id, else by title and year; what is unsure is suggested, not used."""

import csv
import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cinefile.answers import ExportReport, MatchedRow
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.queries.films import films_by_id
from cinefile.errors import InputError
from cinefile.exports.corrections import Corrections, correction_of, read_corrections
from cinefile.exports.reading import ExportRow, read_export, read_export_bytes
from cinefile.limits import SURE
from cinefile.titles import front_article, loose_key, split_aliases, title_key

# No pattern begins with blanks that may repeat: such a search takes the square of a long run of them.
_PARTS = re.compile(r":\s+|(?<=\s)[-–—:]\s+")
_SHORTEST_TYPO = 7  # characters of a key in which two letters may be swapped; for one lost or added, and one changed:
_SHORTEST_LOST, _SHORTEST_CHANGED = 9, 14
# What makes a title alone tell one film from namesakes that the catalogue lacks, as benchmarks/matching.py measures it:
# enough words, or some and many votes.
_TELLING = ((5, 0), (4, 100), (2, 2500), (1, 4000))
# Share of films less known than one whose title of one word is enough, though the year is off by one.
_KNOWN_WORD = 0.85
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
        tmdb_ids: or None.
    """

    film_ids: Sequence[int]
    titles: Sequence[str]
    years: Sequence[int | None]
    imdb_ids: Sequence[str | None] = ()
    movielens_ids: Sequence[int | None] = ()
    aliases: Sequence[Sequence[str]] = ()
    fame: Sequence[float] = ()
    tmdb_ids: Sequence[int | None] = ()
    by_imdb: dict[str, int] = field(init=False, repr=False)
    by_movielens: dict[int, int] = field(init=False, repr=False)
    by_key: dict[str, list[int]] = field(init=False, repr=False)
    by_part: dict[str, list[int]] = field(init=False, repr=False)
    by_tmdb: dict[int, int] = field(init=False, repr=False)
    by_loose_key: dict[str, list[int]] = field(init=False, repr=False)
    keys_of_year: dict[int, tuple[list[str], list[int]]] = field(init=False, repr=False)
    ranked: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.by_imdb = {name: place for place, name in enumerate(self.imdb_ids) if name}
        self.by_movielens = {number: place for place, number in enumerate(self.movielens_ids) if number is not None}
        self.ranked = sorted(self.fame)
        self.by_tmdb = {number: place for place, number in enumerate(self.tmdb_ids) if number is not None}
        self.by_key, self.by_part, self.by_loose_key, self.keys_of_year = {}, {}, {}, {}
        for place, title in enumerate(self.titles):
            names = [title, *split_aliases(title), *(self.aliases[place] if self.aliases else ())]
            keys = {title_key(name) for name in names}
            for key in keys:
                self.by_key.setdefault(key, []).append(place)
            for key in {loose_key(name) for name in names}:
                self.by_loose_key.setdefault(key, []).append(place)
            if (year := self.years[place]) is not None:
                known, places = self.keys_of_year.setdefault(year, ([], []))
                known += keys
                places += [place] * len(keys)
            for key in parts_of(title):
                self.by_part.setdefault(key, []).append(place)

    def named(self, place: int, title: str) -> bool:
        """Whether a film bears a title with the very same articles."""
        names = [self.titles[place], *split_aliases(self.titles[place]), *(self.aliases[place] if self.aliases else ())]
        return _letters(title) in {_letters(name) for name in names}

    def titled(self, title: str) -> list[int]:
        """Places of the films of that title, in any spelling that the key forgives."""
        found = [place for name in split_aliases(title) or [title] for place in self.by_key.get(title_key(name), [])]
        return sorted(set(found))

    def loosely_titled(self, title: str) -> list[int]:
        """Places of the films of that title with its numerals, articles or "Part" written otherwise."""
        names = split_aliases(title) or [title]
        return sorted({place for name in names for place in self.by_loose_key.get(loose_key(name), [])})

    def nearly_titled(self, title: str, year: int) -> list[int]:
        """Places of the films of that year whose title differs in one letter, as a slip of the finger makes it."""
        keys, places = self.keys_of_year.get(year, ((), ()))
        wanted = title_key(title)
        if len(wanted) < _SHORTEST_TYPO:
            return []
        found = process.extract(wanted, keys, scorer=OSA.distance, score_cutoff=1, limit=4)
        return sorted({places[at] for key, _, at in found if _is_slip(wanted, key)})

    def well_known(self, place: int) -> float:
        """The share of films that are no better known than this one; 1 where nothing is known of that."""
        return bisect_right(self.ranked, self.fame[place]) / len(self.ranked) if self.fame else 1.0

    def partly_titled(self, title: str, year: int | None) -> list[int]:
        """Places of the films that share a part of the title, or are a part of it; of that year, or of any if None."""
        places = {place for key in parts_of(title) for place in self.by_part.get(key, [])}
        return sorted(place for place in places if year is None or self.years[place] == year)


Rule = Literal[
    "corrected",
    "id",
    "title and year",
    "title, year off by one",
    "title spelled otherwise, and year",
    "part of the title, and year",
    "title alone",
    "part of the title",
]


def _letters(title: str) -> str:
    """A title's letters and digits, its articles among them."""
    return "".join(c for c in unicodedata.normalize("NFKD", front_article(title).casefold()) if c.isalnum())


def _words(title: str) -> int:
    """Number of words, an article at the front not counted."""
    return len(re.sub(r"^(?:the|a|an) ", "", title.casefold()).split())


def _is_slip(wanted: str, key: str) -> bool:
    """Whether two keys one letter apart are likely to be one title: sequels and plurals are not, nor first letters."""
    if re.findall(r"\d+", wanted) != re.findall(r"\d+", key) or wanted[0] != key[0]:
        return False
    if sorted(wanted) == sorted(key):
        return True
    shorter, longer = sorted((wanted, key), key=len)
    if len(shorter) == len(longer):
        return len(wanted) >= _SHORTEST_CHANGED
    # "II" and "III" differ in a letter, too.
    return len(wanted) >= _SHORTEST_LOST and not longer.startswith(shorter) and "ii" not in longer


How = Literal[
    "corrected",
    "id",
    "title and year",
    "title, year off by one",
    "title spelled otherwise, and year",
    "title alone",
    "suggested",
    "tv",
    "unusable",
    "unmatched",
]
_SURE: dict[str, float] = {
    "corrected": 1.0,
    "id": 1.0,
    "title and year": 0.98,
    "title, year off by one": 0.9,
    "title spelled otherwise, and year": 0.9,
    "part of the title, and year": 0.7,
    "title alone": 0.6,
    "part of the title": 0.4,
}
_COLUMNS = (
    "file",
    "line",
    "title",
    "year",
    "stars",
    "how",
    "confidence",
    "film_id",
    "matched title",
    "matched year",
    "imdb_id",
    "tmdb_id",
    "movielens_id",
    "why",
)


@dataclass(frozen=True)
class ExportMatch:
    """One row and the film it is taken for.

    Attributes:
        row: of the export.
        film_id: or None.
        how: by what, or why not; a film that is only suggested counts neither as rated nor as seen.
        confidence: 0 to 1; a rule's own, halved where several films fit as well.
        title: of the film.
        year: of the film.
        why: by which rule it is suggested, or what is wrong with the row.
    """

    row: ExportRow
    film_id: int | None
    how: How
    confidence: float
    title: str = ""
    year: int | None = None
    why: str = ""

    @property
    def used(self) -> int | None:
        """The film that it counts for."""
        return None if self.how == "suggested" else self.film_id


@dataclass(frozen=True)
class MatchReport:
    """All rows of an export with their films."""

    matches: tuple[ExportMatch, ...]

    @property
    def ratings(self) -> dict[int, float]:
        """Stars by film id; of a film rated twice the surest row stands, of equally sure ones the newest, else last."""
        standing: dict[int, tuple[float, str]] = {}
        found: dict[int, float] = {}
        for m in self.matches:
            if m.used is None or m.row.stars is None:
                continue
            weight = (m.confidence, m.row.date)
            if weight >= standing.get(m.used, weight):
                standing[m.used], found[m.used] = weight, m.row.stars
        return found

    @property
    def seen(self) -> set[int]:
        """Films seen, rated or not: none of them is to be recommended."""
        return {m.used for m in self.matches if m.used is not None}

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
                ids = (m.row.imdb_id, m.row.tmdb_id, m.row.movielens_id)
                writer.writerow([*row, m.film_id, m.title, m.year, *ids, m.why])
        return file


def match(rows: Iterable[ExportRow], index: FilmIndex, corrections: Corrections | None = None) -> MatchReport:
    """Find each row's film.

    An id decides; else title and year; else the title with numerals or a letter written otherwise, and the year; else
    the title with the year off by one, as sites differ on festivals. A film of that title of another year is no match.
    Where the row has no year, the title alone says it if one film bears it and it is long or well known. All else is
    suggested: one of several films of a title, a short title alone, a part of the title ("Star Wars" is "Star Wars:
    Episode IV - A New Hope" elsewhere). A correction stands above all.

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
        correction = correction_of(row, corrections or {})
        film_id = None if correction is None else correction.film_id
        place = None if film_id is None else place_of.get(film_id)
        film = None if place is None else (index.titles[place], index.years[place])
        if correction is None or correction.unchanged(film):
            found.append(_find(row, index))
            continue
        if film_id is not None and place is None:
            raise InputError(f"The correction of {row.file}, line {row.line}, names film {film_id}: there is none.")
        found.append(_match(row, index, place, "corrected"))
    return MatchReport(tuple(found))


def _match(
    row: ExportRow, index: FilmIndex, place: int | None, how: How, confidence: float = 0.0, why: str = ""
) -> ExportMatch:
    if place is None:
        return ExportMatch(row, None, how, confidence or _SURE.get(how, 0.0), why=why)
    film_id, title = int(index.film_ids[place]), index.titles[place]
    return ExportMatch(row, film_id, how, confidence or _SURE[how], title, index.years[place], why)


def _find(row: ExportRow, index: FilmIndex) -> ExportMatch:
    if row.tv or row.problem:
        return _match(row, index, None, "tv" if row.tv else "unusable", why=row.problem)
    if row.imdb_id is not None and row.imdb_id in index.by_imdb:
        return _match(row, index, index.by_imdb[row.imdb_id], "id")
    if row.tmdb_id is not None and row.tmdb_id in index.by_tmdb and row.imdb_id is None:
        return _match(row, index, index.by_tmdb[row.tmdb_id], "id")
    if row.movielens_id is not None and row.movielens_id in index.by_movielens:
        return _match(row, index, index.by_movielens[row.movielens_id], "id")
    suggested: ExportMatch | None = None
    for title in (row.title, *row.other_titles):
        found = _by_title(row, title, index) if title else None
        if found is not None and found.how != "suggested":
            return found
        suggested = suggested or found
    return suggested or _match(row, index, None, "unmatched")


def _by_title(row: ExportRow, title: str, index: FilmIndex) -> ExportMatch | None:
    titled = index.titled(title)
    if row.year is None:
        if titled:
            return _best(row, index, titled, "title alone", sure=_tells(row, title, index, titled))
        loose = index.loosely_titled(title)
        return _best(row, index, loose or index.partly_titled(title, None), "part of the title", sure=False)
    same = [place for place in titled if index.years[place] == row.year]
    near = [place for place in titled if (year := index.years[place]) is not None and abs(year - row.year) == 1]
    undated = [place for place in titled if index.years[place] is None]
    loose = [place for place in index.loosely_titled(title) if index.years[place] == row.year]
    telling = len(near) == 1 and index.named(near[0], title)
    telling = telling and (_words(title) > 1 or index.well_known(near[0]) >= _KNOWN_WORD)
    return (
        _best(row, index, same, "title and year", several=True)
        or _best(row, index, loose, "title spelled otherwise, and year")
        or _best(row, index, index.nearly_titled(title, row.year), "title spelled otherwise, and year")
        or _best(row, index, near, "title, year off by one", sure=telling)
        or _best(row, index, undated, "title alone")
        or _best(row, index, index.partly_titled(title, row.year), "part of the title, and year", sure=False)
    )


def _tells(row: ExportRow, title: str, index: FilmIndex, places: Sequence[int]) -> bool:
    """Whether a title without a year names one film."""
    if row.doubtful_year or len(places) != 1 or not index.named(places[0], title):
        return False
    votes = index.fame[places[0]] if index.fame else 0.0
    return any(_words(title) >= words and votes >= least for words, least in _TELLING)


def _best(
    row: ExportRow, index: FilmIndex, places: Sequence[int], rule: Rule, sure: bool = True, several: bool = False
) -> ExportMatch | None:
    """The best known of some films: taken where it is the only one or several may be, else suggested."""
    # A stated id that belongs to another film rules a title's match out.
    fit = [
        p
        for p in places
        if not (row.imdb_id and index.imdb_ids and index.imdb_ids[p] not in (None, row.imdb_id))
        and not (row.tmdb_id and index.tmdb_ids and index.tmdb_ids[p] not in (None, row.tmdb_id))
    ]
    if not fit:
        return None
    best = max(fit, key=lambda place: (index.fame[place] if index.fame else 0.0, -place))
    confidence = _SURE[rule] / (1 if len(fit) == 1 else 2)
    if sure and (several or len(fit) == 1):
        return _match(row, index, best, rule, confidence)  # type: ignore[arg-type]
    return _match(row, index, best, "suggested", confidence, rule)


_FILMS = """
    WITH ids AS (
        SELECT film_id, min(value) FILTER (kind = 'imdb') AS imdb, min(value) FILTER (kind = 'movielens') AS movielens,
               min(value) FILTER (kind = 'tmdb') AS tmdb
        FROM external_ids WHERE kind IN ('imdb', 'movielens', 'tmdb') GROUP BY film_id
    ),
    names AS (SELECT film_id, list(DISTINCT title ORDER BY title) AS titles FROM aliases GROUP BY film_id)
    SELECT film_id, title, year, imdb, try_cast(movielens AS INTEGER), coalesce(vote_count, 0),
           list_distinct(list_concat([f.original_title], names.titles)), try_cast(tmdb AS INTEGER)
    FROM films f LEFT JOIN ids USING (film_id) LEFT JOIN names USING (film_id) ORDER BY film_id
"""


def film_index(facts: FilmColumns) -> FilmIndex:
    """Films by id and by every title they have; made once per open catalogue."""
    return facts.kept("film index", lambda: _index(facts))


def _index(facts: FilmColumns) -> FilmIndex:
    rows = facts.rows(_FILMS)
    ids, titles, years, imdb, movielens, fame, others, tmdb = zip(*rows, strict=True) if rows else ((),) * 8
    aliases = [[name for name in (names or ()) if name] for names in others]
    return FilmIndex(ids, titles, years, imdb, movielens, aliases, fame, tmdb)


def report_on(
    facts: FilmColumns,
    export: str | os.PathLike[str] | bytes,
    name: str,
    user: int | str | None,
    corrections: str | os.PathLike[str] | None,
    columns: Mapping[str, str] | None = None,
) -> ExportReport:
    """Match every row of an export with the films of a catalogue; arguments as in `Library.match_export`."""
    index = film_index(facts)
    if isinstance(export, bytes):
        rows = read_export_bytes(name, export, user, columns)
    else:
        rows = read_export(Path(export), user, columns)
    known = read_corrections(corrections) if corrections is not None and Path(corrections).is_file() else None
    report = match(rows, index, known)
    if corrections is not None and known is None:
        report.write_corrections(corrections)
    listed = [m.used for m in match(rows.watchlist, index).matches if m.used is not None]
    films = films_by_id(facts, [*(m.film_id for m in report.matches if m.film_id is not None), *listed])
    matched = tuple(
        MatchedRow(m.row.file, m.row.line, m.row.title, m.row.year, m.row.stars, m.how, m.confidence, film, m.why)
        for m in report.matches
        for film in [None if m.film_id is None else films.get(m.film_id)]
    )
    watchlist = tuple(films[i] for i in dict.fromkeys(listed) if i in films and i not in report.seen)
    return ExportReport(
        matched, watchlist, report.ratings, dict(rows.not_understood), len(rows.watchlist), tuple(rows.kinds)
    )


def same_films(facts: FilmColumns, titles: Sequence[tuple[str, int | None]]) -> list[int | None]:
    """Ids of films by title and year, None where no match is sure."""
    rows = [ExportRow("", at, title, year, None) for at, (title, year) in enumerate(titles)]
    found = match(rows, film_index(facts)).matches
    by_line = {m.row.line: m.film_id for m in found if m.confidence >= SURE}
    return [by_line.get(at) for at in range(len(titles))]
