"""Training the factor model at MovieLens 25M's size, on simulated ratings with a known best error.

    CINEFILE_ML25=FOLDER python -m benchmarks taste_scale --full

FOLDER holds ratings.csv and truth.json of the 25M stand-in (its accuracy is simulated, and no MovieLens result).
Writes seconds, peak memory, error on held-out ratings and its ratio to the floor, and the time of a new person's picks.
"""

import json
import os
import resource
import time
from pathlib import Path

import numpy as np
import pyarrow.csv as csv

from benchmarks._results import write
from benchmarks.taste_picks import picks_milliseconds
from cinefile.progress import Silent
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.rating_model import RunOptions


class Printing(Silent):
    """Says when each round ends."""

    def __init__(self) -> None:
        self.start, self.processor = time.perf_counter(), time.process_time()

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        wall, processor = time.perf_counter() - self.start, time.process_time() - self.processor
        print(f"{wall:7.1f} s, processor {processor:7.1f} s  round {done}/{total}  {note}", flush=True)


def main(full: bool) -> None:
    """Train and measure; without ``--full`` or the stand-in's folder there is nothing to do."""
    folder = Path(os.environ.get("CINEFILE_ML25", ""))
    if not full or not (folder / "truth.json").is_file():
        print("taste_scale needs --full and the stand-in's folder in $CINEFILE_ML25")
        return
    truth = json.loads((folder / "truth.json").read_text())
    columns = csv.ConvertOptions(include_columns=["userId", "movieId", "rating"])
    table = csv.read_csv(folder / "ratings.csv", convert_options=columns)
    users, films = (table[name].to_numpy().astype(np.int32) for name in ("userId", "movieId"))
    stars = table["rating"].to_numpy().astype(np.float32)
    del table
    held = np.random.default_rng(0).random(len(stars)) < 0.02
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, before_processor = time.perf_counter(), time.process_time()
    model = FactorModel()
    model.fit(users[~held], films[~held], stars[~held], options=RunOptions(progress=Printing()))
    seconds = time.perf_counter() - start
    processor = time.process_time() - before_processor
    predicted = model.predict(users[held], films[held])
    assert isinstance(predicted, np.ndarray)
    error = float(np.sqrt(np.mean((predicted - stars[held]) ** 2)))
    result = {
        "simulated": True,
        "ratings": int((~held).sum()),
        "fit_seconds": round(seconds, 1),
        "fit_processor_seconds": round(processor, 1),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "gib_before_fit": round(before / 2**20, 2),
        "rmse": round(error, 4),
        "rmse_floor": round(truth["rmse_floor"], 4),
        "ratio_to_floor": round(error / truth["rmse_floor"], 4),
        "picks_p50_ms": picks_milliseconds(model)["wall_p50"],
        "films": len(model.film_ids),
    }
    write("taste_scale", result, "CINEFILE_ML25=FOLDER python -m benchmarks taste_scale --full")
