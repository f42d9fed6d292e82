"""From a table of ratings to a trained factor model: settings resolved, results handed over."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from cinefile.taste.blocks import LocalLoop
from cinefile.taste.factor_checkpoint import Checkpoint, fingerprint
from cinefile.taste.factor_state import Trained
from cinefile.taste.factor_training import Plan, train
from cinefile.taste.features import FilmFeatures
from cinefile.taste.implicit import ImplicitScores
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Ints, RatingTable

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


def known_of(model: "FactorModel", film_ids: Ints, features: FilmFeatures | None) -> sp.csr_matrix:
    """(films, features) CSR of what is known of films; the model is told the features' names."""
    model.feature_names = () if features is None else features.names
    return sp.csr_matrix((len(film_ids), 0), dtype=np.float32) if features is None else features.rows_for(film_ids)


def fit(
    model: "FactorModel", table: RatingTable, features: FilmFeatures | None, folder: Path | None, watch: Watch
) -> None:
    """Train the model on a table, in place; see ``FactorModel.fit``."""
    plan, known = plan_of(model, table.stars.nnz), known_of(model, table.film_ids, features)
    loop = LocalLoop(table, model.validation, model.seed)
    checkpoint = None
    if folder is not None:
        key = fingerprint(plan, model.validation, table.user_ids, table.film_ids, table.stars, known)
        checkpoint = Checkpoint(folder, key, loop)
    before, keep = (checkpoint.last(), checkpoint.keep) if checkpoint is not None else (None, lambda trained: None)
    take(model, train(loop, table.mean, known, plan, watch, before, keep))
    model.scores = ImplicitScores.of(
        table.stars,
        table.user_ids,
        like=model.like,
        ridge=model.ridge_picks,
        blend=model.blend,
        most_films=model.pick_films,
        most_people=model.pick_people,
    )
    if checkpoint is not None:
        checkpoint.clear()


def take(model: "FactorModel", trained: Trained) -> None:
    """Let the model become what training left."""
    assert trained.cold is not None, "training ran to its last round"
    assert trained.average is not None
    model.film_mean, model.film_covariance, model.film_weight = trained.mean, trained.covariance, trained.weight
    model.precision, model.people_prior, model.average = trained.precision, trained.people_prior, trained.average
    model.implicit, model.cold, model.curve = trained.people_ridge.weights, trained.cold, list(trained.errors)
    model._features, model._checkpoint, model._known, model._compact = None, None, None, False
