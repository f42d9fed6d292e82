"""Picks and their reasons, from a model's reading of some people."""

import numpy as np
import scipy.sparse as sp

from cinefile.taste.hooks import ModelHooks, Reading
from cinefile.taste.picking import Explanation, Pick, Wishes, choose
from cinefile.taste.ratings import Floats, Ints

Reasons = tuple[tuple[int, float], ...]


def picks(model: ModelHooks, people: sp.csr_matrix, k: int, wishes: Wishes) -> list[list[Pick]]:
    """The k films for each of the people given as rows of stars, best first."""
    reading = model._reading(people)
    stars = reading.stars()
    ranking = model._ranking(people, stars)
    return [_picks_of(model, reading, row, ranking[row], stars[row], k, wishes) for row in range(people.shape[0])]


def _picks_of(
    model: ModelHooks, reading: Reading, row: int, ranking: Floats, stars: Floats, k: int, wishes: Wishes
) -> list[Pick]:
    people = reading.people
    rated = slice(people.indptr[row], people.indptr[row + 1])
    films, scores = choose(ranking, people.indices[rated], model, k, wishes)
    spread = reading.deviation(row, films)
    reasons = _reasons(model, reading, row, films, wishes.reasons)
    return [
        Pick(
            film_id=int(model.film_ids[film]),
            stars=float(np.clip(stars[film], *model.range)),
            std=None if spread is None else float(spread[place]),
            score=float(scores[place]),
            because=reasons[place],
        )
        for place, film in enumerate(films)
    ]


def _reasons(model: ModelHooks, reading: Reading, row: int, films: Ints, most: int) -> list[Reasons]:
    rated = slice(reading.people.indptr[row], reading.people.indptr[row + 1])
    own, ids = reading.people.data[rated], model.film_ids[reading.people.indices[rated]]
    if most == 0 or len(own) == 0 or not model.additive:
        return [()] * len(films)
    _, parts = reading.contributions(row, films)
    # "Because you liked": what a person disliked can speak for a film too, but nobody wants to read that.
    parts = np.where(own >= own.mean(), parts, -np.inf)
    best = np.argsort(-parts, axis=1, kind="stable")[:, :most]
    return [
        tuple((int(ids[at]), float(row_parts[at])) for at in order if row_parts[at] > 0)
        for row_parts, order in zip(parts, best, strict=True)
    ]


def explanation(model: ModelHooks, person: sp.csr_matrix, film: int) -> Explanation:
    """The prediction for the film at a place, taken apart for one person (a one-row matrix)."""
    bases, summands = model._reading(person).contributions(0, np.array([film]))
    base, parts = bases[0], summands[0]
    order = np.argsort(-np.abs(parts), kind="stable")
    films = model.film_ids[person.indices[order]]
    return Explanation(
        film_id=int(model.film_ids[film]),
        stars=float(np.clip(base + parts.sum(), *model.range)),
        base=float(base),
        contributions=tuple(zip(films.tolist(), parts[order].astype(float).tolist(), strict=True)),
    )
