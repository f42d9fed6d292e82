"""Ridge regressions of people's and films' means on whom they met, by conjugate gradients: the implicit prior means.

For people X W is fitted to their means, X being their rows of ones, each times its share (`factor_core.shares`). For
films X Z is fitted to theirs, X being the films' rows. W has a row per film, but Z a row per person: it is never made.
Every iterate of conjugate gradients from zero lies in the rows' space, Z = X'A with A a row per film, and all that the
steps need is K A for K = X X'. So both regressions take sums per film from a pass over the ratings; they share it.
"""

from dataclasses import dataclass, field

import numpy as np

from cinefile.taste import factor_passes as passes
from cinefile.taste.blocks import Loop
from cinefile.taste.factor_core import Array

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
