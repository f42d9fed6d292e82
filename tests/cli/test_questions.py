import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_films(run: Run) -> None:
    result = run("films", "blade runer")
    assert result.stdout.splitlines()[0].startswith("film_id\ttitle\tyear")
    assert "Blade Runner\t1982" in result.stdout
    assert "2 films" in result.stderr


def test_films_as_json(run: Run) -> None:
    answer = json.loads(run("films", "--genre", "horror", "--sort=-year", "--json").stdout)
    assert [f["title"] for f in answer["films"]] == ["Aliens", "Alien", "Nosferatu"]
    assert set(answer) == {"films", "total", "page", "size", "pages", "match"}


def test_film(run: Run) -> None:
    assert "directors\tJohn Lasseter (Director)" in run("film", "Toy Story (1995)").stdout
    assert json.loads(run("film", "1", "--json").stdout)["collection"] == "Toy Story Collection"


def test_votes(run: Run) -> None:
    result = run("votes", "Volver", "--min", "2000")
    assert "fewer than the 2,000" in result.stderr
    assert json.loads(run("votes", "Titanic", "--json").stdout)["vote_average"] == 7.5


def test_people(run: Run) -> None:
    people = json.loads(run("people", "john smith", "--json").stdout)["people"]
    assert len(people) == 2
    assert run("people", "john smith").stdout.count("John Smith") == 2


def test_person(run: Run) -> None:
    (found,) = json.loads(run("people", "James Cameron", "--json").stdout)["people"]
    lines = run("person", str(found["person_id"])).stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == ["title", "Aliens", "Titanic", "Avatar", "Total"]
    assert lines[-1].endswith("\t4360820000")
    assert (
        json.loads(run("person", str(found["person_id"]), "--json").stdout)["directing"]["total_budget"] == 455_500_000
    )


def test_releases(run: Run) -> None:
    assert json.loads(run("releases", "--month", "diciembre", "--json").stdout)["films"] == 6
    assert "Friday" in run("releases", "--weekday", "viernes", "--year", "1995").stdout


def test_summaries(run: Run) -> None:
    assert json.loads(run("genres", "--json").stdout)["genres"][0]["genre"] == "Drama"
    assert run("decades").stdout.splitlines()[1].startswith("1920\t")


def test_sql(run: Run) -> None:
    query = "SELECT film_id, title, release_date FROM films ORDER BY film_id"
    assert run("sql", query, "--limit", "1").stdout == "film_id\ttitle\trelease_date\n1\tToy Story\t1995-10-30\n"
    rows = list(csv.reader(io.StringIO(run("sql", query, "--format", "csv").stdout)))
    assert (len(rows), rows[40][1]) == (41, "<script>alert(1)</script>")
    assert json.loads(run("sql", query, "--json").stdout)["rows"][0]["title"] == "Toy Story"
    assert "first 3 rows" in run("sql", query, "--limit", "3").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("films", ""),
        ("films", "--sort", "nonsense"),
        ("films", "--size", "0"),
        ("film", "Heat"),
        ("film", "No such film"),
        ("person", "99999"),
        ("people", "x" * 300),
        ("releases",),
        ("releases", "--month", "13"),
        ("sql", "DROP TABLE films"),
        ("sql", "SELECT nope FROM films"),
        ("sql", "SELECT 1", "--limit", "0"),
    ],
)
def test_bad_input_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_no_catalogue_is_exit_code_3(run: Run, tmp_path: Path) -> None:
    assert run("films", "--db", str(tmp_path / "none.duckdb")).exit_code == 3


def test_doctor(run: Run, tmp_path: Path) -> None:
    report = json.loads(run("doctor", "--json").stdout)
    found = {f["name"]: f for f in report["findings"]}
    assert report["healthy"]
    assert "40 films" in found["catalogue"]["found"]
    assert found["duckdb"]["ok"]
    missing = run("doctor", "--db", str(tmp_path / "none.duckdb"), "--json")
    assert missing.exit_code == 1
    assert not json.loads(missing.stdout)["healthy"]


def test_errors_are_one_message_and_no_traceback(small_catalogue_file: Path) -> None:
    command = [sys.executable, "-m", "cinefile", "film", "Blade Runer", "--db", str(small_catalogue_file)]
    source = str(Path(__file__).resolve().parents[2] / "src")
    result = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": source})
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Did you mean: Blade Runner (1982)" in result.stderr
    assert "Traceback" not in result.stderr
