"""A match report on somebody's export: which of its rows are which films here, and how sure that is."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from cinefile.catalogue.questions.answers import Film
from cinefile.errors import ModelError
from cinefile.library import Library


@dataclass(frozen=True)
class Row:
    """One rating of the export; `film` is None where nothing matched, `rule` says why it was taken to be that film."""

    title: str
    year: int | None
    stars: float
    film: Film | None
    rule: str


@dataclass(frozen=True)
class Report:
    """Rows by how sure their match is, rows that are no ratings of films, and the watchlist's film ids."""

    sure: list[Row] = field(default_factory=list)
    unsure: list[Row] = field(default_factory=list)
    unmatched: list[Row] = field(default_factory=list)
    skipped: int = 0
    watchlist: list[int] = field(default_factory=list)


def read(library: Library, path: Path) -> Report:
    """Read an export and match its films.

    Raises:
        InputError: it is none, or holds no ratings.
        ModelError: this installation cannot read exports.
    """
    raise ModelError("not yet")
