"""What a trained factor model holds."""

from pathlib import Path

from cinefile.taste.factor_cold import ColdFilms
from cinefile.taste.factor_core import Array
from cinefile.taste.factor_people import People
from cinefile.taste.features import FilmFeatures
from cinefile.taste.implicit import ImplicitScores
from cinefile.taste.model import RatingModel


class FactorLearned(RatingModel):
    """Base of ``FactorModel``; d is the number of factors and one for the bias.

    Attributes set by ``fit``:
        film_mean: (films, d) posterior means, the bias last.
        film_covariance: (films, d, d).
        film_weight: (films,) noise precision relative to the common one.
        precision: of the common noise.
        people_prior: (d, d) precision of the people's prior.
        average: (d,) mean vector of the people, each counted by its ratings: somebody without ratings is taken for it.
        implicit: (films, d) what having rated a film adds to a person's prior mean.
        cold: films without ratings.
        scores: by which picks are ordered.
        feature_names: columns of the film features of training; empty without.
        curve: error after every round, see ``factor_state.Trained``; not saved.
    """

    film_mean: Array
    film_covariance: Array
    film_weight: Array
    precision: float
    people_prior: Array
    average: Array
    implicit: Array
    cold: ColdFilms
    scores: ImplicitScores
    feature_names: tuple[str, ...]
    curve: list[float]
    _known: People | None
    _features: FilmFeatures | None
    _checkpoint: Path | None
    _compact: bool
