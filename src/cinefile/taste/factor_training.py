"""Training of the factor model: rounds of variational updates of both sides and of everything they share.

One round: people given films, the people's prior; films given people, the films' prior; noise. docs/taste.md has the
equations. Everything is per block of rows, so memory beyond the ratings is a block's and the posteriors'.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile import settings
from cinefile.taste.factor_core import Array, accumulate, expected_error, moments, prior_of, solve
from cinefile.taste.progress import Watch

_ROWS_AT_ONCE = 4096
_STARTING_STEPS = 4


@dataclass(frozen=True)
class Plan:
    """Settings of one training run; see ``FactorModel`` for their meaning."""

    factors: int
    rounds: int
    ridge_people: float
    ridge_films: float
    ridge_features: float
    noise_strength: float
    gradient_steps: int
    seed: int


@dataclass
class Side:
    """One side of the ratings, people or films.

    Attributes:
        gaps: (n, m) CSR of stars less the mean, rows of this side.
        seen: ones in the same places.
        mean: (n, d) posterior means.
        covariance: (n, d, d) posterior covariances.
        prior_mean: (n, d).
        prior_precision: (d, d).
        weight: (n,) noise precision relative to the common one.
        implicit: (m, d) regression of this side's vectors on which rows of the other side met it.
    """

    gaps: sp.csr_matrix
    seen: sp.csr_matrix
    mean: Array
    covariance: Array
    prior_mean: Array
    prior_precision: Array
    weight: Array
    implicit: Array
    share: Array = field(init=False)

    def __post_init__(self) -> None:
        self.share = shares(np.diff(self.gaps.indptr))

    @classmethod
    def start(cls, gaps: sp.csr_matrix, d: int) -> "Side":
        """Zero means, and a prior with little room for factors and more for biases."""
        n, m = gaps.shape
        seen = sp.csr_matrix((np.ones_like(gaps.data), gaps.indices, gaps.indptr), shape=gaps.shape)
        zero = np.zeros((n, d), dtype=np.float32)
        prior = np.diag([float(d - 1)] * (d - 1) + [5.0]).astype(np.float32)
        return cls(
            gaps,
            seen,
            zero.copy(),
            np.zeros((n, d, d), dtype=np.float32),
            zero.copy(),
            prior,
            np.ones(n, dtype=np.float32),
            np.zeros((m, d), dtype=np.float32),
        )


@dataclass(frozen=True)
class Trained:
    """What training leaves: both sides, the noise precision and the films' regression on their features."""

    people: Side
    films: Side
    precision: float
    feature_weights: Array
    errors: tuple[float, ...]


def shares(counts: NDArray[np.integer]) -> Array:
    """(n, 1) weight of each of a row's ratings in its implicit sum: the inverse root of their number (Koren 2008)."""
    share: Array = (1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)[:, None]
    return share


def noise_weights(error: Array, count: NDArray[np.integer], precision: float, strength: float) -> Array:
    """Each row's noise precision relative to the common one, under a gamma prior worth ``strength`` ratings."""
    weight: Array = ((strength + count) / (strength + error * precision)).astype(np.float32)
    return weight


def train(gaps: sp.csr_matrix, features: Array, plan: Plan, watch: Watch) -> Trained:
    """Fit by variational EM.

    Args:
        gaps: (people, films) CSR of stars less the mean, float32.
        features: (films, m) what is known of films, a constant among it.
        plan: settings.
        watch: told after every round, with the root of the expected squared error.
    """
    d = plan.factors + 1
    people, films = Side.start(gaps, d), Side.start(gaps.T.tocsr(), d)
    people.prior_precision[:-1, :-1] *= 0.3  # the films' start is small: the people's side must be free to grow
    feature_weights = np.zeros((features.shape[1], d), dtype=np.float32)
    precision = 1.2
    errors: list[float] = []
    with ThreadPoolExecutor(settings.threads()) as pool:
        films.mean[:, :-1] = _start(people, films, plan, pool)
        for done in range(1, plan.rounds + 1):
            error = _update(people, films, precision, pool)
            people.weight = noise_weights(error, np.diff(people.gaps.indptr), precision, plan.noise_strength)
            people.weight /= np.exp(np.log(people.weight).mean())
            if done > 1:
                _implicit(people, films, people.mean, plan.ridge_people, plan.gradient_steps, pool)
                people.prior_mean = people.share * _times(people.seen, people.implicit, pool)
                people.prior_precision = _prior(people)
            error = _update(films, people, precision, pool)
            films.weight = noise_weights(error, np.diff(films.gaps.indptr), precision, 3 * plan.noise_strength)
            films.weight /= np.exp(np.log(films.weight).mean())
            precision = float(gaps.nnz / (error * films.weight).sum(dtype=np.float64))
            if done > 1:
                feature_weights = _regress_films(films, people, features, feature_weights, plan, pool)
                films.prior_precision = _prior(films)
            errors.append(precision**-0.5)
            watch.round(done, plan.rounds, f"noise {errors[-1]:.4f}")
    return Trained(people, films, precision, feature_weights, tuple(errors))


