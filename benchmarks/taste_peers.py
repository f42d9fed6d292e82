"""The factor model beside the libraries that people use, on the same splits and in the same run.

    python -m benchmarks taste_peers

Runs whatever of implicit, lenskit, myFM and torch can be imported, and says which could not. With ``--full`` three
seeds instead of one. What an interrupted run has measured is kept in the temporary folder, and taken from there by the
next.

Error: MovieLens 1M, random 90/10, the splits of `ml1m-random`. A peer's settings are chosen from a small grid by the
error on a tenth of seed 0's training part; the time that took is written down. Every fit is a process of its own, whose
largest memory is written down too. Fit time: implicit's ALS (which predicts no stars) and cinefile's ALS and
FactorModel, at equal factors and iterations; with ``--full`` three times in turn, the middle one counts. Lists:
implicit's ALS on the held-out people of `ml1m-users`, settings chosen on its validation people.
"""

import json
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from benchmarks._peers import PEERS, Settings
from benchmarks._results import data_folder, write
from cinefile.evaluation.ranking_metrics import ndcg
from cinefile.evaluation.rating_data import ml_1m
from cinefile.evaluation.splits import HeldOutUser, Ratings, random_split, user_split
from cinefile.evaluation.taste_protocols import rmse
from cinefile.taste.models.als import AlsModel
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.ratings import RatingTable, person_rows

FACTORS, ITERATIONS = 16, 15
PART = Path(tempfile.gettempdir()) / "cinefile-taste-peers"
OWN = "cinefile FactorModel"
_LIKES = [{"factors": k, "regularization": r, "alpha": 1.0} for k in (64, 128) for r in (5.0, 20.0, 40.0)]


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What ``work`` returns, and its seconds."""
    start, before = time.perf_counter(), time.process_time()
    done = work()
    return done, {
        "wall_seconds": round(time.perf_counter() - start, 1),
        "processor_seconds": round(time.process_time() - before, 1),
    }


def _kept(name: str, seed: int) -> Path:
    """File of a run's squared errors, one per rating asked about."""
    return PART / f"{name} {seed}.npy"


