# ruff: noqa: E501 (a header is a line)
"""Exports of every site and spreadsheet, in small files made up for these tests."""

import bz2
import gzip
import io
import json
import lzma
import re
import zipfile
from pathlib import Path

import pytest

from cinefile.errors import InputError, UnknownFormatError
from cinefile.exports import Export, FilmIndex, looks_like_export, match, read_export, read_export_bytes
from cinefile.exports.columns import column, is_tv

INDEX = FilmIndex(
    film_ids=[1, 2, 3, 4, 5],
    titles=["Toy Story", "Heat", "Amélie", "The Good, the Bad and the Ugly", "Brother"],
    years=[1995, 1995, 2001, 1966, 1997],
    imdb_ids=["tt0114709", "tt0113277", "tt0211915", "tt0060196", None],
    movielens_ids=[1, 6, 4973, None, None],
    aliases=[[], [], ["Le fabuleux destin d'Amélie Poulain"], [], ["Брат"]],
    fame=[9000, 5000, 8000, 7000, 500],
    tmdb_ids=[862, 949, 194, 429, 20992],
)


def rated(content: str | bytes, name: str = "mine.csv", **how: object) -> dict[int, float]:
    return match(read(content, name, **how), INDEX).ratings


def read(content: str | bytes, name: str = "mine.csv", **how: object) -> Export:
    raw = content if isinstance(content, bytes) else content.encode()
    return read_export_bytes(name, raw, **how)  # type: ignore[arg-type]


SITES = {
    "Letterboxd": "Date,Name,Year,Letterboxd URI,Rating\n2021-01-01,Toy Story,1995,https://boxd.it/1,4.5\n",
    "Letterboxd import file": "Title,Year,Directors,Rating10\nToy Story,1995,J,9\n",
    "IMDb": "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Year\ntt0114709,9,2024-01-01,Toy Story,u,Movie,8.3,1995\n",
    "IMDb, German account": "Const,Ihre Bewertung,Bewertungsdatum,Titel,Titelart,IMDb-Bewertung,Jahr\ntt0114709,9,2024-01-01,X,Film,8.3,1995\n",
    "IMDb, French account": "Const,Votre note,Date de notation,Titre,Type de titre,Note IMDb,Année\ntt0114709,9,2024-01-01,X,Film,8.3,1995\n",
    "IMDb, Spanish account": "Const,Tu calificación,Fecha de calificación,Título,Tipo de título,Calificación de IMDb,Año\ntt0114709,9,2024-01-01,X,Película,8.3,1995\n",
    "IMDb, Italian account": "Const,Il tuo voto,Data del voto,Titolo,Tipo di titolo,Valutazione IMDb,Anno\ntt0114709,9,2024-01-01,X,Film,8.3,1995\n",
    "IMDb, Portuguese account": "Const,Sua avaliação,Data da avaliação,Título,Tipo de título,Avaliação da IMDb,Ano\ntt0114709,9,2024-01-01,X,Filme,8.3,1995\n",
    "Trakt JSON": json.dumps(
        [{"rated_at": "2020-01-01", "rating": 9, "type": "movie", "movie": {"title": "Toy Story", "rating": 7.1, "ids": {"tmdb": 862}}}]
    ),
    "Trakt CSV": "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,rating\n2020-01-01,movie,Toy Story,1995,4,5,tt0114709,862,9\n",
    "TMDB": "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n862,tt0114709,movie,Toy Story,1995-10-30T00:00:00Z,,,7.9,9,2020-01-01T00:00:00Z\n",
    "MovieLens": "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n1,0114709,862,4.5,3.9,Toy Story (1995)\n",
    "MovieLens data set": "userId,movieId,rating,timestamp\n7,1,4.5,964982703\n",
    "Simkl CSV": "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n1,Toy Story,movie,1995,completed,,2020-01-01,9,,,862,tt0114709\n",
    "Simkl JSON": json.dumps(
        {"movies": [{"status": "completed", "user_rating": 9, "movie": {"title": "Toy Story", "year": 1995, "ids": {"simkl": 3}}}],
         "shows": [{"status": "completed", "user_rating": 2, "show": {"title": "Heat", "year": 1995}}]}
    ),
    "Kinopoisk": "русскоязычное название;оригинальное название;год;моя оценка\nИстория игрушек;Toy Story;1995;9\n",
    "Kinorium": "Title\tOriginal Title\tType\tYear\tMy rating\tDate\tIMDb Rating\nИстория игрушек\tToy Story\tФильм\t1995\t9\t2020-01-01\t8.3\n",
    "FilmAffinity": "Título;Año;Tu nota;Nota media\nToy Story;1995;9;7,5\n",
    "Filmweb": "timestamp,user_rating,global_rating,original_title,pl_title,year\n1577836800,9,7.5,Toy Story,,1995\n",
    "Criticker": "Score,Film Name,Year,Date Rated,IMDB ID\n90,Toy Story,1995,2020-01-01,tt0114709\n80,Heat,1995,2020-01-01,\n",
    "plain CSV": "title,year,stars\nToy Story,1995,4.5\n",
    "JSON": '[{"title": "Toy Story", "year": 1995.0, "stars": 4.5}]',
    "JSON lines": '{"title": "Toy Story", "year": 1995, "stars": 4.5}\n{"title": "Heat", "year": 1995, "stars": 5}\n',
    "pandas JSON": '{"title": {"0": "Toy Story"}, "year": {"0": 1995}, "stars": {"0": 4.5}}',
}  # fmt: skip


