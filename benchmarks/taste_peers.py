"""The factor model beside the libraries that people use, on the same splits and in the same run.

    python -m benchmarks taste_peers

Runs whatever of implicit, lenskit and myFM can be imported, and says which could not. With ``--full`` three seeds
instead of one.

Error: MovieLens 1M, random 90/10, the splits of `ml1m-random`. A peer's settings are chosen from a small grid by the
error on a tenth of seed 0's training part; the time that took is written down. Fit time: implicit's ALS (which predicts
no stars) and cinefile's ALS and FactorModel, at equal factors and iterations, wall and processor time.
"""

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks._results import data_folder, write
from cinefile.evaluation.splits_ratings import Ratings, random_split
from cinefile.evaluation.taste_data import ml_1m
from cinefile.evaluation.taste_protocols import rmse
from cinefile.taste.als import AlsModel
from cinefile.taste.factor import FactorModel
from cinefile.taste.ratings import RatingTable

Settings = dict[str, Any]
Predict = Callable[[Ratings, Ratings, Settings], NDArray[Any]]
FACTORS, ITERATIONS = 16, 15


def lenskit_biased_mf(train: Ratings, asked: Ratings, settings: Settings) -> NDArray[Any]:
    """lenskit's biased matrix factorisation by ALS."""
    import pandas as pd
    from lenskit.als import BiasedMFScorer
    from lenskit.data import ItemList, from_interactions_df

    frame = pd.DataFrame({"user_id": train.users, "item_id": train.films, "rating": train.stars})
    model = BiasedMFScorer(**settings)
    model.train(from_interactions_df(frame))
    predicted = np.full(len(asked.users), float(train.stars.mean()))
    for user in np.unique(asked.users):
        rows = np.flatnonzero(asked.users == user)
        scores = model(int(user), ItemList(asked.films[rows])).scores("numpy")
        predicted[rows] = np.where(np.isnan(scores), predicted[rows], scores)
    return predicted


def myfm_regression(train: Ratings, asked: Ratings, settings: Settings) -> NDArray[Any]:
    """myFM's Bayesian factorisation machine by Gibbs sampling, which films a person rated as features (SVD++)."""
    import myfm

    table = RatingTable.of(train.users, train.films, train.stars)
    share = sp.diags(1 / np.sqrt(np.maximum(np.diff(table.stars.indptr), 1)))
    seen = (share @ table.seen).tocsr()

    def design(ratings: Ratings) -> sp.csr_matrix:
        user, film = np.searchsorted(table.user_ids, ratings.users), np.searchsorted(table.film_ids, ratings.films)
        known = (film < len(table.film_ids)) & (
            table.film_ids[np.minimum(film, len(table.film_ids) - 1)] == ratings.films
        )
        rows = np.arange(len(user))
        people = sp.csr_matrix((np.ones(len(rows)), (rows, user)), shape=(len(rows), len(table.user_ids)))
        films = sp.csr_matrix(
            (np.ones(int(known.sum())), (rows[known], film[known])), shape=(len(rows), len(table.film_ids))
        )
        return sp.hstack([people, films, seen[user]] if settings["implicit"] else [people, films]).tocsr()

    model = myfm.MyFMRegressor(rank=settings["rank"], random_seed=0)
    model.fit(design(train), train.stars, n_iter=settings["n_iter"], n_kept_samples=settings["n_iter"] - 20)
    return np.asarray(model.predict(design(asked)))


PEERS: dict[str, tuple[str, Predict, list[Settings]]] = {
    "lenskit biased MF": (
        "lenskit.als",
        lenskit_biased_mf,
        [{"embedding_size": k, "epochs": 20, "regularization": r} for k in (16, 32) for r in (0.05, 0.1, 0.2)],
    ),
    "myFM": (
        "myfm",
        myfm_regression,
        [{"rank": 10, "n_iter": 200, "implicit": False}, {"rank": 10, "n_iter": 100, "implicit": True}],
    ),
}


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What ``work`` returns, and its seconds."""
    start, before = time.perf_counter(), time.process_time()
    done = work()
    return done, {
        "wall_seconds": round(time.perf_counter() - start, 1),
        "processor_seconds": round(time.process_time() - before, 1),
    }


def tuned(predict: Predict, grid: list[Settings], train: Ratings) -> tuple[Settings, dict[str, float]]:
    """The settings with the least error on a tenth of the training part."""
    inner = random_split(train, 0.1, 100)

    def best() -> Settings:
        return min(grid, key=lambda one: rmse(np.clip(predict(inner.train, inner.test, one), 1, 5), inner.test.stars))

    return timed(best)


def default(train: Ratings, asked: Ratings, settings: Settings) -> NDArray[Any]:
    """cinefile's default."""
    model = FactorModel().fit(train.users, train.films, train.stars)
    return np.asarray(model.predict(asked.users, asked.films))


def errors(ratings: Ratings, seeds: range) -> tuple[dict[str, Any], dict[str, str]]:
    """Each model's error per seed, and why a peer is missing."""
    found: dict[str, Any] = {}
    missing: dict[str, str] = {}
    everybody: dict[str, tuple[str, Predict, list[Settings]]] = {**PEERS, "cinefile": ("cinefile", default, [{}])}
    for name, (module, predict, grid) in everybody.items():
        try:
            import_module(module)
        except ImportError as error:
            missing[name] = str(error)
            continue
        chosen, tuning = tuned(predict, grid, random_split(ratings, 0.1, 0).train) if len(grid) > 1 else ({}, {})
        runs = []
        for seed in seeds:
            split = random_split(ratings, 0.1, seed)
            predicted, took = timed(partial(predict, split.train, split.test, chosen))
            runs.append({"seed": seed, "rmse": rmse(np.clip(predicted, 1, 5), split.test.stars), **took})
            print(name, runs[-1], flush=True)
        found[name] = {"settings": chosen, "tuning": tuning, "grid": grid, "runs": runs}
    return found, missing


def fit_times(ratings: Ratings) -> dict[str, Any]:
    """Seconds of implicit's ALS and of cinefile's models at equal factors and iterations, one after the other."""
    try:
        from implicit.cpu.als import AlternatingLeastSquares
    except ImportError as error:
        return {"missing": str(error)}
    train = random_split(ratings, 0.1, 0).train
    table = RatingTable.of(train.users, train.films, train.stars)
    implicit = AlternatingLeastSquares(factors=FACTORS, iterations=ITERATIONS, random_state=0)
    own = (train.users, train.films, train.stars)
    figures = {
        "implicit ALS": timed(lambda: implicit.fit(table.stars, show_progress=False))[1],
        "cinefile ALS": timed(lambda: AlsModel(factors=FACTORS, rounds=ITERATIONS).fit(*own))[1],
        "cinefile FactorModel": timed(lambda: FactorModel(factors=FACTORS, rounds=ITERATIONS).fit(*own))[1],
    }
    print(figures, flush=True)
    return {"factors": FACTORS, "iterations": ITERATIONS, "ratings": table.stars.nnz, "seconds": figures}


def main(full: bool) -> None:
    """Measure, and write the result; what is missing stands in it."""
    ratings = ml_1m(data_folder())
    speed = fit_times(ratings)
    write("taste_peers", {"fit_time": speed}, "python -m benchmarks taste_peers")
    found, missing = errors(ratings, range(3) if full else range(1))
    write(
        "taste_peers",
        {"fit_time": speed, "ml1m_random": found, "not_installed": missing},
        "python -m benchmarks taste_peers" + (" --full" if full else ""),
    )
