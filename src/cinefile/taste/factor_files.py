"""The factor model's arrays as its folder holds them, and back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cinefile.taste.compact import from_bytes, halves, to_bytes
from cinefile.taste.factor_cold import ColdFilms
from cinefile.taste.implicit import ImplicitScores

if TYPE_CHECKING:
    from cinefile.taste.factor import FactorModel


def to_arrays(model: "FactorModel", compact: bool) -> dict[str, NDArray[Any]]:
    """What training learned; of every covariance only the upper triangle. Compact: see ``FactorModel.save``."""
    upper = np.triu_indices(model.film_mean.shape[1])
    arrays: dict[str, NDArray[Any]] = {
        "film_mean": model.film_mean,
        "film_covariance": model.film_covariance[:, upper[0], upper[1]],
        "film_weight": model.film_weight,
        "people_prior": model.people_prior,
        "average": model.average,
        "implicit": model.implicit,
        **{f"cold_{name}": array for name, array in model.cold._asdict().items()},
    }
    if compact:
        spread = to_bytes("covariance", arrays.pop("film_covariance"))
        arrays = {name: halves(array) for name, array in arrays.items()} | spread
    return {**arrays, **model.scores.arrays(compact)}


def restore(model: "FactorModel", arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Give the model what a folder holds, in single precision."""
    if "covariance_bytes" in arrays:
        arrays = {**arrays, "film_covariance": from_bytes("covariance", arrays)}
    full = {name: array.astype(np.float32) for name, array in arrays.items() if array.dtype.kind == "f"}
    model.film_mean, model.film_weight = full["film_mean"], full["film_weight"]
    films, d = model.film_mean.shape
    upper = np.triu_indices(d)
    model.film_covariance = np.empty((films, d, d), dtype=np.float32)
    model.film_covariance[:, upper[0], upper[1]] = full["film_covariance"]
    model.film_covariance[:, upper[1], upper[0]] = full["film_covariance"]
    model.people_prior, model.average, model.implicit = full["people_prior"], full["average"], full["implicit"]
    model.cold = ColdFilms(*(full[f"cold_{name}"] for name in ColdFilms._fields))
    model.precision = float(facts["precision"])
    model.feature_names = tuple(facts["feature_names"])
    model.scores = ImplicitScores.restore(arrays, facts, films)
