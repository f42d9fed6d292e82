"""Prior means of the factor model: from whom people and films met, and from what is known of films."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from cinefile.taste.models.factor import arithmetic as passes
from cinefile.taste.models.factor.arithmetic import Array, Statistics
from cinefile.taste.people_blocks import Loop


class FeatureRidge:
    """Ridge regression of the films' vectors on what is known of them; only rated films teach anything.

    Args:
        features: (films, m) CSR, a constant among them.
        rated: (films,) whether anybody rated the film.
        ridge: of the regression.
    """

    def __init__(self, features: sp.csr_matrix, rated: NDArray[np.bool_], ridge: float) -> None:
        self._every, self._rated = features, rated
        self._some = features[rated]
        gram = (self._some.T @ self._some).toarray() + ridge * np.eye(features.shape[1])
        self._factor = cho_factor(gram.astype(np.float32))

    def fitted(self, vectors: Array) -> Array:
        """(films, d) what the features make one expect, given all films' (films, d) vectors."""
        weights = cho_solve(self._factor, self._some.T @ vectors[self._rated])
        return np.asarray(self._every @ weights.astype(np.float32))


_LEAST = 1e-20


@dataclass
class PeopleRidge:
    """Regression of the people's means.

    Attributes:
        weights: (films, d) W.
        image: (films, d) X'X W.
    """

    weights: Array
    image: Array
    target: Array = field(init=False)
    direction: Array = field(init=False)

    def aim(self, target: Array, ridge: float) -> None:
        """Start a descent towards X' times the people's means, (films, d), from where the last one stopped."""
        self.target, self._ridge = target, ridge
        self._residual = target - self.image - ridge * self.weights
        self.direction = self._residual.copy()
        self._size = (self._residual**2).sum(0)

    def step(self, image: Array) -> None:
        """One step, given X'X times the direction."""
        full = image + self._ridge * self.direction
        length = self._size / np.maximum((self.direction * full).sum(0), _LEAST)
        self.weights = self.weights + length * self.direction
        self.image = self.image + length * image
        self._residual = self._residual - length * full
        before, self._size = self._size, (self._residual**2).sum(0)
        self.direction = self._residual + self._size / np.maximum(before, _LEAST) * self.direction

    def spread(self, squares: Array) -> Array:
        """(d, d) squared gaps between means and prior means, summed over the people, from the means' own squares."""
        w, image, target = (a.astype(np.float64) for a in (self.weights, self.image, self.target))
        cross = w.T @ target
        spread: Array = squares - cross - cross.T + w.T @ image
        return (spread + spread.T) / 2


@dataclass
class FilmsRidge:
    """Regression of the films' means.

    Attributes:
        weights: (films, d) A.
        prior_mean: (films, d) K A = X Z.
    """

    weights: Array
    prior_mean: Array
    residual: Array = field(init=False)
    _direction: Array | None = field(init=False, default=None)
    _size: Array = field(init=False)

    def aim(self, target: Array, ridge: float) -> None:
        """Start a descent towards the films' means (films, d), from where the last one stopped."""
        self._ridge, self._direction = ridge, None
        self.residual = target - self.prior_mean - ridge * self.weights

    def step(self, image: Array) -> None:
        """One step, given K times the residual."""
        size = (self.residual * image).sum(0)
        if self._direction is None:
            self._direction, self._image = self.residual, image
        else:
            turn = size / np.maximum(self._size, _LEAST)
            self._direction, self._image = self.residual + turn * self._direction, image + turn * self._image
        self._size = size
        curvature = (self._image**2).sum(0) + self._ridge * (self._direction * self._image).sum(0)
        length = size / np.maximum(curvature, _LEAST)
        self.weights = self.weights + length * self._direction
        self.prior_mean = self.prior_mean + length * self._image
        self.residual = self.residual - length * (self._image + self._ridge * self._direction)


def descend(loop: Loop, people: PeopleRidge, films: FilmsRidge, share: Array, steps: int) -> None:
    """Steps of both descents, one pass over the blocks each.

    Args:
        loop: blocks of people.
        people: with its aim set.
        films: with its aim set.
        share: (films, 1) the films' shares.
        steps: how many.
    """
    d = films.residual.shape[1]
    for _ in range(steps):
        sums = loop.sum(passes.met, np.hstack([people.direction, share * films.residual])).rows
        people.step(sums[:, :d])
        films.step(share * sums[:, d:])


_STEPS = 30  # of conjugate gradients; the error on validation films is flat from 10 to 60


class ColdFilms(NamedTuple):
    """What a film is expected to be like.

    Attributes:
        anchor: (d,) vector of a film of which nothing is known.
        centre: (m,) mean features of a rated film, counted by rating.
        weights: (m, d) from features less their centre to the difference from the anchor.
        covariance: (d, d) of films' vectors around what is expected.
    """

    anchor: Array
    centre: Array
    weights: Array
    covariance: Array

    def means(self, features: sp.csr_matrix) -> Array:
        """(n, d) expected vectors; a row of zeros means that nothing is known of the film."""
        known = (np.diff(features.indptr) > 0)[:, None]
        means: Array = self.anchor + known * (features @ self.weights - self.centre @ self.weights)
        return means.astype(np.float32)


def learn_cold(sums: Statistics, features: sp.csr_matrix, mean: Array, covariance: Array, ridge: float) -> ColdFilms:
    """Regress the ratings on film features.

    Args:
        sums: of all films, given the people.
        features: (films, m) CSR without a constant; m may be 0.
        mean: (films, d) posterior means of the films.
        covariance: (films, d, d) of the same.
        ridge: on the weights, in units of a mean film's ratings.
    """
    rated = sums.ratings > 0
    count, outer = sums.ratings[rated].astype(np.float32), sums.outer[rated]
    d = mean.shape[1]
    whole = outer.sum(0, dtype=np.float64) + 1e-3 * np.eye(d)
    anchor = np.linalg.solve(whole, sums.target[rated].sum(0, dtype=np.float64)).astype(np.float32)
    some = features[rated]
    known = np.diff(some.indptr) > 0
    share = (count * known / max(float((count * known).sum()), 1.0)).astype(np.float32)
    centre = share @ some
    unit = np.float32(1.0 / count.mean())

    def forward(weights: Array) -> Array:
        image: Array = known[:, None] * (some @ weights - centre @ weights)
        return image

    def back(rows: Array) -> Array:
        rows = known[:, None] * rows
        image: Array = unit * (some.T @ rows - np.outer(centre, rows.sum(0)))
        return image

    weights = np.zeros((features.shape[1], d), dtype=np.float32)
    residual = back(sums.target[rated] - outer @ anchor)
    direction, size = residual.copy(), float((residual**2).sum())
    for _ in range(_STEPS if size > 0 else 0):
        image = back(np.matmul(outer, forward(direction)[:, :, None])[:, :, 0]) + ridge * direction
        step = np.float32(size / float((direction * image).sum()))
        weights += step * direction
        residual -= step * image
        before, size = size, float((residual**2).sum())
        if size < 1e-10 * before:
            break
        direction = residual + np.float32(size / before) * direction
    gap = mean[rated] - anchor - forward(weights)
    spread = (gap * count[:, None]).T @ gap + np.tensordot(count, covariance[rated], 1) + 0.1 * np.eye(d)
    return ColdFilms(anchor, centre.astype(np.float32), weights, (spread / (count.sum() + 1)).astype(np.float32))
