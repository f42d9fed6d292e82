"""Films for several people at once, with the aggregation stated.

`average` maximises the group's mean, `least_misery` the worst-off member, `without_misery` the mean over films that
nobody is predicted to dislike: the strategies of Masthoff, "Group recommender systems", 2015, section 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cinefile.errors import InputError
from cinefile.taste.rating_model import RatingModel
from cinefile.taste.ratings import person_rows
from cinefile.taste.recommend import Wishes, choose

Aggregation = Literal["average", "least_misery", "without_misery"]
AGGREGATIONS: tuple[Aggregation, ...] = ("average", "least_misery", "without_misery")
_MISERY = 2.75  # predicted stars below which a member is taken to dislike a film


@dataclass(frozen=True)
class GroupChoice:
    """One film for a group.

    Attributes:
        film_id: whose.
        stars: predicted stars of each member, in the order of the ratings given.
        score: what the list is ordered by: the aggregated ranking scores, standardised per member.
    """

    film_id: int
    stars: tuple[float, ...]
    score: float


def recommend_for_group(
    model: RatingModel,
    people: Sequence[Mapping[int, float]],
    k: int = 10,
    aggregation: Aggregation = "without_misery",
    wishes: Wishes | None = None,
) -> list[GroupChoice]:
    """The k films for a group, best first; films that any member has rated are left out.

    Args:
        model: any rating model.
        people: ``{film_id: stars}`` of each member.
        k: how many.
        aggregation: ``average``, ``least_misery`` or ``without_misery``.
        wishes: as for one person.

    Raises:
        InputError: nobody in the group, or no such aggregation.
    """
    if not people:
        raise InputError("There is nobody in the group.", "Give the ratings of one person at least.")
    if aggregation not in AGGREGATIONS:
        raise InputError(f"There is no aggregation {aggregation!r}.", f"Choose one of: {', '.join(AGGREGATIONS)}.")
    rows = person_rows(people, model.film_ids)
    stars = model._stars(rows)
    ranking = model._ranking(rows, stars)
    # Members' scores have scales of their own; what is comparable is how far a film stands out for each.
    ranking = (ranking - ranking.mean(axis=1, keepdims=True)) / np.maximum(ranking.std(axis=1, keepdims=True), 1e-9)
    clipped = np.clip(stars, *model.range)
    score = ranking.min(axis=0) if aggregation == "least_misery" else ranking.mean(axis=0)
    if aggregation == "without_misery":
        # Not barred but behind all others, so that a group with nothing in common still gets k films.
        score = score - np.where(clipped.min(axis=0) < _MISERY, np.ptp(score) + 1.0, 0.0)
    films, scores = choose(score, np.unique(rows.indices), model, k, wishes or Wishes())
    return [
        GroupChoice(int(model.film_ids[film]), tuple(clipped[:, film].astype(float).tolist()), float(value))
        for film, value in zip(films, scores, strict=True)
    ]
