"""The Spark engine on a real standalone cluster: a master and two workers as processes, on this machine only.

    python -m benchmarks spark_cluster [--full]

Real ratings: the first 300 people of MovieLens 1M, or with --full all. Trains on one machine; on the cluster; on the
cluster with a worker killed after the second round; and on the cluster with the driver killed after the second round
and started again. All four models must agree.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _spark as spark
from benchmarks._results import data_folder, write
from cinefile.catalogue.ingest import ingest
from cinefile.evaluation.rating_data import ml_1m
from cinefile.progress import Silent
from cinefile.taste.models import load_model
from cinefile.taste.train import train_taste


def main(full: bool) -> None:
    """Run all four, and write the result."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratings = ml_1m(data_folder())
        ratings = ratings if full else ratings.take(ratings.users <= 300)
        spark.write_movielens(folder / "ml", ratings)
        ingest([folder / "ml"], folder / "films.duckdb")
        start = time.perf_counter()
        train_taste(folder / "films.duckdb", "factor", folder / "here.taste", Silent())
        figures: dict[str, Any] = {"one machine": {"seconds": round(time.perf_counter() - start, 1)}}
        with spark.cluster(folder) as cluster:
            db = ["--db", str(folder / "films.duckdb"), "--master", spark.MASTER, "--json"]
            done = subprocess.run(
                spark.command("ingest", str(folder / "ml" / "ratings.csv"), *db), check=True, capture_output=True
            )
            figures["ingest"] = {k: json.loads(done.stdout)[k] for k in ("rows_read", "stored", "rejected", "seconds")}
            figures["cluster"] = trained(folder, db, "there", lambda: None)
            figures["driver killed"] = trained(folder, db, "driver", None)
            figures["worker killed"] = trained(folder, db, "worker", cluster.kill_worker)
        write("spark_cluster", {"ratings": len(ratings.stars), **figures}, "python -m benchmarks spark_cluster")


def trained(folder: Path, db: list[str], name: str, after_two_rounds: Any) -> dict[str, Any]:
    """Train on the cluster, do something after two rounds (None: kill the driver and start again), and compare."""
    arguments = ["train", "taste", *db, "--out", str(folder / f"{name}.taste"), "--work", str(folder / f"{name}.work")]
    start = time.perf_counter()
    rounds = run(spark.command(*arguments), after_two_rounds)
    again = run(spark.command(*arguments), lambda: None) if after_two_rounds is None else []
    seconds = time.perf_counter() - start
    here, there = load_model(folder / "here.taste"), load_model(folder / f"{name}.taste")
    gaps = {
        array: float(np.abs(values.astype(np.float64) - there._arrays()[array]).max())
        for array, values in here._arrays().items()
    }
    person = {int(film): 5.0 for film in here.film_ids[::300]}
    found = {
        "seconds": round(seconds, 1),
        "rounds": rounds,
        **({"rounds after the restart": again} if again else {}),
        "largest difference to one machine": max(gaps.values()),
        "same 50 picks": [p.film_id for p in here.recommend(person, k=50)]
        == [p.film_id for p in there.recommend(person, k=50)],
    }
    print(name, found, flush=True)
    return found


def run(line: list[str], after_two_rounds: Any) -> list[int]:
    """Run a training command; returns the rounds that it said it finished."""
    rounds: list[int] = []
    said: list[str] = []
    process = subprocess.Popen(
        line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert process.stderr is not None
    for text in process.stderr:
        said.append(text)
        if text.startswith("round "):
            rounds.append(int(text.split()[1]))
            if rounds[-1] == 2:
                if after_two_rounds is None:
                    spark.kill(process)  # type: ignore[arg-type]
                    return rounds
                after_two_rounds()
    if process.wait():
        raise RuntimeError("".join(said[-20:]))
    return rounds
