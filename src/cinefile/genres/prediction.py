"""One predicted genre, and the choice of which to give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Prediction:
    """A genre and how probable it is."""

    genre: str
    probability: float


def select(
    probabilities: NDArray[np.float64],
    labels: Sequence[str],
    threshold: float | Sequence[float],
    top: int | None = None,
) -> list[Prediction]:
    """Genres over their threshold, or the `top` most probable, the most probable first.

    Args:
        probabilities: (labels,).
        threshold: one for all labels or one each.
    """
    order = np.argsort(-probabilities, kind="stable")
    if top is not None:
        chosen = order[:top]
    else:
        over = probabilities >= np.asarray(threshold)
        chosen = order[over[order]]
    return [Prediction(labels[i], float(probabilities[i])) for i in chosen]
