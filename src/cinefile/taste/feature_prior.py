"""What the films' prior means owe to what is known of films (docs/taste.md)."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from cinefile.taste.factor_core import Array


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
