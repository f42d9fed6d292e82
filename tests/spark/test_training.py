"""Models trained on a cluster are those that one machine trains, whatever the partitions; a stopped run goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.spark.conftest import World

from cinefile.errors import InputError
from cinefile.progress import Silent
from cinefile.spark import people_loop
from cinefile.spark.batch_jobs import file_name, write_everybody
from cinefile.spark.ingest import ingest
from cinefile.spark.rating_store import RatingStore
from cinefile.spark.shared_files import Folder
from cinefile.spark.training import fit, train_taste
from cinefile.taste.models import load_model, new_model
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.recommend_everybody import SCHEMA
from cinefile.taste.train import catalogue_ratings, films_of
from cinefile.taste.train import train_taste as train_here

pytestmark = pytest.mark.spark


class StoppedError(Exception):
    """What a driver that is killed between two rounds looks like from inside."""


class StopAfter(Silent):
    def __init__(self, rounds: int) -> None:
        self._rounds = rounds

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        if done == self._rounds:
            raise StoppedError


class Counting(Silent):
    def __init__(self) -> None:
        self.rounds: list[int] = []

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        self.rounds.append(done)


@pytest.fixture(scope="module")
def stores(spark: Any, world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[int, RatingStore]:
    """The same ratings in one bucket, in two, and in more than there are people, so that most are empty."""
    folder = tmp_path_factory.mktemp("stores")
    found = {}
    for buckets in (1, 2, 256):
        found[buckets] = RatingStore(str(folder / f"{buckets}"))
        ingest(spark, [str(world.ratings)], world.films, found[buckets], buckets)
    return found


def close(one: RatingModel, other: RatingModel) -> None:
    ours, theirs = one._arrays(), other._arrays()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert np.abs(array.astype(np.float64) - theirs[name]).max(initial=0.0) < 1e-6, name
    assert np.array_equal(one.film_ids, other.film_ids)
    assert np.array_equal(one.counts, other.counts)
    assert one.mean == pytest.approx(other.mean, abs=1e-12)
    assert one.range == other.range


@pytest.mark.parametrize(("buckets", "few"), [(1, 4), (256, 4), (256, 0)])
def test_the_same_factors(
    spark: Any,
    world: World,
    stores: dict[int, RatingStore],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    buckets: int,
    few: int,
) -> None:
    monkeypatch.setattr(people_loop, "_FEW", few)  # with 0, sums go through Java, as those of many tasks do
    features = films_of(world.films)
    users, films, stars, _ = catalogue_ratings(world.whole)
    settings: dict[str, Any] = {"factors": 4, "rounds": 3, "gradient_steps": 2, "pick_people": 100}
    options = RunOptions(validation=0.1)
    here = FactorModel(**settings).fit(users, films, stars, features=features, options=options)
    there = FactorModel(**settings)
    fit(spark, there, stores[buckets], Folder(str(tmp_path / "work")), features, options)
    close(here, there)
    assert there.curve == pytest.approx(here.curve, abs=1e-6)
    person = {int(film): float(star) for film, star in zip(here.film_ids[:20], [1, 5] * 10, strict=True)}
    assert [p.film_id for p in here.recommend(person, k=20)] == [p.film_id for p in there.recommend(person, k=20)]


def test_the_same_co_occurrences(spark: Any, world: World, stores: dict[int, RatingStore], tmp_path: Path) -> None:
    users, films, stars, _ = catalogue_ratings(world.whole)
    here, there = new_model("ease").fit(users, films, stars), new_model("ease")
    fit(spark, there, stores[2], Folder(str(tmp_path / "work")))
    close(here, there)
    assert there._facts()["slope"] == pytest.approx(here._facts()["slope"], abs=1e-9)


def test_a_stopped_driver_goes_on(spark: Any, stores: dict[int, RatingStore], tmp_path: Path) -> None:
    settings: dict[str, Any] = {"factors": 3, "rounds": 3, "gradient_steps": 1}
    whole, stopped = FactorModel(**settings), FactorModel(**settings)
    fit(spark, whole, stores[2], Folder(str(tmp_path / "whole")))
    work = Folder(str(tmp_path / "work"))
    with pytest.raises(StoppedError):
        fit(spark, stopped, stores[2], work, options=RunOptions(progress=StopAfter(1)))
    watch = Counting()
    fit(spark, stopped, stores[2], work, options=RunOptions(progress=watch))
    assert watch.rounds == [2, 3]
    assert [name for name in work.names() if name.startswith("round")] == ["round.npz"]
    for name, array in whole._arrays().items():
        assert np.array_equal(array, stopped._arrays()[name]), name
    # Other settings are another run.
    again = Counting()
    fit(spark, FactorModel(factors=2, rounds=1), stores[2], work, options=RunOptions(progress=again))
    assert again.rounds == [1]


def test_from_store_to_folder_to_everybodys_films(
    spark: Any, world: World, stores: dict[int, RatingStore], tmp_path: Path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    here, there = tmp_path / "here.taste", tmp_path / "there.taste"
    work = Folder(str(tmp_path / "work"))
    facts = train_here(world.whole, "ease", here, Silent())
    assert train_taste(spark, stores[2], world.films, "ease", there, work, Silent()) | {
        "seconds": 0,
        "folder": "",
    } == facts | {"seconds": 0, "folder": ""}
    assert not (tmp_path / "work").exists()
    close(load_model(here), load_model(there))
    out = Folder(str(tmp_path / "picks"))
    people = write_everybody(spark, there, stores[2], 5, out)
    found = pa.concat_tables(pq.read_table(tmp_path / "picks" / file_name(n)) for n in range(2))
    assert found.schema == SCHEMA
    assert people == facts["people"] == len(found["user_id"].unique()) + 1  # who rated everything gets nothing
    users, films, stars, _ = catalogue_ratings(world.whole)
    one = int(users[0])
    own = {int(f): float(s) for u, f, s in zip(users, films, stars, strict=True) if u == one}
    mine = found.filter(pa.compute.equal(found["user_id"], one)).sort_by("rank")
    assert mine["film_id"].to_pylist() == [p.film_id for p in load_model(here).recommend(own, k=5)]
    # What is there already is left alone.
    before = (tmp_path / "picks" / file_name(1)).stat().st_mtime_ns
    (tmp_path / "picks" / file_name(0)).unlink()
    write_everybody(spark, there, stores[2], 5, out)
    assert (tmp_path / "picks" / file_name(1)).stat().st_mtime_ns == before
    assert (tmp_path / "picks" / file_name(0)).exists()


def test_models_without_a_way_to_spread(spark: Any, stores: dict[int, RatingStore], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="factor, ease"):
        fit(spark, new_model("bias"), stores[1], Folder(str(tmp_path / "work")))
