"""What training of the factor model knows between two rounds, as the next one and as checkpoints want it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cinefile.taste.factor_cold import ColdFilms
from cinefile.taste.factor_core import Array
from cinefile.taste.implicit_priors import FilmsRidge, PeopleRidge

_ARRAYS = ("mean", "covariance", "weight", "prior_mean", "film_prior", "people_prior")


@dataclass
class Trained:
    """What a round hands to the next one, and training to the model; the people's weights stay with their blocks.

    Attributes:
        done: rounds.
        precision: of the common noise.
        scale: what the people's weights are multiplied with, to a geometric mean of one.
        mean: (films, d) posterior means.
        covariance: (films, d, d) posterior covariances.
        weight: (films,) noise precision relative to the common one.
        prior_mean: (films, d) of the films.
        film_prior: (d, d) precision of the films' prior.
        people_prior: (d, d) precision of the people's prior.
        people_ridge: the people's prior means.
        films_ridge: the films' prior means, as far as who rated them says.
        errors: of the held-out ratings in each round, as its people and the films before it foresee them; without
            held-out ratings the root of the expected squared error after the round.
        average: (d,) mean of the people's vectors, each counted by its ratings; None before the first round.
        cold: films without ratings, see ``factor_cold``; None until the last round is over.
    """

    done: int
    precision: float
    scale: float
    mean: Array
    covariance: Array
    weight: Array
    prior_mean: Array
    film_prior: Array
    people_prior: Array
    people_ridge: PeopleRidge
    films_ridge: FilmsRidge
    errors: tuple[float, ...] = ()
    average: Array | None = None
    cold: ColdFilms | None = None

    @classmethod
    def start(cls, films: int, d: int) -> "Trained":
        """Zero means, and a prior with little room for factors and more for biases."""
        zero = np.zeros((films, d), dtype=np.float32)
        prior = np.diag([float(d - 1)] * (d - 1) + [5.0]).astype(np.float32)
        people = prior.copy()
        people[:-1, :-1] *= 0.3  # the films' start is small: the people's side must be free to grow
        return cls(
            done=0,
            precision=1.2,
            scale=1.0,
            mean=zero.copy(),
            covariance=np.zeros((films, d, d), dtype=np.float32),
            weight=np.ones(films, dtype=np.float32),
            prior_mean=zero,
            film_prior=prior,
            people_prior=people,
            people_ridge=PeopleRidge(zero.copy(), zero.copy()),
            films_ridge=FilmsRidge(zero.copy(), zero.copy()),
        )

    def arrays(self) -> dict[str, Array]:
        """What a checkpoint holds, beside ``facts``."""
        return {name: getattr(self, name) for name in _ARRAYS} | {
            "people_weights": self.people_ridge.weights,
            "people_image": self.people_ridge.image,
            "films_weights": self.films_ridge.weights,
            "films_prior_mean": self.films_ridge.prior_mean,
        }

    def facts(self) -> dict[str, Any]:
        """The numbers of a checkpoint."""
        return {"done": self.done, "precision": self.precision, "scale": self.scale, "errors": list(self.errors)}

    @classmethod
    def of(cls, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> "Trained":
        """What a checkpoint held; other arrays and numbers may stand beside."""
        values: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        return cls(
            **values,
            **{name: facts[name] for name in ("done", "precision", "scale")},
            people_ridge=PeopleRidge(arrays["people_weights"], arrays["people_image"]),
            films_ridge=FilmsRidge(arrays["films_weights"], arrays["films_prior_mean"]),
            errors=tuple(facts["errors"]),
        )