def _start(people: Side, films: Side, plan: Plan, pool: ThreadPoolExecutor) -> Array:
    """Films' first vectors: the leading right singular vectors of the stars less biases, by subspace iteration.

    Halko, Martinsson and Tropp, SIAM Review 2011, algorithm 4.4. From random vectors the first five rounds do little
    else than find this subspace.
    """
    film_bias = np.asarray(films.gaps.sum(axis=1)).ravel() / (np.diff(films.gaps.indptr) + 3.0)
    count = np.diff(people.gaps.indptr)
    total = np.asarray(people.gaps.sum(axis=1)).ravel() - people.seen @ film_bias.astype(np.float32)
    person_bias = (total / (count + 5.0)).astype(np.float32)
    left = people.gaps.data - film_bias.astype(np.float32)[people.gaps.indices] - np.repeat(person_bias, count)
    residual = sp.csr_matrix((left, people.gaps.indices, people.gaps.indptr), shape=people.gaps.shape)
    back = residual.T.tocsr()
    rng = np.random.default_rng(plan.seed)
    vectors = rng.normal(size=(films.mean.shape[0], plan.factors)).astype(np.float32)
    for _ in range(_STARTING_STEPS):
        vectors = np.linalg.qr(_times(back, _times(residual, vectors, pool), pool))[0]
    # A length at which the first solve for people neither ignores the films nor trusts them blindly.
    scaled: Array = vectors * np.float32(0.3 / np.sqrt(plan.factors) / max(float(vectors.std()), 1e-9))
    # With fewer films than factors there are no more directions than films; the factors left over start at zero.
    return np.pad(scaled, ((0, 0), (0, plan.factors - scaled.shape[1])))


def _blocks(n: int) -> list[slice]:
    return [slice(first, min(first + _ROWS_AT_ONCE, n)) for first in range(0, n, _ROWS_AT_ONCE)]


def _update(side: Side, other: Side, precision: float, pool: ThreadPoolExecutor) -> Array:
    """Posterior of every row of ``side`` given the other; returns its expected squared error, weighted by the other."""
    expected = moments(other.mean, other.covariance, other.weight)
    errors = np.empty(len(side.mean), dtype=np.float32)

    def block(some: slice) -> None:
        gaps = side.gaps[some]
        square = sp.csr_matrix((gaps.data**2, gaps.indices, gaps.indptr), shape=gaps.shape) @ other.weight
        sums = accumulate(gaps, side.seen[some], expected, square)
        noise = (precision * side.weight[some]).astype(np.float32)
        side.mean[some], side.covariance[some] = solve(sums, side.prior_mean[some], side.prior_precision, noise)
        errors[some] = expected_error(sums, side.mean[some], side.covariance[some])

    list(pool.map(block, _blocks(len(side.mean))))
    return errors


def _times(matrix: sp.csr_matrix, dense: Array, pool: ThreadPoolExecutor) -> Array:
    """``matrix @ dense``, a block of rows per thread."""
    out = np.empty((matrix.shape[0], dense.shape[1]), dtype=np.float32)

    def block(some: slice) -> None:
        out[some] = matrix[some] @ dense

    list(pool.map(block, _blocks(matrix.shape[0])))
    return out


def _prior(side: Side) -> Array:
    # Rows without ratings sit on their prior and would only slow its learning down.
    met = np.diff(side.gaps.indptr) > 0
    if met.all():
        return prior_of(side.mean, side.covariance, side.prior_mean).astype(np.float32)
    return prior_of(side.mean[met], side.covariance[met], side.prior_mean[met]).astype(np.float32)


def _implicit(side: Side, other: Side, target: Array, ridge: float, steps: int, pool: ThreadPoolExecutor) -> None:
    """Ridge regression of ``target`` on the side's normalised rows of ones, by conjugate gradients from where it was.

    Solves (X'X + ridge I) W = X' target for all d columns at once, with X = share * seen and X' through the other
    side's rows, so that nothing is transposed.
    """

    def forward(weights: Array) -> Array:
        return side.share * _times(side.seen, weights, pool)

    def back(rows: Array) -> Array:
        return _times(other.seen, side.share * rows, pool)

    weights = side.implicit
    residual = back(target - forward(weights)) - ridge * weights
    direction = residual.copy()
    size = (residual**2).sum(0)
    for _ in range(steps):
        image = back(forward(direction)) + ridge * direction
        step = size / np.maximum((direction * image).sum(0), 1e-20)
        weights = weights + step * direction
        residual = residual - step * image
        before, size = size, (residual**2).sum(0)
        direction = residual + size / np.maximum(before, 1e-20) * direction
    side.implicit = weights


def _regress_films(
    films: Side, people: Side, features: Array, weights: Array, plan: Plan, pool: ThreadPoolExecutor
) -> Array:
    """Films' prior means: from their features, then what is left from who rated them. Returns the former's weights.

    Only films that somebody rated teach anything, and each counts as much as its posterior has moved from its prior.
    """
    rated = np.diff(films.gaps.indptr) > 0
    seen_part = films.share * _times(films.seen, films.implicit, pool)
    gram = features[rated].T @ features[rated] + plan.ridge_features * np.eye(features.shape[1], dtype=np.float32)
    weights = np.linalg.solve(gram, features[rated].T @ (films.mean - seen_part)[rated]).astype(np.float32)
    from_features = features @ weights
    _implicit(films, people, films.mean - from_features, plan.ridge_films, plan.gradient_steps, pool)
    films.prior_mean = from_features + films.share * _times(films.seen, films.implicit, pool)
    return weights
