"""Protocols of rating models, on any ratings and by name on the public data."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.evaluation import ranking_metrics as ranking
from cinefile.evaluation import rating_data as data_of
from cinefile.evaluation.result import Result
from cinefile.evaluation.splits import (
    HeldOutUser,
    Ratings,
    RatingSplit,
    film_split,
    most_active,
    random_split,
    time_split,
    user_split,
)
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.models import new_model
from cinefile.taste.rating_model import RatingModel
from cinefile.taste.recommend import Wishes, normal_quantile

Factory = Callable[[], RatingModel]
Models = Mapping[str, Factory]
Say = Callable[[str], None]
_SHARES = (0.5, 0.8, 0.95)


def rmse(predicted: NDArray[Any], stars: NDArray[Any]) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean((predicted - stars) ** 2)))


def rmse_per_user(predicted: NDArray[Any], ratings: Ratings) -> float:
    """Mean over people of each one's root mean squared error."""
    _, person = np.unique(ratings.users, return_inverse=True)
    squares = np.bincount(person, (predicted - ratings.stars) ** 2) / np.bincount(person)
    return float(np.sqrt(squares).mean())


def fitted(factory: Factory, train: Ratings, features: FilmFeatures | None = None) -> RatingModel:
    """A trained model; told of film features, which it uses if it can."""
    return factory().fit(train.users, train.films, train.stars, train.times, features=features)


def _predicted(model: RatingModel, asked: Ratings) -> NDArray[np.float64]:
    return np.asarray(model.predict(asked.users, asked.films))


def random_protocol(name: str, ratings: Ratings, models: Models, say: Say, seeds: Sequence[int] = range(5)) -> Result:
    """Random 90/10: RMSE over all ratings asked about, mean and standard deviation over seeds."""
    runs: dict[str, list[dict[str, float]]] = {model: [] for model in models}
    for seed in seeds:
        split = random_split(ratings, 0.1, seed)
        for model, factory in models.items():
            start = time.perf_counter()
            trained = fitted(factory, split.train)
            seconds = time.perf_counter() - start
            error = rmse(_predicted(trained, split.test), split.test.stars)
            runs[model].append({"seed": seed, "rmse": error, "fit_seconds": seconds})
            say(f"{name} seed {seed} {model}: RMSE {error:.4f}, fit {seconds:.1f} s")
    rows: list[list[str | float]] = []
    for model, of in runs.items():
        errors = np.array([run["rmse"] for run in of])
        half = 1.96 * float(errors.std(ddof=1)) / np.sqrt(len(errors)) if len(errors) > 1 else float("nan")
        rows.append([model, float(errors.mean()), half, float(np.mean([run["fit_seconds"] for run in of]))])
    columns = ("model", "RMSE", "±95%", "fit seconds")
    text = f"Random 90/10 of {len(ratings.users):,} ratings, seeds {list(seeds)}; RMSE."
    return Result(name, text, columns, rows, {"runs": runs})


def time_protocol(name: str, ratings: Ratings, models: Models, say: Say) -> Result:
    """The last 20% by time: RMSE over all, and over those by people and of films seen in training."""
    split = time_split(ratings, 0.2)
    warm = np.isin(split.test.users, split.train.users) & np.isin(split.test.films, split.train.films)
    rows: list[list[str | float]] = []
    for model, factory in models.items():
        predicted = _predicted(fitted(factory, split.train), split.test)
        known = rmse(predicted[warm], split.test.stars[warm]) if warm.any() else float("nan")
        rows.append([model, rmse(predicted, split.test.stars), known])
        say(f"{name} {model}: RMSE {rows[-1][1]:.4f}")
    text = f"The last 20% of {len(ratings.users):,} ratings by time; {warm.mean():.1%} by known people of known films."
    return Result(name, text, ("model", "RMSE", "RMSE, known"), rows, {"asked": len(split.test.users)})


