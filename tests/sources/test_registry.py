"""From a path to data sets: folders, zips, single files, other people's files, and what cannot be read."""

import gzip
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.sources.helpers import metadata, metadata_row, read

from cinefile.errors import InputError, UnknownFormatError
from cinefile.sources import SOURCES, recognise

RATINGS = "userId,movieId,rating\n1,1,5\n"
MOVIES = "movieId,title,genres\n1,A (1990),Drama\n"
WIKIPEDIA = '[{"title": "A", "year": 1990, "cast": [], "genres": []}]'
IMDB = "1 ::: A (1990) ::: drama ::: A plot.\n"
MIAD = ",year,title,plot,genres,rating\n3,1990,A,a plot .,\"['Drama']\",8.0\n"


def test_a_folder_of_data_sets_is_searched_in_the_stated_order(tmp_path: Path) -> None:
    for name, file, text in (
        ("a-wikipedia", "movies-1990s.json", WIKIPEDIA),
        ("b-imdb", "train_data.txt", IMDB),
        ("c-tmd", "movies_metadata-slice.csv", metadata(metadata_row())),
        ("d-ml/ml-b", "ratings.csv", RATINGS),
        ("d-ml/ml-a", "movies.csv", MOVIES),
        ("e-exports", "ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,A,1990,x,4\n"),
        ("f-notes", "README.md", "# Notes"),
    ):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / file).write_text(text, encoding="utf-8")
    (tmp_path / "g-miad").mkdir()
    with zipfile.ZipFile(tmp_path / "g-miad" / "dataTraining.zip", "w") as archive:
        archive.writestr("dataTraining.csv", MIAD)
        archive.writestr("__MACOSX/._dataTraining.csv", "junk")
    assert [(d.source.name, d.name) for d in recognise(tmp_path)] == [
        ("movielens", "ml-a"),
        ("movielens", "ml-b"),
        ("the-movies-dataset", "c-tmd"),
        ("miad", "dataTraining"),
        ("imdb27", "b-imdb"),
        ("wikipedia", "a-wikipedia"),
    ]


@pytest.mark.parametrize("name", ["anything.csv", "movies.csv", "movies.csv.gz"])
def test_one_file_is_known_by_its_columns(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(MOVIES.encode()) if name.endswith(".gz") else MOVIES.encode())
    (dataset,) = recognise(path)
    assert (dataset.source.name, dataset.size) == ("movielens", path.stat().st_size)
    assert read(path)["film"][0]["title"] == "A"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="does not exist") as caught:
        recognise(tmp_path / "nothing")
    assert all(source.formats in caught.value.hint for source in SOURCES)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "the file is empty"), (os.urandom(5000), ""), (b"a,b\n1,2\n", ""), (b"\x00" * 100, "")],
    ids=["empty", "rubbish", "other", "zeros"],
)
@pytest.mark.parametrize("name", ["film.csv", "x.json", "x.txt"])
def test_what_is_no_film_data_gets_the_list_of_formats(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnknownFormatError) as caught:
        recognise(tmp_path / name)
    assert why in caught.value.message
    assert all(source.title in caught.value.hint and source.formats in caught.value.hint for source in SOURCES)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="the folder is empty"):
        recognise(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("ratings.csv", "userId,rating,timestamp\n1,5,0\n", "movieId"),
        ("movies.csv", "movieId,genres\n1,Drama\n", "title"),
        ("links.csv", "movieId,tmdbId\n1,862\n", "imdbId"),
        (
            "movies_metadata.csv",
            metadata(metadata_row()).replace("production_countries", "x", 1),
            "production_countries",
        ),
        ("credits.csv", "cast,id\n[],1\n", "crew"),
        ("dataTraining.csv", MIAD.replace("plot", "text", 1), "plot"),
    ],
)
def test_a_missing_column_is_named_before_anything_is_read(tmp_path: Path, name: str, text: str, missing: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"{name} lacks the column {missing}") as caught:
        recognise(tmp_path)
    assert "Nothing was read" in caught.value.hint


@pytest.mark.parametrize("name", ["ratings.csv", "movies.csv", "movies.dat", "u.data", "train_data.txt"])
def test_an_empty_file_of_a_known_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=f"{name} is empty"):
        recognise(tmp_path)


def test_a_cut_off_zip_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", "userId,movieId,rating\n" + "".join(f"{n},1,5\n" for n in range(20_000)))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"cut\.zip is no complete zip file"):
        recognise(cut)


def test_a_zip_damaged_in_the_middle_stops_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("ratings.csv", "userId,movieId,rating\n" + "".join(f"{n},1,5\n" for n in range(20_000)))
    content = bytearray(path.read_bytes())
    content[100_000] = ord("7")
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.zip:ratings\.csv is damaged"):
        read(path)


def test_a_cut_off_gz_stops_with_its_name(tmp_path: Path) -> None:
    text = "userId,movieId,rating\n" + "".join(f"{n},{n % 977},{n % 5 + 1}\n" for n in range(200_000))
    path = tmp_path / "ratings.csv.gz"
    path.write_bytes(gzip.compress(text.encode())[:-50_000])
    with pytest.raises(InputError, match=r"ratings\.csv\.gz is damaged or cut off"):
        read(path)


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("movies.csv", MOVIES)
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="locked with a password"):
        recognise(path)


def test_progress_ends_at_the_size_of_the_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ml.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", "userId,movieId,rating\n" + "".join(f"{n},1,5\n" for n in range(50_000)))
    (dataset,) = recognise(tmp_path / "ml.zip")
    last = max(rows.bytes_read for rows in dataset.read())
    assert 0.9 * dataset.size <= last <= dataset.size


def test_the_public_folder_is_recognised_whole(data_folder: Path) -> None:
    found = Counter(d.source.name for d in recognise(data_folder))
    known = ["movielens"] * 4 + ["the-movies-dataset", "tmdb-5000", "tmdb-api", "miad", "miad", "imdb27", "wikipedia"]
    assert found >= Counter(known)
