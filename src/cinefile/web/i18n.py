"""English and Spanish: messages from one JSON file per language, numbers and dates as each language writes them.

A language is a file in `messages/` and its name in LANGUAGES; a test fails when a file lacks a key that another has.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
_FOLDER = Path(__file__).parent / "messages"


@cache
def messages(language: str) -> dict[str, str]:
    """All messages of a language by key."""
    loaded: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


class Translator:
    """Speaks one language.

    Args:
        language: key of LANGUAGES.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._messages = messages(language)

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
        """1234.5 as 1,234.5 or 1.234,5; whole numbers have no decimals unless `digits` asks for them."""
        places = digits if digits is not None else (0 if float(value).is_integer() else 1)
        text = f"{value:,.{places}f}"
        if self.language == "es":
            text = text.translate(str.maketrans(",.", ".,"))
        return text

    def money(self, dollars: float) -> str:
        """US dollars, short: $94.0M."""
        sign, size = ("−" if dollars < 0 else ""), abs(dollars)
        for limit, suffix in (
            (1e9, self("money.billion")),
            (1e6, self("money.million")),
            (1e3, self("money.thousand")),
        ):
            if size >= limit:
                return f"{sign}${self.number(size / limit, 1 if size / limit < 100 else 0)}{suffix}"
        return f"{sign}${self.number(size, 0)}"

    def percent(self, share: float) -> str:
        """A share of 1 in percent."""
        return f"{self.number(100 * share, 0)} %" if self.language == "es" else f"{self.number(100 * share, 0)}%"

    def runtime(self, minutes: float) -> str:
        """125 minutes as 2 h 5 min."""
        hours, rest = divmod(round(minutes), 60)
        return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)

    def day(self, value: date) -> str:
        """A date in words."""
        return self("date.long", day=str(value.day), month=self(f"month.{value.month}"), year=str(value.year))


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
