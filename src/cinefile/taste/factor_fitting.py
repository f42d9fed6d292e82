"""From a table of ratings to a trained factor model: settings resolved, ratings held out, results handed over."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from cinefile.taste.factor_checkpoint import Checkpoint, fingerprint
from cinefile.taste.factor_training import Held, Plan, Trained, train
from cinefile.taste.features import FilmFeatures
from cinefile.taste.implicit import ImplicitScores
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import RatingTable, masked

if TYPE_CHECKING:
    from cinefile.taste.factor import FactorModel

LARGE = 5_000_000  # ratings from which fewer factors and rounds are the default: slower rounds, and fewer are needed
SMALL = 300_000  # ratings below which fewer factors are: more find nothing to learn from


def plan_of(model: "FactorModel", ratings: int) -> Plan:
    """The model's settings, those left open chosen by the number of ratings."""
    large = ratings >= LARGE
    return Plan(
        factors=model.factors or (16 if large or ratings < SMALL else 32),
        rounds=model.rounds or (8 if large else 15),
        ridge_people=model.ridge_people,
        ridge_films=model.ridge_films,
        ridge_features=model.ridge_features,
        ridge_cold=model.ridge_cold,
        noise_strength=model.noise_strength,
        gradient_steps=model.gradient_steps,
        seed=model.seed,
    )


def fit(
    model: "FactorModel", table: RatingTable, features: FilmFeatures | None, folder: Path | None, watch: Watch
) -> None:
    """Train the model on a table, in place; see ``FactorModel.fit``."""
    gaps = sp.csr_matrix(
        (table.stars.data - np.float32(table.mean), table.stars.indices, table.stars.indptr), shape=table.stars.shape
    )
    held = None
    if model.validation > 0:
        aside = np.random.default_rng(model.seed).random(gaps.nnz) < model.validation
        check = masked(gaps, aside).tocoo()
        held = Held(check.row, check.col, check.data)
        gaps = masked(gaps, ~aside)
    known = sp.csr_matrix((len(table.film_ids), 0), dtype=np.float32)
    model.feature_names = ()
    if features is not None:
        known, model.feature_names = features.rows_for(table.film_ids), features.names
    plan = plan_of(model, table.stars.nnz)
    checkpoint = None if folder is None else Checkpoint(folder, fingerprint(plan, gaps, known))
    trained = train(gaps, known, plan, watch, held, checkpoint)
    _take(model, trained, known)
    model.scores = ImplicitScores.of(
        table,
        like=model.like,
        ridge=model.ridge_picks,
        blend=model.blend,
        most_films=model.pick_films,
        most_people=model.pick_people,
    )
    if checkpoint is not None:
        checkpoint.clear()


def _take(model: "FactorModel", trained: Trained, known: sp.csr_matrix) -> None:
    films = trained.films
    assert trained.cold is not None
    model.cold = trained.cold
    model.film_mean, model.film_covariance, model.film_weight = films.mean, films.covariance, films.weight
    model.precision, model.people_prior = trained.precision, trained.people.prior_precision
    model.implicit, model.curve = trained.people.implicit, trained.errors
    # Nobody rated these: training says of them only that nobody did.
    cold = films.counts == 0
    model.film_mean[cold] = model.cold.means(known[cold])
    model.film_covariance[cold], model.film_weight[cold] = model.cold.covariance, 1.0
