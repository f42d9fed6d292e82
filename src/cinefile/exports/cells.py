"""Cells as people's programs write them: years, ratings, dates and ids, each understood or None, never guessed."""

import html
import math
import re
from datetime import UTC, date, datetime
from typing import NamedTuple

_NOTHING = {"", "-", "--", "–", "—", "nan", "n/a", "na", "#n/a", "null", "none", "nil", "nat", "undefined", r"\n", "?"}
_NOT_RATED = {"not rated", "unrated", "nr", "not yet rated", "нет", "no", "false"}
_NUMBER = r"[+-]?\d{1,9}(?:[.,]\d{1,15})?"
_PLAIN = re.compile(
    rf"^({_NUMBER})\s*(?:stars?|sterne?|étoiles?|estrellas?|estrelas?|stelle|★|⭐|\*|pts?|points?)?$", re.I
)
_FRACTION = re.compile(rf"^({_NUMBER})\s*(?:/|out of|of|von|sur|de|su|из|av|z)\s*(\d{{1,3}})\s*(?:stars?)?$", re.I)
_PERCENT = re.compile(rf"^({_NUMBER})\s*%$")
_AND_HALF = re.compile(r"^(\d{1,2})\s*(?:½|1/2)$")
_GLYPHS = re.compile(r"^[★⭐✮✭*\ufe0f\s]*½?[☆✩\s]*$")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_WHOLE = re.compile(r"^(\d{1,18})(?:[.,]0*)?$")
_IMDB = re.compile(r"(?<![a-z0-9])tt(\d{1,10})(?!\d)", re.I)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene gennaio gen janeiro styczen января",
            "feb february februar fevrier febrero febbraio fevereiro fev luty февраля",
            "mar march marz mars marzo marco mrz marzec марта",
            "apr april avril abril abr aprile avr kwiecien апреля",
            "may mai mayo maggio mag maio maj мая",
            "jun june juni juin junio giugno giu junho czerwiec июня",
            "jul july juli juillet julio luglio lug julho lipiec июля",
            "aug august aout agosto ago sierpien августа",
            "sep sept september septembre septiembre settembre set setembro wrzesien сентября",
            "oct october oktober octobre octubre ottobre okt ott outubro out pazdziernik октября",
            "nov november novembre noviembre novembro listopad ноября",
            "dec december dezember decembre diciembre dicembre dez dic dezembro grudzien декабря",
        ),
        1,
    )
    for name in names.split()
}


class Rating(NamedTuple):
    """A rating as written: its value, and the top of its scale where the cell says so."""

    value: float
    top: float | None = None


def blank(cell: str) -> bool:
    """Whether a cell says nothing, in one of the ways that programs write that."""
    return cell.strip().casefold() in _NOTHING


def title_of(cell: str) -> str:
    """A title with its HTML entities undone, on one line."""
    return " ".join(html.unescape(cell).split()) if "&" in cell else " ".join(cell.split())


def number(cell: str) -> float | None:
    """A plain number with a decimal point or comma."""
    match = re.fullmatch(_NUMBER, cell.strip())
    return float(cell.strip().replace(",", ".")) if match else None


def whole(cell: str) -> int | None:
    """A whole number that is not negative; spreadsheets and pandas write ``12.0``."""
    match = _WHOLE.match(cell.strip())
    return int(match[1]) if match else None


def person_of(cell: str) -> str:
    """The id or name of a person, the same whether it was saved as 7 or 7.0."""
    number_of = whole(cell)
    return cell.strip() if number_of is None else str(number_of)


def not_rated(cell: str) -> bool:
    """Whether a cell in a column of ratings says that there is none; sites write 0 for it as well."""
    return blank(cell) or cell.strip().casefold() in _NOT_RATED or number(cell) == 0


def rating_of(cell: str) -> Rating | None:
    """A rating in numbers, as a fraction (9/10), in percent or in stars (★★★½); None where it is none of these."""
    text = cell.replace("\u00a0", " ").strip()
    if match := _PLAIN.match(text):
        return Rating(float(match[1].replace(",", ".")))
    if match := _AND_HALF.match(text):
        return Rating(int(match[1]) + 0.5)
    if match := _FRACTION.match(text):
        top = float(match[2])
        return Rating(float(match[1].replace(",", ".")), top) if 3 <= top <= 100 else None
    if match := _PERCENT.match(text):
        return Rating(float(match[1].replace(",", ".")), 100.0)
    if text and _GLYPHS.match(text):
        full = sum(text.count(glyph) for glyph in "★⭐✮✭*")
        value, places = full + (0.5 if "½" in text else 0.0), full + sum(text.count(glyph) for glyph in "☆✩")
        return Rating(value, 10.0 if max(value, places) > 5 else 5.0)
    return None


def stars_of(value: float, top: float) -> float:
    """Stars from 0.5 to 5: rounded half up to halves, but on scales of more than ten kept as fine as they are."""
    stars = value * 5.0 / top
    stars = round(stars, 2) if top > 10 else math.floor(2 * stars + 0.5) / 2
    return min(5.0, max(0.5, stars))


def year_of(cell: str) -> int | None:
    """The year of 1995, 1995.0, (1995), 1976/II, 2008–2013, 1,995 or any date that writes it in full."""
    text = cell.strip()
    if re.fullmatch(r"[12][.,]\d{3}", text):
        text = text[0] + text[2:]
    match = _YEAR.search(text)
    return int(match[1]) if match and 1870 <= int(match[1]) <= 2100 else None


def imdb_of(cell: str) -> str | None:
    """An IMDb id from ``tt0114709``, an address that holds it, or its bare number."""
    if match := _IMDB.search(cell):
        return f"tt{match[1]:0>7}"
    bare = whole(cell)
    # A column called IMDb may hold the rating there as well: 8 is no id.
    return f"tt{bare:07d}" if bare is not None and 100 < bare < 10**10 else None


def date_of(cell: str) -> str | None:
    """A date as year-month-day with the time behind it, so that later ones sort behind; days go first if in doubt."""
    text = cell.strip()
    if match := re.match(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(.*)$", text):
        return _iso(int(match[1]), int(match[2]), int(match[3]), match[4].strip("T "))
    if re.fullmatch(r"\d{9,13}(?:\.0*)?", text):
        seconds = float(text) / (1000 if float(text) > 1e11 else 1)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    if match := re.match(r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d\d)(?!\d)(.*)$", text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 2000 if year < 100 else 0
        # 1/31/2024 is American; dots are European.
        month_first = second > 12 or (match[2] == "/" and first <= 12)
        month, day = (first, second) if month_first else (second, first)
        return _iso(year, month, day, match[5].strip(", "))
    words = re.findall(r"[^\W\d_]+|\d+(?::\d+)*", text.casefold())
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [int(word) for word in words if re.fullmatch(r"(?:19|20)\d\d", word)]
    days = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word) and 1 <= int(word) <= 31]
    times = [word for word in words if ":" in word]
    if months and years:
        return _iso(years[0], months[0], days[0] if days else 1, times[0] if times else "")
    return None


def _iso(year: int, month: int, day: int, time: str) -> str | None:
    try:
        return f"{date(year, month, day).isoformat()} {time}".strip()
    except ValueError:
        return None
