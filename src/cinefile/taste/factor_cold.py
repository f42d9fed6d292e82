"""Films that nobody has rated: a vector from what is known of them, learned from ratings (docs/taste.md).

A film's prior in training tells few raters from many, and so would take a film without ratings for one that nobody
wanted. Here the *ratings* are regressed on content through the people's posteriors: with the sums that the films' last
update has made (``factor_core.Statistics``), the expected squared error of z = anchor + (x - centre) W is quadratic,

    sum over films  z outer z' - 2 z . target,

so that a film counts as often as it was rated, and what kind of people choose what kind of film is allowed for.
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from cinefile.taste.factor_core import Array, Statistics

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
