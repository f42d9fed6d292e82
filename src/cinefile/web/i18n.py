"""English and Spanish: messages from one JSON file per language, numbers and dates as Unicode's CLDR writes them.

A language is a file in `messages/`, its name in LANGUAGES and its regions in _LOCALES; a test fails when a file lacks a
key that another has.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, format_compact_currency, format_percent, parse_pattern

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
# CLDR's regions for numbers and for dates: in English, dollars as Americans write them, and the day before the month.
_LOCALES = {"en": ("en_US", "en_GB"), "es": ("es_ES", "es_ES")}
# CLDR's minimumGroupingDigits, which Babel does not know: Spanish writes 2000 and 12.000.
_GROUPED_FROM = {"es": 10_000}
_FOLDER = Path(__file__).parent / "messages"


@cache
def messages(language: str) -> dict[str, str]:
    """All messages of a language by key."""
    loaded: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _pattern(digits: int | None) -> NumberPattern:
    """Return a pattern with that many decimals; None shows one where the number is not whole."""
    return parse_pattern("#,##0.#" if digits is None else f"#,##0.{'0' * digits}" if digits else "#,##0")


class Translator:
    """Speaks one language.

    Args:
        language: key of LANGUAGES.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._messages = messages(language)
        self._numbers, self._dates = map(Locale.parse, _LOCALES[language])
        self._grouped_from = _GROUPED_FROM.get(language, 0)

    def __call__(self, key: str, **values: object) -> str:
        """The message, with `{name}` replaced; numbers are written the language's way.

        A key with `n` looks for `key.one` first when n is 1.
        """
        if values.get("n") == 1:
            key = f"{key}.one" if f"{key}.one" in self._messages else key
        text = self._messages[key]
        return (
            text.format(**{k: self.number(v) if isinstance(v, int | float) else v for k, v in values.items()})
            if values
            else text
        )

    def name_of(self, kind: str, value: str) -> str:
        """A translated name ("genre", "language", "job", …), or the value itself where there is none."""
        return self._messages.get(f"{kind}.{value.casefold()}", value)

    def number(self, value: float, digits: int | None = None) -> str:
        """Return 12345.6 as 12,345.6 or 12.345,6; whole numbers have no decimals unless `digits` asks for them."""
        grouped = abs(value) >= self._grouped_from
        return str(_pattern(digits).apply(value, self._numbers, group_separator=grouped))

    def money(self, dollars: float) -> str:
        """Return US dollars in three digits at most: $94M, 94 M US$."""
        return format_compact_currency(float(f"{dollars:.3g}"), "USD", locale=self._numbers, fraction_digits=1)

    def percent(self, share: float) -> str:
        """Return a share of 1 in percent."""
        return format_percent(share, locale=self._numbers)

    def runtime(self, minutes: float) -> str:
        """125 minutes as 2 h 5 min."""
        hours, rest = divmod(round(minutes), 60)
        return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)

    def day(self, value: date) -> str:
        """Return a date in words."""
        return format_date(value, "long", locale=self._dates)


@cache
def translator(language: str) -> Translator:
    """The translator of a language."""
    return Translator(language)


def negotiate(query: str | None, cookie: str | None, accept: str | None) -> str:
    """The language to answer in: asked for in the address, else chosen before, else the browser's, else English."""
    for wanted in (query, cookie):
        if wanted in LANGUAGES:
            return wanted
    ranked = []
    for place, part in enumerate((accept or "")[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        if code in LANGUAGES:
            ranked.append((-(float(weight) if weight.replace(".", "", 1).isdigit() else 1.0), place, code))
    return min(ranked)[2] if ranked else DEFAULT
