"""What every kind of text features does."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = Any  # a numpy array or a scipy sparse matrix, (texts, features)


class Features(ABC):
    """Texts to rows of numbers."""

    @abstractmethod
    def fit(self, texts: Sequence[str]) -> "Features":
        """Learn what is needed (a vocabulary, say) from the training texts alone."""

    @abstractmethod
    def transform(self, texts: Sequence[str]) -> Matrix:
        """Features of the texts, (texts, features)."""

    @abstractmethod
    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        """Facts (JSON-serialisable) and arrays that `restore` needs."""

    @abstractmethod
    def restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[np.generic]]) -> "Features":
        """Go back to a fitted state."""

    def names(self) -> list[str] | None:
        """Names of the features, where they have any that a person can read."""
        return None
