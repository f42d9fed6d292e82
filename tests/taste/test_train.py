"""From a catalogue to a model folder, and from there to everybody's films."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.small_catalogue import write_small_catalogue
from tests.taste.rated_catalogue import write_rated_catalogue
from tests.taste.ratings_fixture import small_world

from cinefile.errors import CatalogueError, InputError, NotFoundError
from cinefile.progress import Silent
from cinefile.taste.content_features import catalogue_features
from cinefile.taste.models import load_model
from cinefile.taste.models.bias import BiasModel
from cinefile.taste.recommend import Wishes
from cinefile.taste.recommend_everybody import SCHEMA, write_everybody
from cinefile.taste.train import train_taste


class Noting(Silent):
    def __init__(self) -> None:
        self.rounds: list[tuple[int, int | None]] = []

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        self.rounds.append((done, total))


def test_factor_knows_films_that_nobody_rated(tmp_path: Path) -> None:
    watch = Noting()
    facts = train_taste(write_rated_catalogue(tmp_path / "c.duckdb"), "factor", tmp_path / "c.taste", watch)
    model = load_model(tmp_path / "c.taste")
    assert model.film_ids.tolist() == list(range(1, 41))
    assert facts["films_rated"] == 30 == int((model.counts > 0).sum())
    assert facts["people"] == 80
    assert len(model.user_ids) == 0
    assert watch.rounds[-1] == (15, 15)
    assert len(facts["curve"]) == 15
    assert f"- ratings: {facts['ratings']}" in (tmp_path / "c.taste" / "CARD.md").read_text()
    assert "c.duckdb" in (tmp_path / "c.taste" / "CARD.md").read_text()
    assert json.loads((tmp_path / "c.taste" / "manifest.json").read_text())
    assert 35 in [pick.film_id for pick in model.recommend({1: 5.0, 2: 1.0}, k=40)]


def test_content_has_shared_facts_and_takes_a_models_columns(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(write_rated_catalogue(tmp_path / "c.duckdb"))) as connection:
        every = catalogue_features(connection)
        directors = connection.execute(
            "SELECT person_id, count(DISTINCT film_id) FROM credits WHERE job = 'Director' GROUP BY ALL"
        ).fetchall()
        fewer = catalogue_features(connection, [n for n in every.names if not n.startswith("country:")])
    assert {n for n in every.names if n.startswith("director:")} == {
        f"director:{p}" for p, films in directors if films > 1
    }
    assert set(every.names) - set(fewer.names) == {n for n in every.names if n.startswith("country:")}
    shared = [every.names.index(name) for name in fewer.names]
    assert (every.rows[:, shared] != fewer.rows).nnz == 0


def test_other_models_know_rated_films_only(tmp_path: Path) -> None:
    train_taste(write_rated_catalogue(tmp_path / "c.duckdb"), "bias", tmp_path / "b.taste", Silent())
    assert load_model(tmp_path / "b.taste").film_ids.tolist() == list(range(1, 31))


def test_users_of_two_sources_are_two_people(tmp_path: Path) -> None:
    import duckdb

    file = write_rated_catalogue(tmp_path / "c.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "INSERT INTO ratings BY NAME SELECT 'other' AS source, 1000 AS user_id, 1 AS film_id, 5 AS stars"
        )
    assert train_taste(file, "bias", tmp_path / "b.taste", Silent())["people"] == 81


def test_what_cannot_be_trained(tmp_path: Path) -> None:
    bare = write_small_catalogue(tmp_path / "bare.duckdb")
    with pytest.raises(InputError, match=r"bare\.duckdb has no ratings"):
        train_taste(bare, "factor", tmp_path / "x.taste", Silent())
    with pytest.raises(NotFoundError, match="no rating model 'nearest'"):
        train_taste(bare, "nearest", tmp_path / "x.taste", Silent())
    with pytest.raises(CatalogueError):
        train_taste(tmp_path / "none.duckdb", "factor", tmp_path / "x.taste", Silent())
    assert not (tmp_path / "x.taste").exists()


def test_everybodys_films_as_parquet(tmp_path: Path) -> None:
    users, films, stars = small_world()
    model = BiasModel().fit(users, films, stars)
    people = {5: {7: 4.0}, 3: {10: 2.0, 13: 5.0}}
    assert write_everybody(model, people, 4, tmp_path / "all.parquet") == 2
    table = pq.read_table(tmp_path / "all.parquet")
    assert table.schema.equals(SCHEMA)
    assert table["user_id"].to_pylist() == [5] * 4 + [3] * 4
    assert table["rank"].to_pylist() == [1, 2, 3, 4] * 2
    of_three = [row["film_id"] for row in table.to_pylist() if row["user_id"] == 3]
    assert of_three == [pick.film_id for pick in model.recommend(people[3], k=4)]
    assert not {10, 13} & set(of_three)
    assert table["std"].null_count == 8  # the bias model has no deviation, and says so
    assert [file.name for file in tmp_path.iterdir()] == ["all.parquet"]


def test_everybodys_films_for_nobody_and_by_wishes(tmp_path: Path) -> None:
    users, films, stars = small_world()
    model = BiasModel().fit(users, films, stars)
    assert write_everybody(model, {}, 4, tmp_path / "none.parquet") == 0
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
    write_everybody(model, {1: {7: 3.0}}, 4, tmp_path / "two.parquet", Wishes(allowed=np.array([7, 10, 13])))
    assert sorted(pq.read_table(tmp_path / "two.parquet")["film_id"].to_pylist()) == [10, 13]
