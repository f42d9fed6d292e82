"""Text features for the tagger zoo, one per file; `make` builds one by name."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import InputError

__all__ = ["FEATURES", "Features", "Matrix", "make"]

FEATURES = {
    "counts": "cinefile.text.features.counts:Counts",
    "tfidf": "cinefile.text.features.counts:Tfidf",
    "nltk": "cinefile.text.features.lemmas:NltkCounts",
    "nltk-pos": "cinefile.text.features.lemmas:NltkPosCounts",
    "spacy": "cinefile.text.features.lemmas:SpacyCounts",
    "embeddings": "cinefile.text.features.embeddings:Embeddings",
}


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


def make(name: str, **settings: Any) -> Features:
    """Features by name, not yet fitted.

    Raises:
        InputError: no such features.
    """
    if name not in FEATURES:
        raise InputError(f"There are no features {name!r}.", f"Choose one of: {', '.join(FEATURES)}.")
    module, _, cls = FEATURES[name].partition(":")
    found: Features = getattr(import_module(module), cls)(**settings)
    return found
