"""Several encoders as one: their vectors end to end."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Texts to vectors.

    Attributes:
        dimension: length of a vector.
    """

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension)."""


class JoinedEncoder:
    """One encoder made of several.

    Args:
        parts: the encoders, each with vectors of length one.
    """

    def __init__(self, *parts: Encoder) -> None:
        self._parts = parts

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return sum(part.dimension for part in self._parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension); every part counts alike."""
        return np.concatenate([part.encode(texts) for part in self._parts], axis=1)
