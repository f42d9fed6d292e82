"""The factor model: its settings, its predictions, and its folder."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.errors import InputError
from cinefile.taste.film_features import FilmFeatures
from cinefile.taste.models.factor.arithmetic import Array, from_bytes, halves, to_bytes
from cinefile.taste.models.factor.fold_in import FactorReading, FoldedPeople, deviations, fold_in, unknown_film
from cinefile.taste.models.factor.likes import ImplicitScores
from cinefile.taste.models.factor.priors import ColdFilms
from cinefile.taste.models.factor.training import fit
from cinefile.taste.progress import Watch
from cinefile.taste.rating_model import RatingModel
from cinefile.taste.ratings import Floats, Ints, RatingTable, places


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
    _known: FoldedPeople | None
    _features: FilmFeatures | None
    _checkpoint: Path | None
    _compact: bool


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


@dataclass
class FactorModel(FactorLearned):
    """Bayesian factor model.

    Args:
        factors: length k of the vectors without the bias; default 32; 16 below 300,000 and from 5 million ratings.
        rounds: of variational EM; default 15, or 8 from 5 million ratings.
        ridge_people: of the people's prior mean on the films that they rated.
        ridge_films: of the films' prior mean on the people who rated them.
        ridge_features: of the films' prior mean on their features.
        ridge_cold: of the vectors of films without ratings on their features, in units of a mean film's ratings.
        noise_strength: ratings' worth of the common noise in every person's noise (three times that in a film's).
        gradient_steps: conjugate gradient steps per round for both implicit priors; few of them regularise too.
        validation: share of the ratings kept from training to watch the error on (``curve``); 0 keeps none.
        seed: of the films' starting vectors.
        like: stars from which a rating counts for the picks' implicit scores (``implicit.ImplicitScores``).
        ridge_picks: of those scores.
        blend: weight of the predicted stars beside them.
        pick_films: most films that get such scores.
        pick_people: most people from whom they are learned.
    """

    kind = "factor"
    factors: int | None = None
    rounds: int | None = None
    ridge_people: float = 1.0
    ridge_films: float = 1.0
    ridge_features: float = 5.0
    ridge_cold: float = 10.0
    noise_strength: float = 10.0
    gradient_steps: int = 2
    validation: float = 0.0
    seed: int = 0
    like: float = 4.0
    ridge_picks: float = 4.5
    blend: float = 0.1
    pick_films: int = 6000
    pick_people: int = 30_000

    def fit(
        self,
        user_ids: ArrayLike,
        film_ids: ArrayLike,
        stars: ArrayLike,
        timestamps: ArrayLike | None = None,
        *,
        watch: Watch | None = None,
        features: FilmFeatures | None = None,
        checkpoint: Path | None = None,
    ) -> Self:
        """Learn from ratings, as every model, and from what is known of the films.

        Args:
            user_ids: see ``RatingModel.fit``; so for the others.
            film_ids: …
            stars: …
            timestamps: …
            watch: …
            features: of films, rated or not; those without ratings become known to the model through them.
            checkpoint: folder to keep every round in; a stopped run of the same ratings and settings goes on from
                there. Removed at the end.
        """
        self._features, self._compact, self._checkpoint = features, False, checkpoint
        return super().fit(user_ids, film_ids, stars, timestamps, watch=watch)

    def _widen(self, table: RatingTable) -> RatingTable:
        return table if self._features is None else table.with_films(self._features.film_ids)

    def _fit(self, table: RatingTable, watch: Watch) -> None:
        fit(self, table, self._features, self._checkpoint, watch)

    # -- people -----------------------------------------------------------------------------------------------------

    def fold_in(self, people: sp.csr_matrix) -> FoldedPeople:
        """Posterior of people given as (n, films) rows of stars: means, covariances and relative noise precisions."""
        return fold_in(self, people)

    def _reading(self, people: sp.csr_matrix) -> FactorReading:
        return FactorReading(self, people)

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return self._reading(people).stars()

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        return self._reading(person).contributions(0, films)

    def _unknown_film(self, people: sp.csr_matrix) -> tuple[Floats, Floats | None]:
        return unknown_film(self, self.fold_in(people))

    def _deviation(self, people: sp.csr_matrix) -> Floats:
        count, films = people.shape
        rows, columns = np.repeat(np.arange(count), films), np.tile(np.arange(films), count)
        return deviations(self, self.fold_in(people), rows, columns).reshape(count, films)

    def _pairs(self, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
        everybody = self._everybody()
        stars = np.empty(len(rows), dtype=np.float64)
        for first in range(0, len(rows), 500_000):
            some = slice(first, first + 500_000)
            person, film = everybody.mean[rows[some]], self.film_mean[films[some]]
            stars[some] = np.einsum("nk,nk->n", person[:, :-1], film[:, :-1]) + person[:, -1] + film[:, -1] + self.mean
        return stars, deviations(self, everybody, rows, films) if return_std else None

    def _everybody(self) -> FoldedPeople:
        """The fold-in of all people of the training ratings, computed when first asked for."""
        if self._known is None:
            blocks = [self.fold_in(self.history[n : n + 4096]) for n in range(0, max(len(self.user_ids), 1), 4096)]
            self._known = FoldedPeople(*(np.concatenate(part) for part in zip(*blocks, strict=True)))
        return self._known

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        return self.scores.combine(people, stars)

    def _likeness(self, films: Ints) -> Floats:
        vectors = self.film_mean[films, :-1]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors @ vectors.T)

    # -- films without ratings --------------------------------------------------------------------------------------

    def add_films(self, features: FilmFeatures) -> int:
        """Make films known by their features alone: each gets the prior that training learned.

        Films known already are left as they are.

        Args:
            features: with the columns of training.

        Returns:
            How many films are new.

        Raises:
            InputError: the model was trained without features, or with other columns.
        """
        return add_films(self, features)

    def renamed(self, mapping: Mapping[int, int]) -> "FactorModel":
        """A model of the same films under other ids; films that the mapping lacks are left out.

        Args:
            mapping: old id to new id, no new id twice.

        Raises:
            InputError: two films get the same id, or no film is left.
        """
        return renamed(self, mapping)

    # -- files ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, *, with_people: bool = True, card: str = "", compact: bool = False) -> Path:
        """Write a model folder.

        Args:
            path: see ``RatingModel.save``; so for the next two.
            with_people: …
            card: …
            compact: halves instead of floats, and bytes for the picks' weights and the covariances.
        """
        self._compact = compact
        return super().save(path, with_people=with_people, card=card)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return to_arrays(self, self._compact)

    def _facts(self) -> dict[str, Any]:
        return {"precision": self.precision, "feature_names": list(self.feature_names), **self.scores.facts()}

    def what_to_rate_next(self, ratings: Mapping[int, float], k: int) -> list[int] | None:
        """Ids of the k films whose stars would tell most about a person, by `cinefile.taste.next_film`."""
        from cinefile.taste.next_film import what_to_rate_next

        return [film.film_id for film in what_to_rate_next(self, ratings, k)]

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        restore(self, arrays, facts)
        self._known, self._features, self._compact, self._checkpoint = None, None, False, None
