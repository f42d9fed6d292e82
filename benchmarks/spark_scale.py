"""The Spark engine at growing sizes, and beside Spark MLlib's ALS on the same split, on this machine's cores.

    CINEFILE_SCALES=FOLDER,FOLDER… python -m benchmarks spark_scale [--full]

Each FOLDER is a MovieLens 25M stand-in (simulated ratings with a known best error). Time and peak memory of every
stage; what each process has of its own is counted, mapped files are not. The ALS comparison is on MovieLens 1M (real),
and with --full on the first folder too; its regularisation is chosen on a tenth of the training part. Rows of sizes
measured before are kept.
"""

import json
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as csv

from benchmarks import _spark as spark
from benchmarks._results import FOLDER, data_folder, write
from cinefile.catalogue.ingest import ingest as build
from cinefile.evaluation.rating_data import ml_1m
from cinefile.evaluation.splits import Ratings, RatingSplit, random_split
from cinefile.evaluation.taste_protocols import rmse
from cinefile.progress import Silent
from cinefile.spark.batch_jobs import write_everybody
from cinefile.spark.ingest import ingest
from cinefile.spark.rating_store import RatingStore
from cinefile.spark.session import connected
from cinefile.spark.shared_files import Folder
from cinefile.spark.training import fit
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.rating_model import RunOptions

FACTORS, ROUNDS = 16, 8
RIDGES = (0.05, 0.1)
CONF = {**spark.LOCAL_ONLY, "spark.driver.memory": "3g"}
MOST_SCORED = 1_000_000  # ratings up to which everybody's films are written too


class Rounds(Silent):
    """When each round ended."""

    def __init__(self) -> None:
        self.ends: list[float] = []
        self.processor: list[float] = []

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        self.ends.append(time.perf_counter())
        self.processor.append(spark.processor_seconds())
        print(f"round {done}/{total} {note}", flush=True)


class Timed:
    """Seconds since it was made, on the clock and of the processor."""

    def __init__(self) -> None:
        self._start, self._processor = time.perf_counter(), spark.processor_seconds()

    def figures(self) -> dict[str, float]:
        """So far."""
        return {
            "seconds": round(time.perf_counter() - self._start, 1),
            "processor_seconds": round(spark.processor_seconds() - self._processor, 1),
        }


@contextmanager
def measured(stages: dict[str, Any], name: str) -> Iterator[None]:
    """Seconds and peak memory of a stage."""
    timed = Timed()
    with spark.Memory() as memory:
        yield
    stages[name] = {**timed.figures(), "peak_mb": memory.peak}
    print(name, stages[name], flush=True)


def at_scale(folder: Path) -> dict[str, Any]:
    """All stages on one stand-in."""
    stages: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, connected("local[*]", CONF) as context:
        here = Path(name)
        build([folder / "movies.csv"], here / "films.duckdb")
        store = RatingStore(str(here / "store"))
        with measured(stages, "ingest"):
            stored = ingest(context, [str(folder / "ratings.csv")], here / "films.duckdb", store).stored
        model, rounds = FactorModel(factors=FACTORS, rounds=ROUNDS), Rounds()
        start = time.perf_counter()
        with measured(stages, "train"):
            fit(context, model, store, Folder(str(here / "work")), options=RunOptions(rounds))
        steps = np.diff(rounds.ends)
        stages["train"] |= {
            "before the first round": round(rounds.ends[0] - start, 1),
            "a round": round(float(steps.mean()), 2),
            "a round, processor": round(float(np.diff(rounds.processor).mean()), 2),
        }
        if stored <= MOST_SCORED:
            model.save(here / "model", with_people=False)
            with measured(stages, "everybody's films"):
                people = write_everybody(context, here / "model", store, 10, Folder(str(here / "picks")))
            stages["everybody's films"]["people"] = people
        stages["megabytes on disk"] = {part: _size(here / part) for part in ("store", "work")}
    people = int(json.loads((folder / "truth.json").read_text())["users"])
    return {"ratings": stored, "people": people, "stages": stages}


def _size(folder: Path) -> int:
    return round(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6)


def beside_als(ratings: Ratings, lowest: float, rounds: int) -> dict[str, Any]:
    """Both on one random 90/10 split, one after the other, each in a Java of its own with its own settings."""
    split = random_split(ratings, 0.1, 0)
    theirs = alone(tuned_als, split, lowest, rounds)
    print("ALS", theirs, flush=True)
    ours = alone(factor_model, split, lowest, rounds)
    print("cinefile", ours, flush=True)
    return {
        "ratings": len(split.train.stars),
        "factors": FACTORS,
        "iterations": rounds,
        "MLlib ALS": theirs,
        "cinefile": ours,
        "time ratio": round(ours["seconds"] / theirs["seconds"], 2),
        "processor time ratio": round(ours["processor_seconds"] / theirs["processor_seconds"], 2),
    }


