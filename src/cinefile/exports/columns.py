"""Columns and cells as people's programs write them: what a column means, and years, ratings, dates and ids."""

import html
import math
import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

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


class WrittenRating(NamedTuple):
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


def rating_of(cell: str) -> WrittenRating | None:
    """A rating in numbers, as a fraction (9/10), in percent or in stars (★★★½); None where it is none of these."""
    text = cell.replace("\u00a0", " ").strip()
    if match := _PLAIN.match(text):
        return WrittenRating(float(match[1].replace(",", ".")))
    if match := _AND_HALF.match(text):
        return WrittenRating(int(match[1]) + 0.5)
    if match := _FRACTION.match(text):
        top = float(match[2])
        return WrittenRating(float(match[1].replace(",", ".")), top) if 3 <= top <= 100 else None
    if match := _PERCENT.match(text):
        return WrittenRating(float(match[1].replace(",", ".")), 100.0)
    if text and _GLYPHS.match(text):
        full = sum(text.count(glyph) for glyph in "★⭐✮✭*")
        value, places = full + (0.5 if "½" in text else 0.0), full + sum(text.count(glyph) for glyph in "☆✩")
        return WrittenRating(value, 10.0 if max(value, places) > 5 else 5.0)
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


Meaning = Literal[
    "title",
    "other title",
    "year",
    "release",
    "own",
    "rating",
    "date",
    "imdb",
    "tmdb",
    "movielens",
    "address",
    "kind",
    "season",
    "episode",
    "person",
    "status",
    "film data",
]


class Column(NamedTuple):
    """A column's meaning, and the top of its scale where its name says so ("Rating10", "out of ten")."""

    meaning: Meaning | None
    top: float | None = None


# Names without case, accents, spaces and signs.
_NAMES: dict[Meaning, str] = {
    "title": "title name film movie filmname filmtitle movietitle moviename primarytitle titel titre titulo titolo "
    "tytul filmtitel pltitle polishtitle polskitytul название назва русскоязычноеназвание русскоеназвание "
    "названиефильма фильм nombre pelicula nome nomedofilme nom filmnavn nimi naslov cim filmadi 片名 电影名 标题 "
    "タイトル 作品名 제목 titulooriginalofilme",
    "other title": "originaltitle originaltitel originalname titreoriginal titulooriginal titolooriginale "
    "tytuloryginalny originalnazev оригинальноеназвание оригинальнаяназва englishtitle englishname "
    "titleen internationaltitle originalnytytul alternativetitle alternatetitle origtitle 原名 原題",
    "year": "year releaseyear yearreleased yearofrelease filmyear movieyear jahr erscheinungsjahr annee "
    "anneedesortie ano anodelanzamiento anodeestreno anodelancamento anno annodiuscita rok rokprodukcji "
    "год годвыпуска рік jaar ar vuosi yil productionyear startyear 年 年份 公開年 연도",
    "release": "releasedate released datereleased erscheinungsdatum veroffentlichungsdatum datedesortie "
    "fechadeestreno fechadelanzamiento datadiuscita datadelancamento releasedatemonthdayyear "
    "dataprzedpremiery датавыхода premiere",
    "own": "我的评分 我的評分 個人評分 我的评价 マイ評価 自分の評価 내평점 내별점",
    "date": "date daterated ratedat rateddate ratingdate watcheddate datewatched watchedat lastwatchedat "
    "timestamp datum bewertungsdatum fecha fechadevaloracion fechadevotacion fechadecalificacion data "
    "datadivoto datadavaliacao datadaavaliacao dataoceny dateadded created датаоценки дата ratedon "
    "viewingdate starttime isodate time datedenotation datedevaluation datanota lastwatched userratedat "
    "watchdate",
    "imdb": "imdb imdbid const tconst imdbconst imdbtitleid imdbcode imdburl imdblink imdburi idimdb movieimdbid",
    "tmdb": "tmdb tmdbid themoviedbid themoviedb tmdburl idtmdb moviedbid tmdbmovieid",
    "movielens": "movieid movielensid mlid",
    "address": "url uri link href letterboxduri",
    "kind": "titletype type kind mediatype category titelart titeltyp typedetitre tipodetitulo tipoditolo tipo "
    "tipoditestata tipodititolo tipodelbien rodzaj typ тип contenttype itemtype formato",
    "season": "season seasonnumber staffel saison temporada stagione sezon сезон seasonno",
    "episode": "episode episodenumber folge episodio odcinek эпизод серия episodetitle episodename lastepwatched",
    "person": "userid user username profilename person viewer profile usuario benutzer utilisateur пользователь "
    "accountid reviewer rater",
    "status": "watchlist status list userstatus watchstatus",
    "film data": "genres genre overview budget plot averagerating voteaverage votecount numvotes popularity runtime "
    "description spokenlanguages keywords revenue tagline",
}


