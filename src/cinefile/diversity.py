"""Answers that are not all the same: maximal marginal relevance."""

import numpy as np
from numpy.typing import NDArray


def maximal_marginal_relevance(
    relevance: NDArray[np.float32], alike: NDArray[np.float32], k: int, diversity: float
) -> NDArray[np.int64]:
    """Pick k candidates one by one, each relevant and unlike those picked.

    (1 - diversity) * relevance - diversity * largest likeness to a picked one: Carbonell and Goldstein, "The use of
    MMR, diversity-based reranking", SIGIR 1998, with lambda = 1 - diversity.

    Args:
        relevance: (m,).
        alike: (m, m) likeness of the candidates.
        k: how many.
        diversity: 0 to 1; 0 picks by relevance alone.

    Returns:
        (min(k, m),) places of the candidates, in the order picked.
    """
    nearest = np.zeros(len(relevance), np.float32)
    open_ = np.ones(len(relevance), np.bool_)
    picked = []
    for _ in range(min(k, len(relevance))):
        value = np.where(open_, (1 - diversity) * relevance - diversity * nearest, -np.inf)
        best = int(value.argmax())
        picked.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.array(picked, np.int64)
