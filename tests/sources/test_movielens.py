"""MovieLens of every age: 100K, 1M, 10M, and the CSV sets; bad ratings among good ones."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from tests.sources.helpers import read, reasons

from cinefile.sources.readers import rating_files

MOVIES = (
    "movieId,title,genres\n"
    '1,"American President, The (1995)",Comedy|Romance\n'
    '2,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Sci-Fi\n'
    "3,Seven (a.k.a. Se7en) (1995),(no genres listed)\n"
    "4,Babylon 5,Sci-Fi\n"
)


def test_csv_titles_are_taken_apart(tmp_path: Path) -> None:
    (tmp_path / "movies.csv").write_text(MOVIES, encoding="utf-8")
    films = read(tmp_path)["film"]
    assert [(f["line"], f["key"], f["title"], f["aliases"], f["year"], f["genres"]) for f in films] == [
        (2, "1", "The American President", None, 1995, ["Comedy", "Romance"]),
        (3, "2", "The City of Lost Children", ["La Cité des enfants perdus"], 1995, ["Sci-Fi"]),
        (4, "3", "Seven", ["Se7en"], 1995, []),
        (5, "4", "Babylon 5", None, None, ["Sci-Fi"]),
    ]
    assert [f["movielens_id"] for f in films] == [1, 2, 3, 4]


def test_links_and_ratings_in_a_zip_with_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ml.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ml-x/movies.csv", MOVIES)
        archive.writestr("ml-x/links.csv", "movieId,imdbId,tmdbId\n1,0112346,9087\n2,0112682,\n")
        archive.writestr("ml-x/ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,2,0.5,964981247\n")
        archive.writestr("ml-x/tags.csv", "userId,movieId,tag,timestamp\n1,1,nice,964982703\n")
    found = read(tmp_path / "ml.zip")
    assert [(r["movielens_id"], r["imdb_id"], r["tmdb_id"]) for r in found["link"]] == [
        (1, "tt0112346", 9087),
        (2, "tt0112682", None),
    ]
    assert found["rating"][0] == {
        "line": 2, "user_id": 1, "movielens_id": 1, "stars": 4.0, "rated_at": datetime(2000, 7, 30, 18, 45, 3)
    }  # fmt: skip
    assert len(found["film"]) == 4
    assert not found["reject"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_bad_ratings_are_rejected_with_their_line_and_text(tmp_path: Path, ending: str) -> None:
    lines = [
        "userId,movieId,rating",
        "1,1,5",
        "1,2,5.5",
        "",
        "x,3,4",
        "1,4",
        "1,5,nan",
        "1,6,0",
        '"1","7","3.5"',
        "1,8,",
    ]
    (tmp_path / "ratings.csv").write_bytes((ending.join(lines) + ending + "2,9,1").encode())
    found = read(tmp_path)
    assert [(r["line"], r["user_id"], r["movielens_id"], r["stars"], r["rated_at"]) for r in found["rating"]] == [
        (2, 1, 1, 5.0, None),
        (9, 1, 7, 3.5, None),
        (11, 2, 9, 1.0, None),
    ]
    assert [(r["line"], r["raw"]) for r in found["reject"]] == [
        (3, "1,2,5.5"), (5, "x,3,4"), (6, "1,4"), (7, "1,5,nan"), (8, "1,6,0"), (10, "1,8,")
    ]  # fmt: skip
    assert found["reject"][0]["reason"] == "the rating is not between 0.5 and 5 stars"


def test_a_bad_row_costs_only_its_block_and_lines_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rating_files, "_BLOCK", 64)
    rows = [f"{u},{u % 7 + 1},{(u % 10 + 1) / 2}" for u in range(1, 200)]
    rows[57] = "userId,movieId,rating"
    rows[120] = "99,1,4,extra"
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating\n" + "\n".join(rows), encoding="utf-8")
    found = read(tmp_path)
    assert [(r["line"], r["raw"]) for r in found["reject"]] == [(59, rows[57]), (122, rows[120])]
    assert [r["line"] for r in found["rating"]] == [n for n in range(2, 201) if n not in (59, 122)]
    assert all(r["line"] == r["user_id"] + 1 for r in found["rating"])


def test_times_outside_of_reason_are_rejected(tmp_path: Path) -> None:
    text = "userId,movieId,rating,timestamp\n1,1,4,964982703000\n1,2,4,-5\n1,3,4,0\n"
    (tmp_path / "ratings.csv").write_text(text, encoding="utf-8")
    found = read(tmp_path)
    assert reasons(found) == [
        (2, "the time is not in seconds since 1970"),
        (3, "the time is not in seconds since 1970"),
    ]
    assert found["rating"][0]["rated_at"] == datetime(1970, 1, 1)


def test_1m_double_colons_and_latin_1(tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_bytes(
        "1::Misérables, Les (1995)::Drama|Musical\n2::Star: : Wars::x (1977)::Sci-Fi\n3::No genre\n".encode("latin-1")
    )
    (tmp_path / "ratings.dat").write_bytes(b"1::1::5::978300760\n1::2::3.5::978302109\n1::2::9::1\n1:2:3:4\n")
    found = read(tmp_path)
    assert [(f["title"], f["year"], f["genres"]) for f in found["film"]] == [
        ("Les Misérables", 1995, ["Drama", "Musical"]),
        ("Star: : Wars::x", 1977, ["Sci-Fi"]),
    ]
    assert [(r["user_id"], r["movielens_id"], r["stars"], r["line"]) for r in found["rating"]] == [
        (1, 1, 5.0, 1), (1, 2, 3.5, 2)
    ]  # fmt: skip
    assert reasons(found) == [
        (3, "3 values expected, 2 found"),
        (3, "the rating is not between 0.5 and 5 stars"),
        (4, "4 values expected, 1 found"),
    ]


def test_timed_and_untimed_copies_are_both_read_timed_first(tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_text("1::A (1990)::Drama\n")
    (tmp_path / "ratings-no-timestamps.csv").write_text("userId,movieId,rating\n1,1,5\n2,1,4\n")
    (tmp_path / "ratings-users-1.dat").write_text("1::1::5::978300760\n")
    assert [(r["user_id"], r["rated_at"] is not None) for r in read(tmp_path)["rating"]] == [
        (1, True), (1, False), (2, False)
    ]  # fmt: skip


def test_100k_flags_and_tabs(tmp_path: Path) -> None:
    flags = ["0"] * 19
    flags[1] = flags[5] = "1"
    rows = [
        "|".join(["1", "Toy Story (1995)", "01-Jan-1995", "", "http://x/", *flags]),
        "|".join(["267", "unknown", "", "", "", "1", *["0"] * 18]),
        "|".join(["3", "Señor (1995)", "", "", "", *["0"] * 17]),
    ]
    (tmp_path / "u.item").write_bytes("\n".join(rows).encode("latin-1"))
    (tmp_path / "u.data").write_text("196\t242\t3\t881250949\n186\t302\t6\t891717742\n")
    found = read(tmp_path)
    assert [(f["title"], f["genres"]) for f in found["film"]] == [
        ("Toy Story", ["Action", "Comedy"]), ("unknown", [])
    ]  # fmt: skip
    assert len(found["rating"]) == 1
    assert reasons(found) == [
        (3, "24 values expected, 22 found"),
        (2, "the rating is not between 0.5 and 5 stars"),
    ]


def test_one_gzipped_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbfuserId,movieId,rating\n1,1,5\n"))
    assert [r["stars"] for r in read(path)["rating"]] == [5.0]
