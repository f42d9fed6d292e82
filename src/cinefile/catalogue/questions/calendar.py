"""Months and weekdays as people write them: a number, or a name in English or Spanish, with or without accents."""

import difflib

from cinefile.catalogue.questions.checks import checked_text
from cinefile.catalogue.search.folding import fold
from cinefile.errors import InputError


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
