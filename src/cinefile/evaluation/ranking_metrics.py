"""Metrics of ranked lists over the whole catalogue, and of lists of neighbours."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cinefile.similar.train import Scores, neighbours

Ints = NDArray[np.int64]


def ndcg(ranked: Ints, wanted: Ints, k: int, gains: NDArray[np.floating] | None = None) -> float:
    """Normalised discounted cumulative gain at k (Järvelin and Kekäläinen, TOIS 2002).

    Args:
        ranked: film ids, best first.
        wanted: film ids that count as hits; the result is 0 where there is none.
        k: length of the list.
        gains: gain of each wanted film; None for 1 each. The ideal list has the k largest.
    """
    if not len(wanted):
        return 0.0
    worth = np.ones(len(wanted)) if gains is None else gains
    order = np.argsort(wanted)
    place = order[np.searchsorted(wanted, ranked[:k], sorter=order).clip(max=len(wanted) - 1)]
    found = np.where(wanted[place] == ranked[:k], worth[place], 0.0)
    best = np.sort(worth)[::-1][:k]
    discount = 1.0 / np.log2(np.arange(k) + 2.0)
    return float(discount[: len(found)] @ found / (discount[: len(best)] @ best))


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


_BLOCK = 128


def is_test_film(film_id: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) True for the half of the films that results are reported on; by SHA-256 of the id, so it never moves."""
    return np.array([hashlib.sha256(str(int(i)).encode()).digest()[0] % 2 == 0 for i in film_id], np.bool_)


def neighbour_lists(scores: Scores, rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """(m, k) neighbours of the films in `rows`, the film itself left out."""
    blocks = [neighbours(scores, rows[s : s + _BLOCK], k).columns for s in range(0, len(rows), _BLOCK)]
    return np.vstack(blocks)


def half_width(values: NDArray[np.float64]) -> float:
    """Half of the 95% interval of a mean, by the normal approximation over films or queries."""
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def mates_found(lists: NDArray[np.int64], groups: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(m,) share of a film's group mates that stand in its list; at most the list's length can be asked for.

    Args:
        lists: (m, k) neighbours of the films `rows`.
        groups: (n,) group of every film.
        rows: (m,) films with at least one mate.
    """
    found = (groups[lists] == groups[rows][:, None]).sum(axis=1)
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    mates = sizes[group[rows]] - 1
    return np.asarray(found / np.minimum(mates, lists.shape[1]), np.float64)
