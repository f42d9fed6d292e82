"""Cells to typed values. An unreadable cell of a usable row is NULL; an unreadable key makes the row a reject."""

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from cinefile.sources.base import BadRowError

_INT64 = 1 << 63
_IMDB = re.compile(r"tt\d{7,10}")


class Film(NamedTuple):
    """A film, in the order of rows.FILM."""

    line: int
    key: str
    title: str
    aliases: list[str] | None = None
    original_title: str | None = None
    year: int | None = None
    release_date: date | None = None
    runtime: float | None = None
    language: str | None = None
    status: str | None = None
    tagline: str | None = None
    adult: bool | None = None
    budget: int | None = None
    revenue: int | None = None
    popularity: float | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    movielens_id: int | None = None
    wikipedia_id: str | None = None
    collection: dict[str, Any] | None = None
    genres: list[str] | None = None
    keywords: list[str] | None = None
    companies: list[dict[str, Any]] | None = None
    countries: list[dict[str, Any]] | None = None
    cast_names: list[str] | None = None
    plot: str | None = None


def text(value: object) -> str | None:
    """Text without surrounding blanks; NULL when nothing is left."""
    return (value if isinstance(value, str) else str(value)).strip() or None if value is not None else None


def integer(value: object) -> int | None:
    """A whole number, also as "81.0"; NULL when it is none or too large for 64 bits."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        exact = real(value)
        if exact is None or not exact.is_integer():
            return None
        number = int(exact)
    return number if -_INT64 <= number < _INT64 else None


def real(value: object) -> float | None:
    """A finite number, or NULL."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def year(value: object) -> int | None:
    """A year that fits the column; whether it makes sense is for the build to say."""
    number = integer(value)
    return number if number is not None and -32_768 <= number < 32_768 else None


def day(value: object) -> date | None:
    """A date such as 1995-10-30, or NULL."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def imdb(value: object) -> str | None:
    """An IMDb title id: "tt0114709", also given as "0114709" or 114709."""
    if value in ("", "0", 0, None):
        return None
    raw = str(value).strip()
    raw = raw if raw.startswith("tt") else f"tt{raw.zfill(7)}"
    return raw if _IMDB.fullmatch(raw) else None


def positive(value: object, name: str) -> int:
    """An id.

    Raises:
        BadRowError: it is no positive whole number.
    """
    number = integer(value)
    if number is None or number <= 0:
        shown = repr(value if not isinstance(value, str) or len(value) <= 40 else value[:40] + "…")
        raise BadRowError(f"{name} {shown} is no positive whole number; the columns may be shifted")
    return number


def title(value: object) -> str:
    """A title.

    Raises:
        BadRowError: there is none.
    """
    found = text(value)
    if found is None:
        raise BadRowError("no title")
    return found


def names(values: Iterable[Any]) -> list[str]:
    """The names in a list of {"name": …}, in their order, each once."""
    return list(dict.fromkeys(n for v in values if (n := text(v.get("name")))))
