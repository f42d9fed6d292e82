"""What the columns of an export mean, in the languages of sites and spreadsheets, and which kinds are TV."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

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