_BY_NAME: dict[str, Meaning] = {name: meaning for meaning, names in _NAMES.items() for name in names.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RATING = _words(
    "rating ratings rated rate score scores stars star grade mark vote bewertung wertung sterne note "
    "punkte punktzahl calificacion puntuacion valoracion nota estrellas voto voti votazione valutazione "
    "punteggio stelle avaliacao classificacao estrelas ocena oceny gwiazdki evaluation etoiles notation "
    "beoordeling cijfer betyg arvosana karakter hodnoceni ertekeles puan puanim puaniniz оценка оценки "
    "рейтинг балл оцінка 评分 評分 評価 별점 평점 評點"
)


_OWN = _words(
    "my mine your you user own personal i me mein meine meiner dein deine deiner ihre ihr euer eure "
    "eigene ma mon mes votre vos ta ton mi mis tu tus su sus minha minhas meu sua suas seu tua mia mio "
    "tuo suo il lamia moja moje twoja twoje moj mijn jouw uw min mitt din ditt vase tvoje benim senin "
    "sizin моя мой мои ваша ваш твоя твой моє 我的 你的"
)


_EVERYBODYS = _words(
    "imdb average avg mean global community public critic critics critique trakt tmdb metacritic "
    "metascore tomato tomatometer rotten rt kinopoisk кинопоиск letterboxd count num number anzahl votes "
    "votos stimmen users usuarios world site audience media moyenne moyen promedio filmweb allocine "
    "sensescritique douban mal"
)


_ABOUT_DATE = ("date", "datum", "fecha", "data", "дата", "time", "at", "on")


_FILLERS = _words("the of a film movie title out in total final is it del de di do da la le personal value")


_TOP = re.compile(
    r"(?:/|out\s*of|von|sur|\bde\b|\bsu\b|\bsobre\b|из|\bmax\.?|0\s*[-–]|1\s*[-–])\s*"
    r"(\d{1,3}|ten|five|zehn|dix|diez|dieci)\b",
    re.I,
)


_TOP_BEHIND = re.compile(r"(?<=[a-zа-я])[\s_-]?(5|10|20|100)\s*\)?$", re.I)


_NUMERALS = {"ten": 10.0, "five": 5.0, "zehn": 10.0, "dix": 10.0, "diez": 10.0, "dieci": 10.0}


# Kinds that are no films, in the languages of the sites; films for television, shorts and videos are films here.
_FILM_KIND = re.compile(r"movie|film|pelicula|pelic|cinema|cine$|фильм|special|short|电影|映画|영화|cortometraje|kurz")


_TV_KIND = re.compile(
    r"seri|season|episod|epizod|staffel|saison|temporad|stagione|sezon|folge|odcinek|show|сериал|сезон|эпизод|серия|серіал|"
    r"podcast|game|gioco|jeu|spiel|juego|jogo|musicvideo|dizi|电视|剧|ドラマ|アニメシリーズ|드라마|sorozat|^tv$|^shows$|^anime$|"
    r"tvpilot|pilot|miniserie"
)


@lru_cache(maxsize=4096)
def column(name: str) -> Column:
    """What a column means by its name; no meaning where the name is not known, or says that it is everybody's."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name.strip())
    plain = _plain(text)
    joined = "".join(plain.split())
    if joined in _BY_NAME:
        return Column(_BY_NAME[joined])
    top = None
    if match := _TOP.search(text):
        top = _NUMERALS.get(match[1].lower()) or float(match[1])
        plain = _plain(text[: match.start()] + " " + text[match.end() :])
    elif match := _TOP_BEHIND.search(text):
        top = float(match[1])
        plain = _plain(text[: match.start()])
    words = plain.split()
    if top is not None and not 3 <= top <= 100:
        top = None
    if not any(word in _RATING for word in words) or any(word in _EVERYBODYS for word in words):
        return Column(None)
    if any(word in _ABOUT_DATE for word in words):
        return Column("date")
    if any(word in _OWN for word in words):
        return Column("own", top)
    others = [word for word in words if word not in _RATING and word not in _FILLERS]
    # "Rated" alone is the age limit of OMDb.
    return Column(None) if others or words == ["rated"] else Column("rating", top)


def is_tv(kind: str) -> bool:
    """Whether a cell in a column of kinds names something that is no film: a series, an episode, a game."""
    letters = "".join(c for c in _plain(kind) if c.isalpha())
    return bool(_TV_KIND.search(letters)) and not _FILM_KIND.search(letters)


def _plain(text: str) -> str:
    """Words without case, accents and signs, one space between them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss").replace("ł", "l").replace("ı", "i")
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) or c == "\u0306")
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", kept)))
