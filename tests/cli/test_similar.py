import json

import pytest
from tests.small_catalogue import write_small_catalogue
from typer.testing import CliRunner

from cinefile.cli.app import app


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    return str(write_small_catalogue(tmp_path_factory.mktemp("cli") / "small.duckdb"))


def test_similar_as_json(db):
    ran = CliRunner().invoke(app, ["similar", "Toy Story (1995)", "--db", db, "--json"])
    films = json.loads(ran.stdout)["films"]
    assert len(films) == 5
    assert films[0]["title"] == "Toy Story 2"
    assert set(films[0]) == {"film_id", "title", "year", "score", "because", "shared"}


def test_similar_by_decade_without_the_series(db):
    ran = CliRunner().invoke(app, ["similar", "Alien", "--db", db, "--json", "--decade", "1980", "-k", "3"])
    assert all(1980 <= f["year"] <= 1989 for f in json.loads(ran.stdout)["films"])


@pytest.mark.parametrize("command", [["similar", "Alien"], ["search", "alien"]])
def test_the_bounds_are_those_of_the_library(db, command):
    ran = CliRunner().invoke(app, [*command, "--db", db, "-k", "101"])
    assert "from 1 to 100" in ran.exception.message


def test_a_near_miss_is_answered_with_suggestions(db):
    ran = CliRunner().invoke(app, ["similar", "Toy Stroy", "--db", db])
    assert "Toy Story (1995)" in ran.exception.hint


def test_search_as_json(db):
    ran = CliRunner().invoke(app, ["search", "blade runer", "--db", db, "--json", "-k", "2"])
    films = json.loads(ran.stdout)["films"]
    assert films[0]["title"] == "Blade Runner"
    assert "title" in films[0]["by"]


def test_train_similar_writes_vectors_and_neighbours(db, tmp_path):
    out = tmp_path / "n.parquet"
    ran = CliRunner().invoke(app, ["train", "similar", "--db", db, "--neighbours", str(out), "-k", "2", "--json"])
    facts = json.loads(ran.stdout)
    assert facts["films"] == 40
    assert facts["neighbours"] == 80
    assert out.stat().st_size > 0
