"""A trained factor model made small enough to ship: halves, and bytes for the picks' weights and the covariances."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def halves(array: NDArray[np.floating]) -> NDArray[np.float16]:
    """float16; values too small for it become zero, and none here is too large (factors and stars are near one)."""
    return array.astype(np.float16)


def to_bytes(name: str, weights: NDArray[np.floating]) -> dict[str, NDArray[Any]]:
    """(n, m) numbers as int8 with one float32 scale per row, companded: a byte holds the root, with its sign.

    Most are a hundredth of their row's largest; in even steps they would all become zero.

    Returns:
        Two arrays, ``<name>_bytes`` and ``<name>_scale``.
    """
    scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True, initial=0.0), 1e-12)
    root = np.sign(weights) * np.sqrt(np.abs(weights) / scale)
    return {
        f"{name}_bytes": np.round(127 * root).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
    }


def from_bytes(name: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Back to float32."""
    root = arrays[f"{name}_bytes"].astype(np.float32) / 127
    weights: NDArray[np.float32] = np.sign(root) * root * root * arrays[f"{name}_scale"]
    return weights
