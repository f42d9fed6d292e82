"""Correction files: kept by what a row holds, saved again by spreadsheets, and confirming what was suggested."""

from pathlib import Path

import pytest

from cinefile.errors import InputError
from cinefile.exports import FilmIndex, match, read_corrections, read_export_bytes

INDEX = FilmIndex(
    film_ids=[7, 12, 13, 14],
    titles=["Heat", "Solaris", "Solaris", "Amélie"],
    years=[1995, 1972, 2002, 2001],
    imdb_ids=["tt0113277", "tt0069293", "tt0307479", "tt0211915"],
    fame=[9, 5, 3, 8],
)
JANUARY = b"title,year,stars\nSolaris,,4\nHeat,1995,5\nNowhere,1995,4\n"
FEBRUARY = "title,year,stars\nAmélie,2001,3\nNowhere,1995,4\nHeat,1995,2\nSolaris,,4\n".encode()


def written(tmp_path: Path) -> Path:
    return match(read_export_bytes("mine.csv", JANUARY), INDEX).write_corrections(tmp_path / "fix.csv")


def test_a_correction_follows_its_row_into_the_next_export(tmp_path: Path) -> None:
    file = written(tmp_path)
    text = file.read_text(encoding="utf-8").replace("unmatched,0.0,,", "unmatched,0.0,13,")
    file.write_text(text, encoding="utf-8")
    report = match(read_export_bytes("february.csv", FEBRUARY), INDEX, read_corrections(file))
    assert report.ratings == {14: 3.0, 13: 4.0, 7: 2.0}


def test_a_suggestion_waits_until_it_is_confirmed(tmp_path: Path) -> None:
    file = written(tmp_path)
    text = file.read_text(encoding="utf-8")
    for changed, expected in (
        (text, None),
        (text.replace("suggested,", "yes,"), 12),
        (text.replace(",12,Solaris,1972", ",13,Solaris,1972"), 13),
        (text.replace(",12,Solaris", ",,Solaris"), None),
    ):
        file.write_text(changed, encoding="utf-8")
        report = match(read_export_bytes("mine.csv", JANUARY), INDEX, read_corrections(file))
        assert report.ratings == {7: 5.0} | ({expected: 4.0} if expected else {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_save_it(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = (
        "file,line,title,year,stars,how,confidence,film_id,matched title,matched year",
        "mine.csv,2.0,Amélie,2001.0,3,corrected,1.0,13.0,Solaris,2002.0",
    )
    file = tmp_path / "fix.csv"
    file.write_bytes("\r\n".join(line.replace(",", separator) for line in lines).encode(encoding))
    assert match(read_export_bytes("other.csv", FEBRUARY), INDEX, read_corrections(file)).ratings[13] == 3.0


def test_what_a_spreadsheet_broke_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "fix.csv"
    file.write_text("title,year,film_id\nHeat,1995,1.2E+01\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 2.*Excel"):
        read_corrections(file)
    file.write_text("Column1,Column2\nHeat,1995\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"title.*Excel"):
        read_corrections(file)
