"""Exports as their sites write them, in rows made up for these tests."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from cinefile.errors import InputError, TooLargeError, UnknownFormatError
from cinefile.exports import FilmIndex, match, read_corrections, read_export, read_export_bytes
from cinefile.exports import archives as limits
from cinefile.titles import front_article, split_year

INDEX = FilmIndex(
    film_ids=[11, 12, 13, 14, 15, 16],
    titles=["Heat", "The Usual Suspects", "Seven", "Solaris", "Solaris", "Amélie"],
    years=[1995, 1995, 1995, 1972, 2002, 2001],
    imdb_ids=["tt0113277", "tt0114814", None, "tt0069293", "tt0307479", "tt0211915"],
    movielens_ids=[6, 50, 47, None, None, None],
    aliases=[[], [], ["Se7en"], [], [], ["Le fabuleux destin d'Amélie Poulain"]],
    fame=[9, 8, 7, 5, 3, 9],
)
RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n2021-01-03,Se7en,1995,u,4.5\n2021-01-04,Solaris,1972,u,5\n"
DIARY = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2025-03-14,Heat,1996,u,,,,2023-07-14\n2025-03-15,Amelie,2001,u,3,,,x\n2025-03-16,Amelie,2001,u,4,Yes,,x\n"
)
WATCHED = "Date,Name,Year,Letterboxd URI\n2021-01-03,Se7en,1995,u\n2021-01-05,Usual Suspects,1995,u\n"
IMDB_2017 = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres"\n'
    '"1","tt0113277","Sun Jan 29 00:00:00 2017","","","Heat","Feature Film","Michael Mann","9","8.2","170","1995","x"\n'
    '"2","tt4158110","Fri Dec 30 00:00:00 2016","","","Mr. Robot","TV Series","","9","8.7","49","2015","crime"\n'
    '"3","tt9999999","","","","Lost Film","TV Movie","","3","","","1999",""\n'
)
IMDB_NOW = (
    "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year\n"
    "tt0211915,7,2023-01-31,Amelie,u,movie,8.3,122,2001\ntt1190634,7,2023-02-15,The Boys,u,tvSeries,8.7,60,2019\n"
)


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", text)
    return buffer.getvalue()


def test_letterboxd_zip_with_ratings_diary_and_watched() -> None:
    content = zipped(ratings=RATINGS, diary=DIARY, watched=WATCHED, deleted__ratings=RATINGS.replace("4.5", "1"))
    report = match(read_export_bytes("export.zip", content), INDEX)
    assert report.ratings == {13: 4.5, 14: 5.0, 16: 4.0}  # the alias, the right one of two, and the rewatch's stars
    assert report.seen == {11, 12, 13, 14, 16}
    assert {m.row.title: m.how for m in report.matches} == {
        "Se7en": "title and year",
        "Solaris": "title and year",
        "Heat": "title, year off by one",
        "Amelie": "title and year",
        "Usual Suspects": "title and year",
    }


def test_letterboxd_diary_only(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text(DIARY, encoding="utf-8")
    for path in (tmp_path, tmp_path / "diary.csv"):
        report = match(read_export(path), INDEX)
        assert report.ratings == {16: 4.0}
        assert report.seen == {11, 16}


def test_imdb_of_2017_and_of_today() -> None:
    old = match(read_export_bytes("ratings.csv", IMDB_2017.encode("cp1252")), INDEX)
    assert old.ratings == {11: 4.5}
    assert old.counts() == {"id": 1, "tv": 1, "unmatched": 1}
    assert [m.row.title for m in old.unmatched] == ["Lost Film"]
    assert match(read_export_bytes("ratings.csv", IMDB_NOW.encode()), INDEX).ratings == {16: 3.5}


def test_movielens_wants_one_user() -> None:
    text = b"userId,movieId,rating,timestamp\n1,6,4.0,964982703\n1,999,3,1\n2,50,2.5,1\n"
    assert match(read_export_bytes("ratings.csv", text, user=1), INDEX).ratings == {11: 4.0}
    with pytest.raises(InputError, match="2 users"):
        read_export_bytes("ratings.csv", text)


@pytest.mark.parametrize(("column", "cells"), [("stars", "4.5"), ("rating", "9"), ("Score", "90")])
def test_plain_csv_on_any_scale(column: str, cells: str) -> None:
    text = f"title,year,{column}\nHeat,1995,{cells}\nSolaris (1972),,{cells}\nHeat,abc,{cells}\n"
    if column == "rating":
        text += "Seven,1995,2\n"
    report = match(read_export_bytes("mine.csv", ("\ufeff" + text).encode()), INDEX)
    assert report.ratings[11] == 4.5
    assert report.ratings[14] == 4.5


def test_a_bad_rating_is_reported_not_guessed() -> None:
    report = match(
        read_export_bytes("x.csv", b"title,year,stars\nHeat,1995,great\nSeven,1995,-2\nSeven,1995,4\n"), INDEX
    )
    assert report.ratings == {13: 4.0}
    assert [m.row.problem for m in report.matches][:2] == [
        "a rating of 'great' on a scale to 5",
        "a rating of '-2' on a scale to 5",
    ]
    assert report.matches[0].row.line == 2


def test_a_title_alone_of_several_films_suggests_the_best_known() -> None:
    (found,) = match(read_export_bytes("x.csv", b"title,stars\nSolaris,4\n"), INDEX).matches
    assert (found.film_id, found.how, found.confidence) == (14, "suggested", 0.3)


def test_a_part_of_the_title_and_mended_letters() -> None:
    index = FilmIndex([1, 2, 3], ["Star Wars: Episode IV - A New Hope", "Amélie", "Up"], [1977, 2001, 2009])
    text = "title,year,stars\nStar Wars,1977,5\nAmÃ©lie,2001,4\nUp: The Sequel,2009,3\n"
    report = match(read_export_bytes("x.csv", text.encode()), index)
    assert report.ratings == {2: 4.0}
    assert report.seen == {2}
    assert [m.how for m in report.matches] == ["suggested", "title and year", "unmatched"]
    assert (report.matches[0].film_id, report.matches[0].why) == (1, "part of the title, and year")


def test_without_a_year_on_either_side() -> None:
    index = FilmIndex(
        [1, 2, 3],
        ["Star Wars: Episode IV - A New Hope", "Star Wars: Clone Wars", "Undated"],
        [1977, 2008, None],
        fame=[9, 2, 1],
    )
    report = match(read_export_bytes("x.csv", b"title,year,stars\nStar Wars,,5\nUndated,1984,4\n"), index)
    assert [(m.film_id, m.how, m.confidence) for m in report.matches] == [
        (1, "suggested", 0.2),
        (3, "title alone", 0.6),
    ]
    assert report.ratings == {3: 4.0}


def test_another_films_id_rules_a_title_out() -> None:
    text = IMDB_NOW.replace("tt0211915,7,2023-01-31,Amelie", "tt7777777,7,2023-01-31,Amelie")
    assert match(read_export_bytes("x.csv", text.encode()), INDEX).ratings == {}


def test_corrections_stand_above_all(tmp_path: Path) -> None:
    rows = read_export_bytes("mine.csv", b"title,year,stars\nHeat,1995,5\nNowhere,1995,4\n")
    file = match(rows, INDEX).write_corrections(tmp_path / "fix.csv")
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("mine.csv,3,Nowhere")  # the least sure first
    file.write_text(
        text.replace("unmatched,0.0,,", "unmatched,0.0,15,").replace(",0.98,11,", ",0.98,,"), encoding="utf-8"
    )
    report = match(rows, INDEX, read_corrections(file))
    assert report.ratings == {15: 4.0}
    assert report.counts() == {"corrected": 2}
    file.write_text(text.replace("unmatched,0.0,,", "unmatched,0.0,99,"), encoding="utf-8")
    with pytest.raises(InputError, match="film 99"):
        match(rows, INDEX, read_corrections(file))


def test_hostile_and_foreign_files_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bomb = zipped(ratings="Name,Year,Letterboxd URI\n" + "0" * 20_000_000)
    with pytest.raises(TooLargeError, match="next to nothing"):
        read_export_bytes("bomb.zip", bomb)
    monkeypatch.setattr(limits, "MOST_ENTRIES", 2)
    with pytest.raises(TooLargeError, match="3 entries"):
        read_export_bytes("many.zip", zipped(a="x", b="x", c="x"))
    monkeypatch.setattr(limits, "MOST_BYTES", 500)
    with pytest.raises(TooLargeError, match="500"):
        read_export_bytes("large.zip", zipped(ratings=RATINGS * 20))
    with pytest.raises(UnknownFormatError, match="unzipped"):
        read_export_bytes("torn.zip", b"PK\x03\x04 and nothing more")
    with pytest.raises(UnknownFormatError, match="no export"):
        read_export_bytes("other.csv", b"a,b\n1,2\n")
    with pytest.raises(UnknownFormatError, match="not there"):
        read_export(tmp_path / "missing.zip")


def test_public_exports_match_mostly(data_folder: Path) -> None:
    with (data_folder / "movielens/ml-25m/movies.csv").open(encoding="utf-8", newline="") as file:
        films = [(int(r["movieId"]), *split_year(r["title"])) for r in csv.DictReader(file)]
    index = FilmIndex([f[0] for f in films], [front_article(f[1]) for f in films], [f[2] for f in films])
    for name, least in (("letterboxd-export-a.zip", 0.85), ("imdb-ratings-2017-format.csv", 0.9)):
        rows = read_export(data_folder / "user-exports" / name)
        report = match(rows, index)
        # MovieLens 25M ends in 2019: what came out from then on is mostly not there to be matched.
        films_only = [m for m in report.matches if m.how != "tv" and (m.row.year or 0) < 2019]
        assert len(films_only) > 450
        assert sum(m.film_id is not None for m in films_only) / len(films_only) > least


def test_a_watchlist_gives_its_films_and_leaves_out_rows_without_a_title() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "watchlist.csv",
            "Date,Name,Year,Letterboxd URI\n2024-01-01,Heat,1995,x\n2024-01-02,,1999,y\n2024-01-03,Dune,,z\n",
        )
    rows = read_export_bytes("export.zip", content.getvalue()).watchlist
    assert [(row.title, row.year, row.stars) for row in rows] == [("Heat", 1995, None), ("Dune", None, None)]
