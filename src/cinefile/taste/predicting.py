"""Stars for pairs of person and film, in blocks of people, and what stands in for those a model does not know."""

from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from cinefile.taste.hooks import ModelHooks
from cinefile.taste.ratings import Floats, Ints, empty_people

PEOPLE_AT_ONCE = 256


def known_pairs(model: ModelHooks, rows: Ints, films: Ints, return_std: bool) -> tuple[Floats, Floats | None]:
    """Stars (and deviation) for known people's rows of ``history`` and known films, pair by pair."""
    stars = np.empty(len(rows), dtype=np.float64)
    deviation = np.empty(len(rows), dtype=np.float64) if return_std else None
    distinct, back = np.unique(rows, return_inverse=True)
    order = np.argsort(back, kind="stable")
    edges = np.searchsorted(back[order], np.arange(0, len(distinct) + PEOPLE_AT_ONCE, PEOPLE_AT_ONCE))
    for block, (low, high) in enumerate(pairwise(edges)):
        first = block * PEOPLE_AT_ONCE
        at = order[low:high]
        people = model.history[distinct[first : first + PEOPLE_AT_ONCE]]
        stars[at] = model._stars(people)[back[at] - first, films[at]]
        if deviation is not None:
            spread = model._deviation(people)
            if spread is None:
                deviation = None
            else:
                deviation[at] = spread[back[at] - first, films[at]]
    return stars, deviation


def fill_unknown(model: ModelHooks, row: Ints, column: Ints, stars: Floats, deviation: Floats | None) -> None:
    """Write the pairs whose person (row -1) or film (column -1) the model does not know, in place.

    An unknown person is one without ratings; an unknown film is what the model's ``_unknown_film`` says.
    """
    nobody = empty_people(len(model.film_ids))
    stranger = (row < 0) & (column >= 0)
    if stranger.any():
        stars[stranger] = model._stars(nobody)[0, column[stranger]]
        spread = model._deviation(nobody) if deviation is not None else None
        if deviation is not None and spread is not None:
            deviation[stranger] = spread[0, column[stranger]]
    new = np.flatnonzero(column < 0)
    who, back = np.unique(row[new], return_inverse=True)
    for first in range(0, len(who), PEOPLE_AT_ONCE):
        some = who[first : first + PEOPLE_AT_ONCE]
        people = sp.vstack([nobody[: int(some[0] < 0)], model.history[some[some >= 0]]], format="csr")
        found, spread = model._unknown_film(people)
        here = (back >= first) & (back < first + len(some))
        stars[new[here]] = found[back[here] - first]
        if deviation is not None:
            deviation[new[here]] = np.nan if spread is None else spread[back[here] - first]