def one_run(name: str, settings: Settings, seed: int, validation: bool) -> dict[str, float]:
    """Error, seconds and largest memory of one peer, in this process."""
    split = random_split(ml_1m(data_folder()), 0.1, seed)
    if validation:
        split = random_split(split.train, 0.1, 100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    predicted, took = timed(lambda: PEERS[name].predict(split.train, split.test, settings))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stars = np.clip(predicted, 1, 5)
    if not validation:
        np.save(_kept(name, seed), (stars - split.test.stars) ** 2)
    error = rmse(stars, split.test.stars)
    return {"rmse": error, **took, "peak_mib": round(peak / 1024), "mib_before": round(before / 1024)}


def apart(name: str, settings: Settings, seed: int, validation: bool = False) -> dict[str, float]:
    """``one_run`` in a process of its own, so that memory is that run's."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        figures: dict[str, float] = pool.apply(one_run, (name, settings, seed, validation))
    print(name, settings, "validation" if validation else f"seed {seed}", figures, flush=True)
    return figures


def errors(name: str, seeds: range) -> dict[str, Any]:
    """One peer's chosen settings, what choosing took, and its runs."""
    grid = PEERS[name].grid
    tried: list[dict[str, Any]] = (
        [{"settings": one, **apart(name, one, 0, validation=True)} for one in grid] if len(grid) > 1 else []
    )
    chosen: Settings = min(tried, key=lambda run: run["rmse"])["settings"] if tried else grid[0]
    runs = [{"seed": seed, **apart(name, chosen, seed)} for seed in seeds]
    tuning = round(sum(run["processor_seconds"] for run in tried))
    return {
        "rmse": float(np.mean([run["rmse"] for run in runs])),
        "settings": chosen,
        "tuning_processor_seconds": tuning,
        "tried": tried,
        "runs": runs,
    }


def behind(name: str, seeds: range) -> dict[str, float]:
    """How far a peer's RMSE lies above cinefile's on the same ratings, with a paired 95% interval.

    By the delta method: a difference of roots of means, linear in the paired squared errors.
    """
    own, other = (np.concatenate([np.load(_kept(of, seed)) for seed in seeds]) for of in (OWN, name))
    low, high = float(np.sqrt(own.mean())), float(np.sqrt(other.mean()))
    spread = (other - other.mean()) / (2 * high) - (own - own.mean()) / (2 * low)
    half = 1.96 * float(spread.std()) / float(np.sqrt(len(own)))
    return {"above_cinefile": high - low, "half_95": half, "share": (high - low) / high}


def fit_times(ratings: Ratings, repeats: int) -> dict[str, Any]:
    """Seconds of implicit's ALS and of cinefile's models at equal factors and iterations, in turn."""
    from implicit.cpu.als import AlternatingLeastSquares

    train = random_split(ratings, 0.1, 0).train
    stars = RatingTable.of(train.users, train.films, train.stars).stars
    own = (train.users, train.films, train.stars)
    fits: dict[str, Callable[[], Any]] = {
        "implicit ALS": lambda: AlternatingLeastSquares(factors=FACTORS, iterations=ITERATIONS, random_state=0).fit(
            stars, show_progress=False
        ),
        "cinefile ALS": lambda: AlsModel(factors=FACTORS, rounds=ITERATIONS).fit(*own),
        "cinefile FactorModel": lambda: FactorModel(factors=FACTORS, rounds=ITERATIONS).fit(*own),
        "cinefile FactorModel without picks": lambda: FactorModel(factors=FACTORS, rounds=ITERATIONS, pick_films=1).fit(
            *own
        ),
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in fits}
    for _ in range(repeats):
        for name, fit in fits.items():
            runs[name].append(timed(fit)[1])
            print(name, runs[name][-1], flush=True)
    kinds = ("wall_seconds", "processor_seconds")
    middle = {name: {kind: float(np.median([run[kind] for run in of])) for kind in kinds} for name, of in runs.items()}
    rival = middle["implicit ALS"]
    ratios = {name: {kind: round(of[kind] / rival[kind], 2) for kind in kinds} for name, of in middle.items()}
    return {
        "factors": FACTORS,
        "iterations": ITERATIONS,
        "ratings": stars.nnz,
        "middle_of": repeats,
        "seconds": middle,
        "ratio_to_implicit": ratios,
    }


def lists(ratings: Ratings) -> dict[str, Any]:
    """NDCG@100 of implicit's ALS on `ml1m-users`, settings chosen on the validation people."""
    from implicit.cpu.als import AlternatingLeastSquares

    split = user_split(ratings, 600, 0)
    likes = split.train.take(split.train.stars >= 4)
    table = RatingTable.of(likes.users, likes.films, likes.stars)

    def score(settings: Settings, people: list[HeldOutUser]) -> list[float]:
        model = AlternatingLeastSquares(iterations=15, random_state=0, **settings)
        model.fit(table.seen, show_progress=False)
        given: sp.csr_matrix = person_rows([person.given for person in people], table.film_ids)
        given.data = np.ones_like(given.data)
        ids, _ = model.recommend(np.arange(len(people)), given, N=100, recalculate_user=True)
        return [ndcg(table.film_ids[of], person.asked, 100) for of, person in zip(ids, people, strict=True)]

    def choose() -> Settings:
        return max(_LIKES, key=lambda one: float(np.mean(score(one, split.validation))))

    chosen, took = timed(choose)
    gains = np.array(score(chosen, split.test))
    half = 1.96 * float(gains.std(ddof=1)) / float(np.sqrt(len(gains)))
    return {"implicit ALS": {"ndcg_100": float(gains.mean()), "half_95": half, "settings": chosen, "tuning": took}}


def main(full: bool) -> None:
    """Measure, and write the result after every peer; what is missing stands in it."""
    PART.mkdir(exist_ok=True)
    part, seeds = PART / "done.json", range(3 if full else 1)
    done: dict[str, Any] = json.loads(part.read_text()) if part.is_file() else {}
    ratings = ml_1m(data_folder())
    work: dict[str, tuple[str, Callable[[], Any]]] = {
        "fit_time": ("implicit", lambda: fit_times(ratings, 3 if full else 1)),
        "lists": ("implicit", lambda: lists(ratings)),
    }
    work |= {name: (peer.module, partial(errors, name, seeds)) for name, peer in PEERS.items()}
    missing: dict[str, str] = {}
    for name, (module, measure) in work.items():
        try:
            import_module(module)
        except ImportError as error:
            missing[name] = str(error)
            continue
        if name not in done:
            done[name] = measure()
            part.write_text(json.dumps(done))
        _write(done, missing, seeds, full)
    shutil.rmtree(PART)


def _write(done: dict[str, Any], missing: dict[str, str], seeds: range, full: bool) -> None:
    """Everything measured so far."""
    stars = {name: of for name, of in done.items() if name in PEERS}
    if OWN in stars:
        stars |= {name: of | behind(name, seeds) for name, of in stars.items() if name != OWN}
    figures = {
        "fit_time": done.get("fit_time"),
        "ml1m_users": done.get("lists"),
        "ml1m_random": stars,
        "not_installed": missing,
    }
    write("taste_peers", figures, "python -m benchmarks taste_peers" + (" --full" if full else ""))
