"""How many films came out in a month or on a weekday."""

import numpy as np

from cinefile.catalogue.facts import Facts
from cinefile.catalogue.questions.answers import Releases
from cinefile.catalogue.questions.calendar import MONTHS, WEEKDAYS, month_number, weekday_number
from cinefile.catalogue.questions.checks import checked_range
from cinefile.errors import InputError


def count_releases(
    facts: Facts, month: int | str | None = None, weekday: int | str | None = None, year: int | None = None
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


def _count_days(facts: Facts) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Films per month (row 1 to 12) and weekday (column 1 to 7), by year of release and in all."""
    rows = facts.rows("""
        SELECT year(release_date), month(release_date), isodow(release_date), count(*) FROM films
        WHERE release_date IS NOT NULL GROUP BY ALL
    """)
    by_year: dict[int, np.ndarray] = {}
    for year, month, weekday, films in rows:
        by_year.setdefault(year, np.zeros((13, 8), dtype=np.int64))[month, weekday] = films
    return by_year, sum(by_year.values(), start=np.zeros((13, 8), dtype=np.int64))
