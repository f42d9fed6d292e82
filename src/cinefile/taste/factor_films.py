"""Films of the factor model: new ones from their features, all under other ids."""

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.errors import InputError
from cinefile.taste.features import FilmFeatures
from cinefile.taste.ratings import Ints, places

if TYPE_CHECKING:
    from cinefile.taste.factor import FactorModel


def add_films(model: "FactorModel", features: FilmFeatures) -> int:
    """Add the films that the model does not know, in place; see ``FactorModel.add_films``."""
    if not model.feature_names or features.names != model.feature_names:
        raise InputError(
            f"The model knows {len(model.feature_names)} film features; the {len(features.names)} given are others.",
            "Give the features of training, by the same names in the same order.",
        )
    new = places(features.film_ids, model.film_ids) < 0
    ids = features.film_ids[new]
    count, films = len(ids), len(model.film_ids)
    order = np.argsort(np.concatenate([model.film_ids, ids]), kind="stable")
    spread = model.cold.covariance

    def widen(old: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([old, more.astype(old.dtype)])[order]

    model.film_mean = widen(model.film_mean, model.cold.means(features.rows_for(ids)))
    model.film_covariance = widen(model.film_covariance, np.broadcast_to(spread, (count, *spread.shape)))
    model.film_weight = widen(model.film_weight, np.ones(count))
    model.implicit = widen(model.implicit, np.zeros((count, spread.shape[0])))
    model.counts = widen(model.counts, np.zeros(count, dtype=np.int64))
    model.film_ids = widen(model.film_ids, ids)
    _films_moved(model, np.argsort(order)[:films])
    return count


def renamed(model: "FactorModel", mapping: Mapping[int, int]) -> "FactorModel":
    """The same films under other ids; see ``FactorModel.renamed``."""
    old = [int(i) for i in model.film_ids if int(i) in mapping]
    new = np.array([mapping[i] for i in old], dtype=np.int64)
    if len(np.unique(new)) != len(old) or not old:
        raise InputError(f"The mapping gives {len(np.unique(new))} ids to {len(old)} films.", "One id per film.")
    keep = places(np.array(old), model.film_ids)[np.argsort(new)]
    other = copy(model)
    other.film_ids = np.sort(new)
    for name in ("film_mean", "film_covariance", "film_weight", "implicit", "counts"):
        setattr(other, name, getattr(model, name)[keep])
    moved = np.full(len(model.film_ids), -1, dtype=np.int64)
    moved[keep] = np.arange(len(keep))
    _films_moved(other, moved)
    return other


def _films_moved(model: "FactorModel", moved: Ints) -> None:
    """Bring along what names films by place: film n has become ``moved[n]``, or none where that is -1."""
    films = len(model.film_ids)
    model.scores = model.scores.moved(moved, films)
    row = np.repeat(np.arange(model.history.shape[0]), np.diff(model.history.indptr))
    column = moved[model.history.indices]
    left = column >= 0
    shape = (model.history.shape[0], films)
    model.history = sp.csr_matrix((model.history.data[left], (row[left], column[left])), shape=shape)
    model._known = None