def interval_protocol(name: str, ratings: Ratings, models: Models, say: Say, seeds: Sequence[int] = (0,)) -> Result:
    """Random 90/10: the share of ratings inside the central 50, 80 and 95% intervals, and the intervals' mean width."""
    rows: list[list[str | float]] = []
    for model, factory in models.items():
        inside: list[list[float]] = []
        for seed in seeds:
            split = random_split(ratings, 0.1, seed)
            inside.append(_inside(fitted(factory, split.train), split))
            say(f"{name} seed {seed} {model}: {inside[-1]}")
        rows.append([model, *np.mean(inside, axis=0).tolist()])
    columns = ("model", *(f"inside {share:.0%}" for share in _SHARES), "mean deviation")
    return Result(name, f"Random 90/10, seeds {list(seeds)}; coverage of predictive intervals.", columns, rows)


def _inside(model: RatingModel, split: RatingSplit) -> list[float]:
    mean, deviation = model.predict(split.test.users, split.test.films, return_std=True)
    miss = np.abs(mean - split.test.stars)
    return [*(float((miss <= normal_quantile(s) * deviation).mean()) for s in _SHARES), float(deviation.mean())]


def active_protocol(
    name: str, ratings: Ratings, models: Models, say: Say, users: int = 10_000, films: int = 1000
) -> Result:
    """The most active people and most rated films, 80/20, seed 0: mean per-user RMSE, and plain RMSE."""
    part = most_active(ratings, users, films)
    split = random_split(part, 0.2, 0)
    rows: list[list[str | float]] = []
    curves: dict[str, list[float]] = {}
    for model, factory in models.items():
        start = time.perf_counter()
        trained = fitted(factory, split.train)
        seconds = time.perf_counter() - start
        predicted = _predicted(trained, split.test)
        rows.append([model, rmse_per_user(predicted, split.test), rmse(predicted, split.test.stars), seconds])
        curves[model] = list(trained.curve)
        say(f"{name} {model}: mean per-user RMSE {rows[-1][1]:.4f}, fit {seconds:.0f} s")
    text = f"{users:,} most active people, {films:,} most rated films ({len(part.users):,} ratings), 80/20, seed 0."
    columns = ("model", "mean per-user RMSE", "RMSE", "fit seconds")
    return Result(name, text, columns, rows, {"curves": {k: v for k, v in curves.items() if v}})


def user_protocol(
    name: str, ratings: Ratings, models: Models, say: Say, held: int = 600, seed: int = 0, validation: bool = False
) -> Result:
    """People held out whole: 80% of their likes given, the rest to be found among all films not given.

    With ``validation`` the figures are those of the validation people, on whom settings are chosen.
    """
    split = user_split(ratings, held, seed)
    people = split.validation if validation else split.test
    rows: list[list[str | float]] = []
    for model, factory in models.items():
        trained = fitted(factory, split.train)
        rows.append([model, *_list_figures(trained, people)])
        say(f"{name} {model}: NDCG@100 {rows[-1][1]:.4f}")
    columns = ("model", "NDCG@100", "±95%", "Recall@20", "Recall@50", "coverage@10", "Gini@10", "popularity@10")
    which = "validation" if validation else "test"
    text = f"{held} {which} people held out whole (seed {seed}), likes from 4 stars, 80% given, ranked over all films."
    return Result(name, text, columns, rows)


def _list_figures(model: RatingModel, people: Sequence[HeldOutUser]) -> list[float]:
    given = [person.given for person in people]
    lists = [
        np.array([pick.film_id for pick in picks], dtype=np.int64)
        for _, picks in model.recommend_many(given, k=100, wishes=Wishes(reasons=0))
    ]
    gains = np.array([ranking.ndcg(of, person.asked, 100) for of, person in zip(lists, people, strict=True)])
    short = [of[:10] for of in lists]
    films = len(model.film_ids)
    return [
        float(gains.mean()),
        1.96 * float(gains.std(ddof=1)) / float(np.sqrt(len(gains))),
        float(np.mean([ranking.recall(of, person.asked, 20) for of, person in zip(lists, people, strict=True)])),
        float(np.mean([ranking.recall(of, person.asked, 50) for of, person in zip(lists, people, strict=True)])),
        ranking.coverage(short, films),
        ranking.gini(short, films),
        ranking.popularity(short, model.film_ids, model.counts),
    ]


