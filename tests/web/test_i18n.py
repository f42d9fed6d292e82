"""Both languages say everything, with the same blanks to fill."""
# ruff: noqa: E501 — tables of cases read better in whole lines

import re
import string
from datetime import date
from pathlib import Path

import pytest

from cinefile.catalogue.genre_names import VOCABULARY
from cinefile.web import i18n
from cinefile.web.i18n import LANGUAGES, messages, negotiate, translator
from cinefile.web.pages.browse import SORTS

WEB = Path(i18n.__file__).parent
# Keys that are put together: checked as a family.
FAMILIES = r"^(nav|tile|figure|fact|filter|sort|genre|language|job|role|rule|person\.as|count|inside|error|column|foryou|report\.n|report\.rows|tag\.example|tag\.note)\."


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("other", [code for code in LANGUAGES if code != "en"])
def test_languages_have_the_same_keys_and_blanks(other):
    english, translated = messages("en"), messages(other)
    assert english.keys() == translated.keys()
    for key, text in english.items():
        assert fields(text) == fields(translated[key]), key
        assert translated[key].strip(), key


def test_every_key_that_templates_and_pages_use_exists_and_none_is_idle():
    sources = [p.read_text(encoding="utf-8") for p in (*WEB.rglob("*.html"), *WEB.rglob("*.py"))]
    used = {key for text in sources for key in re.findall(r"\bt\(\s*'([\w.\-]+)'\s*[,)]", text)}
    used |= {key for text in sources for key in re.findall(r'\bt\(\s*"([\w.\-]+)"\s*[,)]', text)}
    known = messages("en").keys()
    assert used - known == set()
    quoted = {key for text in sources for key in re.findall(r"['\"]([a-z][\w.\-]+)['\"]", text)}
    idle = {k for k in known - used - quoted if not re.match(FAMILIES, k) and not k.endswith((".one", ".text"))}
    assert idle == set()


def test_families_are_whole():
    known = messages("en")
    assert {f"sort.{key}" for key in SORTS} <= known.keys()
    assert {f"genre.{name.casefold()}" for name in VOCABULARY} <= known.keys()


def test_numbers_dates_and_money_as_each_language_writes_them():
    en, es = translator("en"), translator("es")
    assert (en.number(1234.5), es.number(1234.5)) == ("1,234.5", "1234,5")
    assert (en.number(12345.67, 2), es.number(12345.67, 2)) == ("12,345.67", "12.345,67")
    assert (en.number(7), en.number(7.0), en.number(8.0, 1), es.number(8.04, 1)) == ("7", "7", "8.0", "8,0")
    assert (en.number(9742), es.number(9742), es.number(102_904)) == ("9,742", "9742", "102.904")
    assert (en.money(94_000_000), es.money(94_000_000)) == ("$94M", "94\xa0M\xa0US$")
    assert (en.money(-2_540_000_000), es.money(-2_540_000_000)) == ("-$2.5B", "-2540\xa0M\xa0US$")
    assert (en.money(114_800_000), es.money(4_340_000)) == ("$115M", "4,3\xa0M\xa0US$")
    assert (en.money(800), es.money(1_500)) == ("$800", "1,5\xa0mil\xa0US$")
    assert (en.percent(0.415), es.percent(0.415)) == ("42%", "42\xa0%")
    assert (en.day(date(1979, 5, 25)), es.day(date(1979, 5, 25))) == ("25 May 1979", "25 de mayo de 1979")
    assert (en.runtime(125), en.runtime(60), en.runtime(45)) == ("2 h 5 min", "1 h", "45 min")
    assert (en("films", n=1), en("films", n=2000), es("films", n=2000)) == ("1 film", "2,000 films", "2000 películas")


def test_unknown_names_stay_as_they_are():
    assert translator("es").name_of("genre", "Superhero opera") == "Superhero opera"
    assert translator("es").name_of("genre", "Sci-Fi") == "Ciencia ficción"


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("es", "en", "en", "es"),
        ("xx", "es", "en", "es"),
        (None, None, "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, None, "fr,en;q=0.5,es;q=0.7", "es"),
        (None, None, "de", "en"),
        (None, None, None, "en"),
        (None, None, ";q=x,,;", "en"),
        ("../../etc", None, "es;q=no", "es"),
    ],
)
def test_language_is_negotiated(query, cookie, accept, language):
    assert negotiate(query, cookie, accept) == language