@pytest.mark.parametrize("site", SITES)
def test_each_site_gives_its_own_stars(site: str) -> None:
    assert rated(SITES[site])[1] == 4.5
    assert 4 not in rated(SITES[site])


def test_the_documentation_names_every_site() -> None:
    table = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|`]+?) \|", table, re.MULTILINE)
    assert set(SITES) | {"Netflix"} <= set(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_encoding(encoding: str, separator: str, end: str) -> None:
    lines = ["title,year,stars", "Amélie,2001,5", "Heat,1995,4.5"]
    text = end.join(line.replace(",", separator) for line in lines) + end
    assert rated(text.encode(encoding)) == {3: 5.0, 2: 4.5}


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8"])
def test_cyrillic(encoding: str) -> None:
    assert rated("название;год;моя оценка\nБрат;1997;8\nБрат 2;2000;7\n".encode(encoding)) == {5: 4.0}


@pytest.mark.parametrize(
    ("cells", "stars"),
    [
        (["4.5", "5", "4", "45"], [4.5, 5.0, 4.0, None]),
        (["4,5", "5", "4", "1e9"], [4.5, 5.0, 4.0, None]),
        (["4.5", "nan", "4", "inf"], [4.5, None, 4.0, None]),
        (["9", "8", "3", "95"], [4.5, 4.0, 1.5, None]),
        (["85", "75", "95", "5"], [4.25, 3.75, 4.75, 0.5]),
        (["9/10", "7/10", "90%", "4/5"], [4.5, 3.5, 4.5, 4.0]),
        (["★★★★½", "★★★", "★★☆☆☆", "4½"], [4.5, 3.0, 2.0, 4.5]),
        (["0", "5", "4", "-2"], [None, 5.0, 4.0, None]),
        (["7.5", "8", "9", "6.5"], [4.0, 4.0, 4.5, 3.5]),
    ],
)
def test_the_mass_of_values_gives_the_scale(cells: list[str], stars: list[float | None]) -> None:
    text = "title;year;rating\n" + "".join(f"Film {n};1995;{cell}\n" for n, cell in enumerate(cells))
    assert [row.stars for row in read(text)] == [s if s is None else pytest.approx(s, abs=0.1) for s in stars]


def test_what_is_not_understood_is_counted_by_column() -> None:
    export = read("title,year,stars,imdb_id\nHeat,Nov-95,45,12x\nToy Story,1995,great,nan\nAmélie,2001,4,-\n")
    assert export.not_understood == {"year": 1, "stars": 2, "imdb_id": 1}
    assert [row.problem for row in export][1] == "a rating of 'great' on a scale to 5"


@pytest.mark.parametrize(
    "cell", ["1995", "1995.0", "(1995)", "1995/II", "1995-03-13", "13.03.1995", "1995–1997", "1,995"]
)
def test_years_as_they_are_written(cell: str) -> None:
    assert read(f'title;year;stars\nHeat;"{cell}";4\n').rows[0].year == 1995


@pytest.mark.parametrize(
    "cell", ["tt0113277", "https://www.imdb.com/title/tt0113277/?ref=x", "113277", "113277.0", "0113277"]
)
def test_imdb_ids_as_they_are_written(cell: str) -> None:
    assert rated(f"title,imdb_id,stars\nElsewhere called otherwise,{cell},4\n") == {2: 4.0}


def test_a_namesake_of_another_year_is_no_match() -> None:
    report = match(read("title,year,stars\nHeat,1986,4\nHeat,2015,4\n"), INDEX)
    assert report.counts() == {"unmatched": 2}


def test_a_year_that_is_not_understood_makes_a_title_unsure() -> None:
    assert match(read("title,year,stars\nHeat,MCMXCV,4\n"), INDEX).counts() == {"suggested": 1}


@pytest.mark.parametrize(
    "kind", ["TV Series", "tvEpisode", "Show", "Season", "Fernsehserie", "TV-Serie", "Série télévisée", "Serie de TV", "Сериал", "tv", "Video Game"]
)  # fmt: skip
def test_kinds_that_are_no_films(kind: str) -> None:
    assert is_tv(kind)
    assert match(read(f"title,year,type,stars\nHeat,1995,{kind},4\n"), INDEX).counts() == {"tv": 1}


@pytest.mark.parametrize(
    "kind", ["Movie", "Film", "TV Movie", "Feature Film", "Fernsehfilm", "Película", "Фильм", "Short", "video", ""]
)
def test_kinds_that_are_films(kind: str) -> None:
    assert not is_tv(kind)


def test_a_season_or_an_episode_is_no_film() -> None:
    assert rated("title,year,season,episode,stars\nHeat,1995,1,,4\nToy Story,1995,,,4\nAmélie,2001,,3,4\n") == {1: 4.0}


@pytest.mark.parametrize(
    ("name", "meaning", "top"),
    [
        ("Rating10", "rating", 10), ("My Rating (out of 10)", "own", 10), ("Score /100", "rating", 100), ("Note /20", "rating", 20),
        ("IMDb Rating", None, None), ("vote_average", "film data", None), ("Date Rated", "date", None), ("Meine Bewertung", "own", None),
        ("Content Rating", None, None), ("trakt_rating", None, None), ("average_rating", "film data", None), ("Ваша оценка", "own", None),
    ],
)  # fmt: skip
def test_names_of_columns(name: str, meaning: str | None, top: float | None) -> None:
    assert column(name) == (meaning, top)


def test_everybodys_rating_is_never_taken_for_ones_own() -> None:
    assert rated("title,year,Rating,Your Rating\nHeat,1995,8.2,4\nToy Story,1995,9.0,\n") == {2: 2.0}
    with pytest.raises(UnknownFormatError, match="trakt_rating"):
        read("rated_at,type,title,year,trakt_rating\n2020-01-01,movie,Heat,1995,9\n")
    with pytest.raises(UnknownFormatError, match="ingest"):
        read("title,year,rating,numVotes\nHeat,1995,8.2,12345\n")


def test_a_watchlist_or_a_list_is_not_seen() -> None:
    imdb = "Position,Const,Created,Title,Title Type,Year,Your Rating\n1,tt0114709,2024-01-01,Toy Story,Movie,1995,9\n2,tt0113277,2024-01-01,Heat,Movie,1995,\n"
    export = read(imdb, "WATCHLIST.csv")
    assert match(export, INDEX).seen == {1}
    assert [row.title for row in export.watchlist] == ["Heat"]
    assert "watchlist" in export.kinds[0]
    letterboxd = "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,Best,,u,\n\nPosition,Name,Year,URL,Description\n1,Heat,1995,u,\n"
    assert len(read(letterboxd, "best.csv")) == 0
    assert len(read("Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,u\n", "films.csv")) == 0
    assert match(read("Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,u\n", "watched.csv"), INDEX).seen == {2}


def test_netflix_is_seen_not_rated() -> None:
    export = read('Title,Date\n"Stranger Things: Season 1: ""Chapter One""",1/2/20\nToy Story,1/3/20\n')
    report = match(export, INDEX)
    assert (report.seen, report.ratings, report.counts()["tv"]) == ({1}, {}, 1)
    assert "without ratings" in export.kinds[0]


def test_of_two_rows_the_surest_and_then_the_newest_stands() -> None:
    assert rated("date,title,year,stars\n2024-05-01,Heat,1995,5\n2010-01-01,Heat,1995,1\n") == {2: 5.0}
    assert rated("date,title,year,stars\n2010-01-01,Heat,1995,5\n2024-05-01,Heat,1996,1\n") == {2: 5.0}


def test_a_quote_that_stays_open_takes_no_row_with_it() -> None:
    text = 'title,year,stars\nToy Story,1995,4.5\n"Heat,1995,4\nAmélie,2001,5\n'
    assert rated(text) == {1: 4.5, 2: 4.0, 3: 5.0}
    assert read('title,year,stars,review\nHeat,1995,4,"two\nlines, of it"\nAmélie,2001,5,\n').rows[1].line == 4


def test_a_comma_without_quotes_stays_in_its_row() -> None:
    text = "title,year,stars\nThe Good, the Bad and the Ugly,1966,4.5\nHeat,1995,4,5\nAmélie,2001,4\n"
    assert rated(text) == {4: 4.5, 2: 4.5, 3: 4.0}


def test_columns_can_be_named() -> None:
    text = "Was,Wann,Wie\nHeat,1995,8\nToy Story,1995,9\n"
    with pytest.raises(UnknownFormatError, match="Was, Wann, Wie"):
        read(text)
    assert rated(text, columns={"title": "Was", "year": "wann", "stars": "Wie"}) == {2: 4.0, 1: 4.5}
    with pytest.raises(InputError, match="no column 'Wer'"):
        read(text, columns={"title": "Wer"})


def test_a_file_of_several_people_wants_one() -> None:
    text = "userId,movieId,rating,timestamp\n7.0,1.0,5.0,1\n9.0,6.0,2.0,1\n"
    with pytest.raises(InputError, match="--user"):
        read(text)
    assert rated(text, user="7") == rated(text, user=7) == {1: 5.0}
    with pytest.raises(InputError, match="no user 8"):
        read(text, user="8")
    assert rated("user,title,year,stars\nann,Heat,1995,4\nbob,Heat,1995,1\n", user="ann") == {2: 4.0}


LETTERBOXD = SITES["Letterboxd"]
LIKED = "Date,Name,Year,Letterboxd URI\n2021-01-01,Heat,1995,u\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


BESIDE: dict[str, str | bytes] = {
    "deleted/ratings.csv": LETTERBOXD.replace("Toy Story", "Heat"),
    "orphaned/diary.csv": LETTERBOXD.replace("Toy Story", "Heat"),
    "likes/films.csv": LIKED,
    "__MACOSX/._ratings.csv": b"\x00\x05\x16\x07",
    "profile.csv": "Date Joined,Username\n2020-01-01,me\n",
    **{f"lists/best-{n}.csv": "Letterboxd list export v7\n" for n in range(300)},
}


@pytest.mark.parametrize("above", ["", "my export/", "my export\\", "a/b/"])
def test_a_zip_with_much_beside_the_ratings(above: str) -> None:
    files = {above + name.replace("/", above[-1:] or "/"): content for name, content in BESIDE.items()}
    content = zipped({above + "ratings.csv": LETTERBOXD, above + "watchlist.csv": LIKED, **files})
    for packed in (content, zipped({"again.zip": content})):
        report = match(read(packed, "export.zip"), INDEX)
        assert (report.ratings, report.seen) == ({1: 4.5}, {1})


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files(pack: object, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv.packed"
    file.write_bytes(pack(SITES["plain CSV"].encode()))  # type: ignore[operator]
    assert match(read_export(file), INDEX).ratings == {1: 4.5}


def test_a_folder_with_a_link_back_to_itself(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "ratings.csv").write_text(LETTERBOXD, encoding="utf-8")
    (tmp_path / "inner" / "loop").symlink_to(tmp_path)
    assert len(read_export(tmp_path)) == 1


def test_what_is_certainly_an_export(tmp_path: Path) -> None:
    def said(text: str) -> bool:
        (tmp_path / "x.csv").write_text(text, encoding="utf-8")
        return looks_like_export(tmp_path / "x.csv")

    assert said(SITES["Letterboxd"])
    assert said(SITES["IMDb"])
    assert said(SITES["Kinopoisk"])
    assert not said(SITES["MovieLens data set"])
    assert not said("movieId,title,genres\n1,Heat (1995),Crime\n")
    with pytest.raises(UnknownFormatError, match="cinefile ingest"):
        read("movieId,title,genres\n1,Heat (1995),Crime\n")


def test_the_first_of_two_columns_of_one_name_counts() -> None:
    assert rated("title,title,year,stars\nHeat,x,1995,4\n") == {2: 4.0}


def test_a_column_called_imdb_may_hold_the_rating_there() -> None:
    assert rated("title,year,IMDb,My Score\nHeat,1995,8,9\n") == {2: 4.5}


def test_a_list_without_any_stars_says_so() -> None:
    export = read("Position,Const,Created,Title,Year,Your Rating\n1,tt0113277,2024-01-01,Heat,1995,\n", "x.csv")
    assert export.kinds == ("x.csv is a watchlist or another list, without ratings",)
    assert not export.rows
