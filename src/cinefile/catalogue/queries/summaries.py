"""Counts of films by genre, by decade, and by month or weekday of release."""

import difflib
from typing import Any

import numpy as np

from cinefile.answers import Decades, DecadeSummary, Genres, GenreSummary, Releases
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.errors import InputError
from cinefile.limits import checked_range, checked_text
from cinefile.search.name_index import fold

_GENRES = """
    WITH labels AS (SELECT genre, film_id, bool_and(predicted) AS predicted FROM genres GROUP BY ALL)
    SELECT genre, count(*) FILTER (NOT predicted), count(*) FILTER (predicted),
           avg(weighted_rating) FILTER (NOT predicted), (sum(revenue) FILTER (NOT predicted))::BIGINT,
           median("return") FILTER (NOT predicted), min(year), max(year)
    FROM labels JOIN films USING (film_id) GROUP BY genre ORDER BY 2 DESC, genre
"""
_DECADES = """
    WITH dated AS (SELECT *, year // 10 * 10 AS decade FROM films WHERE year IS NOT NULL),
    labels AS (SELECT DISTINCT film_id, genre FROM genres WHERE NOT predicted),
    counts AS (SELECT decade, genre, count(*) AS films FROM dated JOIN labels USING (film_id) GROUP BY ALL),
    tops AS (SELECT decade, list(genre ORDER BY films DESC, genre)[:3] AS genres FROM counts GROUP BY decade)
    SELECT decade, count(*), avg(weighted_rating), avg(runtime), sum(budget)::BIGINT, sum(revenue)::BIGINT,
           coalesce(any_value(tops.genres), [])
    FROM dated LEFT JOIN tops USING (decade) GROUP BY decade ORDER BY decade
"""


def genre_summaries(facts: FilmColumns) -> Genres:
    """All genres with their number of films, mean score, revenue, median return and years."""
    return facts.kept("genre summaries", lambda: Genres(tuple(GenreSummary(*row) for row in facts.rows(_GENRES))))


def decade_summaries(facts: FilmColumns) -> Decades:
    """All decades with their number of films, means, totals and most frequent genres."""
    return facts.kept(
        "decade summaries",
        lambda: Decades(tuple(_decade(*row) for row in facts.rows(_DECADES))),
    )


def _decade(*row: Any) -> DecadeSummary:
    *figures, top_genres = row
    return DecadeSummary(*(*figures, tuple(top_genres)))


def _each(*lines: str) -> tuple[list[str], ...]:
    return tuple(line.split() for line in lines)


MONTHS = _each(
    "January February March April May June July August September October November December",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
WEEKDAYS = _each(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "lunes martes miércoles jueves viernes sábado domingo",
)
_ALSO = {"setiembre": 9}
# Shorter beginnings are ambiguous: "mar" is March and marzo, but "ma" might be May.
_SHORTEST = 3


def month_number(month: int | str) -> int:
    """1 to 12 for a month: 1, "01", "January", "jan", "enero", "SETIEMBRE".

    Raises:
        InputError: no such month; the message has the nearest name.
    """
    return _number(month, "month", MONTHS, _ALSO)


def weekday_number(weekday: int | str) -> int:
    """1 (Monday) to 7 (Sunday), as in ISO 8601, for a weekday: 1, "Monday", "lunes", "Miercoles".

    Raises:
        InputError: no such weekday; the message has the nearest name.
    """
    return _number(weekday, "weekday", WEEKDAYS, {})


def _number(given: int | str, what: str, languages: tuple[list[str], ...], also: dict[str, int]) -> int:
    count = len(languages[0])
    text = str(given) if isinstance(given, int) else checked_text(given, what, longest=40)
    # Not str.isdigit: it takes superscripts, which int() does not.
    if text.lstrip("+-").isdecimal():
        number = int(text)
        if 1 <= number <= count:
            return number
        raise InputError(f"{what} {number} does not exist.", f"Give 1 to {count}, or a name in English or Spanish.")
    names = {fold(name): i + 1 for language in languages for i, name in enumerate(language)} | also
    folded = fold(text)
    if folded in names:
        return names[folded]
    begun = {number for name, number in names.items() if len(folded) >= _SHORTEST and name.startswith(folded)}
    if len(begun) == 1:
        return begun.pop()
    near = difflib.get_close_matches(folded, names, n=2)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Give 1 to {count}, or a name in English or Spanish."
    raise InputError(f"{text!r} is no {what}.", hint)


def count_releases(
    facts: FilmColumns, month: int | str | None = None, weekday: int | str | None = None, year: int | None = None
) -> Releases:
    """Films whose release date falls in a month, on a weekday, or both; in all years or in one.

    Args:
        facts: the catalogue.
        month: number or name, English or Spanish.
        weekday: number (1 is Monday) or name, English or Spanish.
        year: of the release date.

    Raises:
        InputError: neither month nor weekday is given, or one does not exist.
    """
    if month is None and weekday is None:
        raise InputError("Releases of when?", "Give a month or a weekday, for example month=enero or weekday=Monday.")
    in_month = None if month is None else month_number(month)
    on_day = None if weekday is None else weekday_number(weekday)
    if year is not None:
        checked_range(year, "year", 1800, 2200)
    by_year, by_day = facts.kept("release days", lambda: _count_days(facts))
    days = by_day if year is None else by_year.get(year, np.zeros((13, 8), dtype=np.int64))
    films = days[in_month or slice(None), on_day or slice(None)].sum()
    return Releases(
        month=in_month,
        month_name=MONTHS[0][in_month - 1] if in_month else None,
        weekday=on_day,
        weekday_name=WEEKDAYS[0][on_day - 1] if on_day else None,
        year=year,
        films=int(films),
        dated=int(days.sum()),
    )


def _count_days(facts: FilmColumns) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Films per month (row 1 to 12) and weekday (column 1 to 7), by year of release and in all."""
    rows = facts.rows("""
        SELECT year(release_date), month(release_date), isodow(release_date), count(*) FROM films
        WHERE release_date IS NOT NULL GROUP BY ALL
    """)
    by_year: dict[int, np.ndarray] = {}
    for year, month, weekday, films in rows:
        by_year.setdefault(year, np.zeros((13, 8), dtype=np.int64))[month, weekday] = films
    return by_year, sum(by_year.values(), start=np.zeros((13, 8), dtype=np.int64))