def cold_protocol(
    name: str, ratings: Ratings, models: Models, say: Say, features: FilmFeatures, seeds: Sequence[int] = (0,)
) -> Result:
    """Films left out of training altogether: their ratings by people who are known, and those people's order of them.

    The order is over the films asked about. ``pairs in order``: of two such films that one person rated differently,
    how often the better one is predicted to be; 0.5 is chance. NDCG@20: all cold films by predicted stars, likes from
    4 stars, equal predictions in random order. ``factor without content`` is the same model told nothing of these.
    """
    columns = ("model", "RMSE", "pairs in order", "NDCG@20", "inside 80%")
    runs: dict[str, list[list[float]]] = {}
    for seed in seeds:
        split = film_split(ratings, 0.1, seed)
        for model, factory in models.items():
            one = fitted(factory, split.train, features)
            asked = {model: split.test}
            if model == "factor":
                # Ids that it has never met: the same model, told nothing of these films.
                asked["factor without content"] = split.test._replace(films=-1 - split.test.films)
            for called, these in asked.items():
                runs.setdefault(called, []).append(_figures(one, these))
                say(f"{name} seed {seed} {called}: {dict(zip(columns[1:], runs[called][-1], strict=True))}")
    rows: list[list[str | float]] = [[model, *np.mean(of, axis=0).tolist()] for model, of in runs.items()]
    text = f"A random 10% of the films, with all their ratings, asked about; seeds {list(seeds)}."
    # JSON has no NaN.
    plain = {model: [[None if np.isnan(v) else v for v in run] for run in of] for model, of in runs.items()}
    return Result(name, text, columns, rows, {"runs": plain})


def _figures(model: RatingModel, asked: Ratings) -> list[float]:
    stars, deviation = model.predict(asked.users, asked.films, return_std=True)
    miss = np.abs(stars - asked.stars)
    inside = float((miss <= normal_quantile(0.8) * deviation).mean()) if np.isfinite(deviation).all() else float("nan")
    likes = asked.take(asked.stars >= 4)
    likes = likes.take(np.argsort(likes.users, kind="stable"))
    people, films = np.unique(likes.users), np.unique(asked.films)
    scores = np.asarray(model.predict(np.repeat(people, len(films)), np.tile(films, len(people))))
    rng = np.random.default_rng(0)
    gains = [
        ranking.ndcg(films[np.lexsort((rng.random(len(films)), -row))], wanted, 20)
        for row, wanted in zip(
            scores.reshape(len(people), -1),
            np.split(likes.films, np.searchsorted(likes.users, people)[1:]),
            strict=True,
        )
    ]
    return [
        rmse(stars, asked.stars),
        ranking.concordance(asked.users, stars, asked.stars),
        float(np.mean(gains)),
        inside,
    ]


QUICK = ("popularity", "bias", "neighbours", "ease", "als", "factor")


def _models(names: Sequence[str]) -> Models:
    return {name: partial(new_model, name) for name in names}


def ml1m_random(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, random 90/10, five seeds."""
    return random_protocol("ml1m-random", data_of.ml_1m(data), _models(names or QUICK), say)


def ml1m_users(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, 600 people held out whole."""
    chosen = names or ("popularity", "bias", "neighbours", "als", "ease", "factor")
    return user_protocol("ml1m-users", data_of.ml_1m(data), _models(chosen), say)


def ml_time(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """The part of MovieLens 1M with timestamps, the last 20% by time."""
    return time_protocol("ml-time", data_of.ml_1m_timed(data), _models(names or QUICK), say)


def ml_small_time(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens latest-small, the last 20% by time."""
    return time_protocol("ml-small-time", data_of.latest_small(data), _models(names or QUICK), say)


def cold_films(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, films left out of training altogether."""
    ratings, features = data_of.ml_1m(data), data_of.ml_1m_content(data)
    return cold_protocol("cold-films", ratings, _models(names or ("popularity", "bias", "factor")), say, features)


def intervals(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, coverage of the factor model's intervals."""
    return interval_protocol("intervals", data_of.ml_1m(data), _models(names or ("factor",)), say)


def movielens_top(data: Path, say: Say, names: Sequence[str] | None = None) -> Result:
    """MovieLens 1M, the published autoencoder study's protocol."""
    chosen = names or ("bias", "autoencoder-published", "autoencoder", "als", "factor")
    return active_protocol("movielens-top", data_of.ml_1m(data), _models(chosen), say)