def alone(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """What ``work`` returns, run in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def tuned_als(split: RatingSplit, lowest: float, rounds: int) -> dict[str, Any]:
    """Spark MLlib's ALS, its ridge chosen on a part of the training ratings; the runs for that warm Java up."""
    from pyspark import SparkConf, SparkContext

    inner = random_split(split.train, 0.1, 100)
    with SparkContext(conf=SparkConf().setMaster("local[*]").setAll([*CONF.items()])) as context:
        context.setLogLevel("ERROR")
        tried = {ridge: als(context, inner, ridge, lowest, rounds)["rmse"] for ridge in RIDGES}
        ridge = min(tried, key=lambda r: tried[r])
        return {**als(context, split, ridge, lowest, rounds), "ridge": ridge, "error by ridge, on validation": tried}


def als(context: Any, split: RatingSplit, ridge: float, lowest: float, rounds: int) -> dict[str, Any]:
    """One fit on cached data, and its error; unknown people and films get the mean."""
    from pyspark.ml.recommendation import ALS
    from pyspark.sql import SparkSession

    session = SparkSession(context)
    with tempfile.TemporaryDirectory() as name:
        spark.write_movielens(Path(name), split.train)
        frame = session.read.csv(
            f"{name}/ratings.csv", header=True, schema="userId int, movieId int, rating float, t long"
        )
        frame = frame.select("userId", "movieId", "rating").cache()
        frame.count()
        timed = Timed()
        model = ALS(
            rank=FACTORS,
            maxIter=rounds,
            regParam=ridge,
            userCol="userId",
            itemCol="movieId",
            ratingCol="rating",
            seed=0,
        ).fit(frame)
        users, films = model.userFactors.collect(), model.itemFactors.collect()
        took = timed.figures()
        frame.unpersist()
    p = {row["id"]: np.array(row["features"], dtype=np.float32) for row in users}
    q = {row["id"]: np.array(row["features"], dtype=np.float32) for row in films}
    mean, test = float(split.train.stars.mean()), split.test
    predicted = [
        float(p[u] @ q[f]) if u in p and f in q else mean
        for u, f in zip(test.users.tolist(), test.films.tolist(), strict=True)
    ]
    return {**took, "rmse": round(rmse(np.clip(predicted, lowest, 5), test.stars), 4)}


def factor_model(split: RatingSplit, lowest: float, rounds: int) -> dict[str, Any]:
    """cinefile's, after one fit of a few rounds that warms Java and the workers up."""
    with tempfile.TemporaryDirectory() as name, connected("local[*]", CONF) as context:
        here = Path(name)
        spark.write_movielens(here / "ml", split.train)
        build([here / "ml" / "movies.csv"], here / "films.duckdb")
        store = RatingStore(str(here / "store"))
        ingest(context, [str(here / "ml" / "ratings.csv")], here / "films.duckdb", store)
        model = FactorModel(factors=FACTORS, rounds=rounds, pick_films=10, pick_people=100)
        fit(
            context,
            FactorModel(factors=FACTORS, rounds=5),
            store,
            Folder(str(here / "warm")),
            options=RunOptions(Rounds()),
        )
        timed = Timed()
        fit(context, model, store, Folder(str(here / "work")), options=RunOptions(Rounds()))
        took = timed.figures()
        model = model.renamed(_movielens_ids(here / "films.duckdb"))
        error = rmse(np.clip(_predicted(model, split.train, split.test), lowest, 5), split.test.stars)
    return {**took, "rmse": round(error, 4)}


def _movielens_ids(catalogue: Path) -> dict[int, int]:
    """MovieLens id of each of the catalogue's films."""
    import duckdb

    with duckdb.connect(str(catalogue), read_only=True) as connection:
        rows = connection.execute("SELECT film_id, CAST(value AS BIGINT) FROM external_ids WHERE kind = 'movielens'")
        return dict(rows.fetchall())


def _predicted(model: FactorModel, train: Ratings, test: Ratings) -> Any:
    """The model knows no people: everybody asked about is folded in from the training ratings."""
    from cinefile.taste.ratings import RatingTable

    table = RatingTable.of(train.users, train.films, train.stars).with_films(model.film_ids)
    model.user_ids, model.history, model._known = table.user_ids, table.stars, None
    return model.predict(test.users, test.films)


def main(full: bool) -> None:
    """Measure what is asked for, and write it."""
    old = FOLDER / "spark_scale.json"
    figures: dict[str, Any] = json.loads(old.read_text()) if old.is_file() else {}
    figures = {k: v for k, v in figures.items() if k in ("sizes", "beside MLlib ALS")}
    sizes, beside = figures.setdefault("sizes", {}), figures.setdefault("beside MLlib ALS", {})
    line = "python -m benchmarks spark_scale, with CINEFILE_SCALES=FOLDER,FOLDER…"
    folders = [Path(f) for f in os.environ.get("CINEFILE_SCALES", "").split(",") if f]
    for folder in folders:
        result = at_scale(folder)
        sizes[f"{result['ratings']:,}"] = {"simulated": True, **result}
        write("spark_scale", figures, line)
    if os.environ.get("CINEFILE_ALS", "1") == "1":
        beside["MovieLens 1M"] = beside_als(ml_1m(data_folder()), 1.0, 15)
        write("spark_scale", figures, line)
        if full and folders:
            table = csv.read_csv(folders[0] / "ratings.csv")
            columns = (table[c].to_numpy() for c in ("userId", "movieId", "rating"))
            simulated = Ratings(*columns)
            beside[f"simulated, {len(simulated.stars):,}"] = beside_als(simulated, 0.5, ROUNDS)
            write("spark_scale", figures, line)
    shutil.rmtree("spark-warehouse", ignore_errors=True)
