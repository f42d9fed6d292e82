"""Where the rating models err: RMSE by how much a person has rated, and by how much a film was rated.

    python -m benchmarks taste_groups

MovieLens 1M, random 90/10, the first split of `ml1m-random`; the ratings asked about fall into eight equal groups.
With `--full` all models of the protocol, else the default and the bias baseline. Writes results/taste-groups.json.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import _results
from cinefile.evaluation.rating_data import ml_1m
from cinefile.evaluation.splits import random_split
from cinefile.evaluation.taste_protocols import rmse
from cinefile.taste.models import new_model

GROUPS = 8


def main(full: bool) -> None:
    """Run it; `full` takes more models."""
    split = random_split(ml_1m(_results.data_folder()), 0.1, 0)
    names = ("bias", "neighbours", "als", "factor") if full else ("bias", "factor")
    predicted = {}
    for name in names:
        model = new_model(name).fit(split.train.users, split.train.films, split.train.stars)
        predicted[name] = np.asarray(model.predict(split.test.users, split.test.films))
    document = {
        "protocol_split": "ml1m-random, seed 0",
        "rmse": {name: rmse(of, split.test.stars) for name, of in predicted.items()},
        "by_activity": curves(_counts(split.train.users, split.test.users), predicted, split.test.stars, "a person"),
        "by_popularity": curves(_counts(split.train.films, split.test.films), predicted, split.test.stars, "a film"),
    }
    _results.write("taste-groups", document, "python -m benchmarks taste_groups" + (" --full" if full else ""))


def _counts(train: NDArray[Any], asked: NDArray[Any]) -> NDArray[np.int64]:
    """Training ratings of each id asked about."""
    ids, counts = np.unique(train, return_counts=True)
    place = np.minimum(np.searchsorted(ids, asked), len(ids) - 1)
    return np.where(ids[place] == asked, counts[place], 0)


def curves(
    counts: NDArray[np.int64], predicted: dict[str, NDArray[Any]], stars: NDArray[Any], whose: str
) -> dict[str, Any]:
    """RMSE of each model in groups of equal size by count: points of (median count, RMSE)."""
    groups = np.array_split(np.argsort(counts, kind="stable"), GROUPS)
    points = {
        name: [[float(max(1.0, np.median(counts[g]))), round(rmse(of[g], stars[g]), 4)] for g in groups]
        for name, of in predicted.items()
    }
    return {"x": f"training ratings of {whose}", "y": "RMSE", "log_x": True, "points": points}


if __name__ == "__main__":
    main(False)
