"""A match report on somebody's export: which of its rows are which films here, and how sure that is.

The reader (`cinefile.exports`) works on the bytes received, within limits on size, entries and ratio: nothing of
an upload touches the disk, and no name that a client sends is used as a path.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cinefile.answers import Film
from cinefile.catalogue.queries.films import films_by_id
from cinefile.errors import InputError, TooLargeError
from cinefile.exports import ExportMatch, ExportRow, match, read_export_bytes, read_watchlist_bytes
from cinefile.exports.matching import film_index
from cinefile.library import Library
from cinefile.web.i18n import Translator

UPLOAD_LIMIT = 4_000_000  # bytes as sent; the setting body_limit cuts requests before
_SURE = 0.9
_SHOWN_NAME = 60


@dataclass(frozen=True)
class Row:
    """One rating of the export; `film` is None where nothing matched, `rule` says why it was taken to be that film."""

    title: str
    year: int | None
    stars: float
    film: Film | None
    rule: str


@dataclass(frozen=True)
class ImportReport:
    """Rows by how sure their match is, how many rows were no films, and film ids: of the watchlist, and of films that
    were seen but not rated."""

    sure: list[Row]
    unsure: list[Row]
    unmatched: list[Row]
    skipped: int
    watchlist: list[int]
    seen: list[int]

    @property
    def ratings(self) -> dict[int, float]:
        """Stars by film id of all that matched."""
        return {row.film.film_id: row.stars for row in (*self.unsure, *self.sure) if row.film}


def read(library: Library, name: str, content: bytes, t: Translator) -> ImportReport:
    """Read an uploaded export and match its films.

    Args:
        library: whose films.
        name: the client's file name, for messages only.
        content: the bytes received.
        t: for the rules.

    Raises:
        InputError: it is no export, or over a limit.
    """
    if len(content) > UPLOAD_LIMIT:
        raise TooLargeError(
            f"The file is larger than {UPLOAD_LIMIT // 1_000_000} MB.", "An export has a few hundred kB."
        )
    if not content.strip():
        raise InputError("The file is empty.", "Choose a Letterboxd zip or an IMDb ratings file.")
    called = "".join(c for c in name if c.isprintable())[:_SHOWN_NAME] or "the file"
    index = film_index(library.facts)
    found = match(read_export_bytes(called, content), index).matches
    wanted = [m.film_id for m in match(read_watchlist_bytes(called, content), index).matches if m.film_id is not None]
    seen = [m.film_id for m in found if m.film_id is not None and m.row.stars is None]
    films = films_by_id(library.facts, [m.film_id for m in found if m.film_id is not None])
    rated = [m for m in found if m.row.stars is not None]
    rows = [(m, _row(m, films, t)) for m in rated]
    return ImportReport(
        sure=[row for m, row in rows if row.film and m.confidence >= _SURE],
        unsure=[row for m, row in rows if row.film and m.confidence < _SURE],
        unmatched=[row for m, row in rows if m.how == "unmatched"],
        skipped=len(found) - len(seen) - sum(1 for m, row in rows if row.film or m.how == "unmatched"),
        watchlist=wanted,
        seen=seen,
    )


def same_films(library: Library, named: Sequence[tuple[str, int | None]]) -> list[int | None]:
    """Ids of films by title and year, None where no match is sure."""
    rows = [ExportRow("", at, title, year, None) for at, (title, year) in enumerate(named)]
    found = match(rows, film_index(library.facts)).matches
    by_line = {m.row.line: m.film_id for m in found if m.confidence >= _SURE}
    return [by_line.get(at) for at in range(len(named))]


def _row(m: ExportMatch, films: dict[int, Film], t: Translator) -> Row:
    film = None if m.film_id is None else films.get(m.film_id)
    return Row(m.row.title, m.row.year, m.row.stars or 0.0, film, t(f"rule.{m.how}") if film else "")
