"""Rating models of other libraries, each as one function: train on some ratings, predict others.

What a peer needs is imported inside its function, so that whatever is not installed is only missing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.evaluation.splits import Ratings
from cinefile.taste.models.factor.model import FactorModel
from cinefile.taste.ratings import RatingTable, places

Settings = dict[str, Any]


class Peer(NamedTuple):
    """A rival.

    Attributes:
        module: what must be importable.
        predict: (training ratings, ratings asked about, settings) -> stars.
        grid: settings to choose from on validation ratings.
    """

    module: str
    predict: Callable[[Ratings, Ratings, Settings], NDArray[Any]]
    grid: list[Settings]


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
    """myFM's Bayesian factorisation machine by Gibbs sampling; with ``implicit`` also which films a person rated."""
    import myfm

    table = RatingTable.of(train.users, train.films, train.stars)
    people, films = len(table.user_ids), len(table.film_ids)
    share = sp.diags(1 / np.sqrt(np.maximum(np.diff(table.stars.indptr), 1)))
    # A last row for whoever or whatever is unknown, with nothing in it.
    person = sp.vstack([sp.eye(people), sp.csr_matrix((1, people))])
    if settings["implicit"]:
        person = sp.hstack([person, sp.vstack([share @ table.seen, sp.csr_matrix((1, films))])])
    film = sp.vstack([sp.eye(films), sp.csr_matrix((1, films))])
    sides = (sp.csr_matrix(person, dtype=np.float64), sp.csr_matrix(film, dtype=np.float64))

    def design(ratings: Ratings) -> list[Any]:
        rows = (places(ratings.users, table.user_ids), places(ratings.films, table.film_ids))
        return [
            myfm.RelationBlock(np.where(at < 0, side.shape[0] - 1, at), side)
            for at, side in zip(rows, sides, strict=True)
        ]

    groups = [people, films, films] if settings["implicit"] else [people, films]
    model = myfm.MyFMRegressor(rank=settings["rank"], random_seed=0)
    kept = settings["n_iter"] - 20
    model.fit(
        None, train.stars, X_rel=design(train), n_iter=settings["n_iter"], n_kept_samples=kept, group_shapes=groups
    )
    return np.asarray(model.predict(None, X_rel=design(asked)))


def item_autorec(train: Ratings, asked: Ratings, settings: Settings) -> NDArray[Any]:
    """I-AutoRec (Sedhain et al., WWW 2015), in torch: each film's row of people's stars through one sigmoid layer.

    Adam instead of the paper's L-BFGS; squared weights cost ``decay`` / 2 over all films, as there. The paper
    has 0.831, which was not reached: weaker decay overfits after five epochs, and falling rates changed nothing.
    """
    import torch

    table = RatingTable.of(train.users, train.films, train.stars)
    torch.manual_seed(0)
    rows = torch.from_numpy(table.stars.T.toarray())
    seen = (rows > 0).float()
    # A person not rated shows the mean, which centring makes zero.
    gaps = (rows - table.mean) * seen
    inner = torch.nn.Linear(gaps.shape[1], settings["hidden"])
    outer = torch.nn.Linear(settings["hidden"], gaps.shape[1])
    weights = [*inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.Adam(weights, lr=settings["rate"])
    for _ in range(settings["epochs"]):
        for some in torch.split(torch.randperm(len(gaps)), settings["batch"]):
            optimiser.zero_grad()
            miss = (outer(torch.sigmoid(inner(gaps[some]))) - gaps[some]) * seen[some]
            size = sum((layer.weight**2).sum() for layer in (inner, outer))
            ((miss**2).sum() + settings["decay"] / 2 * size * len(some) / len(gaps)).backward()
            optimiser.step()
    with torch.no_grad():
        stars = (outer(torch.sigmoid(inner(gaps))) + table.mean).numpy()
    person, film = places(asked.users, table.user_ids), places(asked.films, table.film_ids)
    return np.where((person >= 0) & (film >= 0), stars[film, person], table.mean)


def factor_model(train: Ratings, asked: Ratings, settings: Settings) -> NDArray[Any]:
    """cinefile's default, at its default settings."""
    model = FactorModel(**settings).fit(train.users, train.films, train.stars)
    return np.asarray(model.predict(asked.users, asked.films))


PEERS = {
    "cinefile FactorModel": Peer("cinefile", factor_model, [{}]),
    "lenskit biased MF": Peer(
        "lenskit.als",
        lenskit_biased_mf,
        [{"embedding_size": k, "epochs": 20, "regularization": r} for k in (16, 32) for r in (0.05, 0.1, 0.2)],
    ),
    "myFM, SVD++": Peer("myfm", myfm_regression, [{"rank": k, "n_iter": 100, "implicit": True} for k in (8, 16)]),
    "I-AutoRec": Peer(
        "torch",
        item_autorec,
        [{"hidden": 500, "epochs": 20, "rate": 1e-3, "batch": 64, "decay": decay} for decay in (100.0, 300.0)],
    ),
}
