"""What training the factor model learns, as one value: from it everything is predicted, and it is what is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.models.factor.arithmetic import Array, from_bytes, halves, to_bytes
from cinefile.taste.models.factor.likes import ImplicitScores
from cinefile.taste.models.factor.priors import ColdFilms
from cinefile.taste.ratings import Ints

_BY_FILM = ("film_mean", "film_covariance", "film_weight", "implicit")


@dataclass(frozen=True)
class FactorLearned:
    """The result of training; d is the number of factors and one for the bias.

    Attributes:
        mean: mean of the training stars.
        film_mean: (films, d) posterior means, the bias last.
        film_covariance: (films, d, d).
        film_weight: (films,) noise precision relative to the common one.
        precision: of the common noise.
        noise_strength: ratings' worth of the common noise in a person's noise.
        people_prior: (d, d) precision of the people's prior.
        average: (d,) mean vector of the people, each counted by its ratings: somebody without ratings is taken for it.
        implicit: (films, d) what having rated a film adds to a person's prior mean.
        cold: films without ratings.
        scores: by which picks are ordered.
        feature_names: columns of the film features of training; empty without.
        errors: after every round, see ``training.Rounds``; not saved.
    """

    mean: float
    film_mean: Array
    film_covariance: Array
    film_weight: Array
    precision: float
    noise_strength: float
    people_prior: Array
    average: Array
    implicit: Array
    cold: ColdFilms
    scores: ImplicitScores
    feature_names: tuple[str, ...]
    errors: tuple[float, ...] = ()

    def with_films(self, features: sp.csr_matrix, order: Ints) -> "FactorLearned":
        """The same with further films, of which only features are known.

        Args:
            features: (new, m) of the new films.
            order: (films + new,) where each film of the result stands among the old ones with the new ones behind.
        """
        new, spread = features.shape[0], self.cold.covariance
        more: dict[str, NDArray[Any]] = {
            "film_mean": self.cold.means(features),
            "film_covariance": np.broadcast_to(spread, (new, *spread.shape)),
            "film_weight": np.ones(new),
            "implicit": np.zeros((new, spread.shape[0])),
        }
        wide: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), array.astype(np.float32)])[order] for name, array in more.items()
        }
        places = np.argsort(order)[: len(self.film_mean)]
        return replace(self, **wide, scores=self.scores.moved(places, len(order)))

    def of_films(self, kept: Ints) -> "FactorLearned":
        """The same with the films at these places alone, in this order."""
        places = np.full(len(self.film_mean), -1, dtype=np.int64)
        places[kept] = np.arange(len(kept))
        some: dict[str, Any] = {name: getattr(self, name)[kept] for name in _BY_FILM}
        return replace(self, **some, scores=self.scores.moved(places, len(kept)))

    def arrays(self, compact: bool = False) -> dict[str, NDArray[Any]]:
        """The arrays to save; of every covariance only the upper triangle. Compact: see ``FactorModel.save``."""
        upper = np.triu_indices(self.film_mean.shape[1])
        arrays: dict[str, NDArray[Any]] = {
            "film_mean": self.film_mean,
            "film_covariance": self.film_covariance[:, upper[0], upper[1]],
            "film_weight": self.film_weight,
            "people_prior": self.people_prior,
            "average": self.average,
            "implicit": self.implicit,
            **{f"cold_{name}": array for name, array in self.cold._asdict().items()},
        }
        if compact:
            spread = to_bytes("covariance", arrays.pop("film_covariance"))
            arrays = {name: halves(array) for name, array in arrays.items()} | spread
        return {**arrays, **self.scores.arrays(compact)}

    def facts(self) -> dict[str, Any]:
        """The numbers and names to save as JSON, beside the mean and the settings."""
        return {"precision": self.precision, "feature_names": list(self.feature_names), **self.scores.facts()}

    @classmethod
    def restore(
        cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], mean: float, noise_strength: float
    ) -> "FactorLearned":
        """Load what ``arrays`` and ``facts`` gave, as float32."""
        if "covariance_bytes" in arrays:
            arrays = {**arrays, "film_covariance": from_bytes("covariance", arrays)}
        full = {name: array.astype(np.float32) for name, array in arrays.items() if array.dtype.kind == "f"}
        films, d = full["film_mean"].shape
        upper = np.triu_indices(d)
        covariance = np.empty((films, d, d), dtype=np.float32)
        covariance[:, upper[0], upper[1]] = full["film_covariance"]
        covariance[:, upper[1], upper[0]] = full["film_covariance"]
        return cls(
            mean=mean,
            film_mean=full["film_mean"],
            film_covariance=covariance,
            film_weight=full["film_weight"],
            precision=float(facts["precision"]),
            noise_strength=noise_strength,
            people_prior=full["people_prior"],
            average=full["average"],
            implicit=full["implicit"],
            cold=ColdFilms(*(full[f"cold_{name}"] for name in ColdFilms._fields)),
            scores=ImplicitScores.restore(arrays, facts, films),
            feature_names=tuple(facts["feature_names"]),
        )
