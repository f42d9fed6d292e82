"""Answers that are not all the same: maximal marginal relevance."""

import numpy as np
from numpy.typing import NDArray


def maximal_marginal_relevance(
    relevance: NDArray[np.floating], alike: NDArray[np.floating], k: int, diversity: float
) -> NDArray[np.int64]:
    """Pick k candidates one by one: the most relevant, then each relevant and unlike those picked.

    (1 - diversity) * relevance - diversity * largest likeness to a picked one: Carbonell and Goldstein, "The use of
    MMR, diversity-based reranking", SIGIR 1998, with lambda = 1 - diversity.

    Args:
        relevance: (m,), on a scale that compares with likeness.
        alike: (m, m) likeness of the candidates.
        k: how many.
        diversity: 0 to 1; 0 picks by relevance alone.

    Returns:
        (min(k, m),) places of the candidates, in the order picked.
    """
    if not len(relevance):
        return np.empty(0, np.int64)
    best = int(relevance.argmax())
    picked, nearest = [best], alike[best].copy()
    left = np.ones(len(relevance), np.bool_)
    left[best] = False
    while len(picked) < min(k, len(relevance)):
        best = int(np.where(left, (1 - diversity) * relevance - diversity * nearest, -np.inf).argmax())
        picked.append(best)
        left[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.array(picked, np.int64)
