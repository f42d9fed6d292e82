"""How well rating models do on films without ratings: the cold-films protocol."""

from collections.abc import Sequence

import numpy as np

from cinefile.evaluation import metrics_ranking as ranking
from cinefile.evaluation.result import Result
from cinefile.evaluation.splits_ratings import Ratings, film_split
from cinefile.evaluation.taste_protocols import Models, Say, fitted, rmse
from cinefile.taste.features import FilmFeatures
from cinefile.taste.model import RatingModel
from cinefile.taste.picking import normal_quantile


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
