"""`cinefile train taste` and `cinefile recommend` on a small catalogue with ratings."""

import json
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.taste.rated_catalogue import write_rated_catalogue
from typer.testing import CliRunner, Result

from cinefile.cli.app import app
from cinefile.errors import InputError, NotFoundError
from cinefile.evaluation.rating_data import catalogue_ids


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = write_rated_catalogue(tmp_path_factory.mktemp("rated") / "films.duckdb")
    ran = CliRunner().invoke(app, ["train", "taste", "--db", str(file), "--json"])
    facts = json.loads(ran.stdout)
    assert facts["folder"] == str(file.with_suffix(".taste"))
    assert facts["films"] == 40
    assert len(facts["errors"]) == 15
    assert Path(facts["picture"]).read_text(encoding="utf-8").startswith("<svg xmlns=")
    return file


def _run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["recommend", "--db", str(db), *arguments])


def _export(folder: Path, text: str) -> str:
    file = folder / "ratings.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_from_an_export(db: Path, tmp_path: Path) -> None:
    export = _export(tmp_path, "title,year,stars\nToy Story,1995,5\nNo Such Film,1950,3\n")
    document = json.loads(_run(db, "--ratings", export, "-k", "3", "--json").stdout)
    assert len(document["films"]) == 3
    assert sum(document["matched"].values()) == 2
    assert document["matched"]["unmatched"] == 1
    assert 1 not in [film["film_id"] for film in document["films"]]
    assert all(film["low"] <= film["stars"] <= film["high"] for film in document["films"])


def test_correction_file_is_written_then_used(db: Path, tmp_path: Path) -> None:
    export = _export(tmp_path, "title,year,stars\nToy Story,1995,5\nNo Such Film,1950,3\n")
    corrections = tmp_path / "corrections.csv"
    first = _run(db, "--ratings", export, "--corrections", str(corrections), "--json")
    assert first.exit_code == 0
    lines = corrections.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("film_id")
    corrected = [
        ",".join("7" if n == place else cell for n, cell in enumerate(line.split(","))) if "No Such" in line else line
        for line in lines
    ]
    corrections.write_text("\n".join(corrected) + "\n", encoding="utf-8")
    document = json.loads(_run(db, "--ratings", export, "--corrections", str(corrections), "-k", "39", "--json").stdout)
    assert document["matched"].get("unmatched", 0) == 0
    assert not {1, 7} & {film["film_id"] for film in document["films"]}


def test_everybody(db: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.parquet"
    assert json.loads(_run(db, "--all", str(file), "-k", "2", "--json").stdout) == {"people": 80, "file": str(file)}
    assert pq.read_table(file)["user_id"].to_pylist()[:4] == [1000, 1000, 1001, 1001]


def test_everybody_of_one_data_set_with_a_word_on_the_others(db: Path, tmp_path: Path) -> None:
    several = tmp_path / "films.duckdb"
    shutil.copy(db, several)
    shutil.copytree(db.with_suffix(".taste"), several.with_suffix(".taste"))
    with duckdb.connect(str(several)) as connection:
        connection.execute("UPDATE ratings SET source = 'zz-set' WHERE user_id < 1010")
    ran = _run(several, "--all", str(tmp_path / "all.parquet"), "-k", "1", "--json")
    assert json.loads(ran.stdout)["people"] == 70
    assert "zz-set" in ran.stderr
    ran = _run(several, "--all", str(tmp_path / "zz.parquet"), "-k", "1", "--json", "--source", "zz-set")
    assert json.loads(ran.stdout)["people"] == 10
    assert isinstance(_run(several, "--all", "x.parquet", "--source", "none").exception, InputError)


def test_a_user_of_the_catalogue_and_the_table(db: Path) -> None:
    ran = _run(db, "--user", "1000", "-k", "2")
    assert ran.exit_code == 0
    assert "because you rated" in ran.stdout
    assert isinstance(_run(db, "--user", "5").exception, NotFoundError)


@pytest.mark.parametrize("arguments", [(), ("--user", "1000", "--all", "x.parquet")])
def test_whose_films(db: Path, arguments: tuple[str, ...]) -> None:
    assert isinstance(_run(db, *arguments).exception, InputError)


def test_nothing_matched(db: Path, tmp_path: Path) -> None:
    error = _run(db, "--ratings", _export(tmp_path, "title,year,stars\nNo Such Film,1950,3\n")).exception
    assert isinstance(error, InputError)
    assert "None of the export's ratings" in str(error)


def test_the_starter_models_film_ids(db: Path) -> None:
    assert catalogue_ids(db) == {1: 1}


def test_a_file_of_several_people_and_other_columns(db: Path, tmp_path: Path) -> None:
    export = _export(tmp_path, "wer,was,wann,wie\nann,Toy Story,1995,5\nbob,Toy Story,1995,1\n")
    columns = ("--columns", "user=wer,title=was,year=wann,stars=wie")
    assert "--user" in str(_run(db, "--ratings", export, *columns).exception)
    document = json.loads(_run(db, "--ratings", export, *columns, "--user", "bob", "-k", "3", "--json").stdout)
    assert [(film["title"], film["stars"]) for film in document["ratings"]] == [("Toy Story", 1.0)]
    assert isinstance(_run(db, "--user", "bob").exception, InputError)


def test_what_is_not_understood_and_only_suggested_is_said(db: Path, tmp_path: Path) -> None:
    export = _export(
        tmp_path, "title,year,stars\nToy Story,1995,5\nAliens: The Rest,,4\nHeat,Nov-95,4\nAlien,1979,45\n"
    )
    ran = _run(db, "--ratings", export, "-k", "3", "--json")
    document = json.loads(ran.stdout)
    assert document["not_understood"] == {"year": 1, "stars": 1}
    assert {row["title"] for row in document["suggested"]} == {"Aliens", "Heat"}
    assert [film["title"] for film in document["ratings"]] == ["Toy Story"]
    assert "Column year: 1 cells" in ran.stderr
    assert "line 5: Alien is not used" in ran.stderr


def test_an_export_without_ratings_is_named(db: Path, tmp_path: Path) -> None:
    error = _run(db, "--ratings", _export(tmp_path, "Title,Date\nToy Story,1/2/20\n")).exception
    assert "viewing history, without ratings" in str(error)
