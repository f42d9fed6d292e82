"""Training the factor model at MovieLens 25M's size, on simulated ratings with a known best error.

    python -m benchmarks.taste_scale FOLDER [--out benchmarks/results/taste_scale.json]

FOLDER holds ratings.csv and truth.json of the 25M stand-in (its accuracy is simulated, and no MovieLens result).
Prints seconds, peak memory, error on held-out ratings and its ratio to the floor, and the time of a new person's picks.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import pyarrow.csv as csv

from benchmarks.taste_picks import picks_milliseconds
from cinefile.taste.factor import FactorModel


class Printing:
    """Says when each round ends."""

    def __init__(self) -> None:
        self.start, self.processor = time.perf_counter(), time.process_time()

    def round(self, done: int, total: int, note: str = "") -> None:
        wall, processor = time.perf_counter() - self.start, time.process_time() - self.processor
        print(f"{wall:7.1f} s, processor {processor:7.1f} s  round {done}/{total}  {note}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--factors", type=int)
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    truth = json.loads((options.folder / "truth.json").read_text())
    columns = csv.ConvertOptions(include_columns=["userId", "movieId", "rating"])
    table = csv.read_csv(options.folder / "ratings.csv", convert_options=columns)
    users, films = (table[name].to_numpy().astype(np.int32) for name in ("userId", "movieId"))
    stars = table["rating"].to_numpy().astype(np.float32)
    del table
    held = np.random.default_rng(0).random(len(stars)) < 0.02
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, before_processor = time.perf_counter(), time.process_time()
    model = FactorModel(factors=options.factors, rounds=options.rounds)
    model.fit(users[~held], films[~held], stars[~held], watch=Printing())
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
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
