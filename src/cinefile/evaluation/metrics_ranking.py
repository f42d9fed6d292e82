"""How good a ranked list is, and the lists of many people together. Lists are over the whole catalogue."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def ndcg(ranked: Ints, wanted: Ints, k: int) -> float:
    """Normalised discounted cumulative gain at k with binary gains (Järvelin and Kekäläinen, TOIS 2002).

    Args:
        ranked: film ids, best first.
        wanted: film ids that count as hits, one at least.
        k: length of the list.
    """
    hits = np.isin(ranked[:k], wanted)
    discount = 1.0 / np.log2(np.arange(k) + 2.0)
    return float(discount[: len(hits)] @ hits / discount[: min(k, len(wanted))].sum())


def recall(ranked: Ints, wanted: Ints, k: int) -> float:
    """Hits among the first k, over the most that k places can hold (Liang et al., WWW 2018, section 4.2)."""
    return float(np.isin(ranked[:k], wanted).sum() / min(k, len(wanted)))


def coverage(lists: Sequence[Ints], films: int) -> float:
    """Share of the catalogue's films that are on anybody's list."""
    return len(np.unique(np.concatenate(list(lists)))) / films


def gini(lists: Sequence[Ints], films: int) -> float:
    """Gini index of how often each film of the catalogue is listed: 0 all alike, 1 one film for all."""
    _, times = np.unique(np.concatenate(list(lists)), return_counts=True)
    spread = np.sort(np.concatenate([np.zeros(films - len(times)), times.astype(float)]))
    place = np.arange(1, films + 1)
    return float(((2 * place - films - 1) * spread).sum() / (films * spread.sum()))


def popularity(lists: Sequence[Ints], film_ids: Ints, counts: Ints) -> float:
    """Mean place, from 0 (least rated) to 1 (most rated), of the listed films in the order of training ratings."""
    place = np.empty(len(film_ids))
    place[np.argsort(counts, kind="stable")] = np.linspace(0, 1, len(film_ids))
    at = np.searchsorted(film_ids, np.concatenate(list(lists)))
    return float(place[at].mean())


def concordance(people: Ints, predicted: NDArray[np.floating], stars: NDArray[np.floating]) -> float:
    """Share of one person's pairs of different stars that the predictions put in their order; equal ones count half.

    Pairs count alike, whoever's they are: Harrell's concordance (JAMA 1982), within people.
    """
    order = np.argsort(people, kind="stable")
    edges = np.flatnonzero(np.diff(people[order])) + 1
    right = pairs = 0.0
    for own in np.split(order, edges):
        better = stars[own][:, None] > stars[own][None, :]
        gap = (predicted[own][:, None] - predicted[own][None, :])[better]
        pairs += len(gap)
        right += float((gap > 0).sum() + 0.5 * (gap == 0).sum())
    return right / pairs if pairs else float("nan")
