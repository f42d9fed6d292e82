"""A small world of ratings with known tastes: two kinds of people, two kinds of films, and films all like."""

import numpy as np
from numpy.typing import NDArray


def small_world(
    people: int = 80, films: int = 40, share: float = 0.5, seed: int = 3
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Ids (people from 1000, films from 7 in steps of 3) and stars in halves."""
    rng = np.random.default_rng(seed)
    kind_of_person, kind_of_film = np.arange(people) % 2, np.arange(films) % 2
    quality = rng.normal(0, 0.4, films)
    user, film = np.nonzero(rng.random((people, films)) < share)
    like = np.where(kind_of_person[user] == kind_of_film[film], 0.9, -0.9)
    stars = np.clip(np.round(2 * (3.2 + like + quality[film] + rng.normal(0, 0.3, len(user)))) / 2, 0.5, 5.0)
    return user + 1000, film * 3 + 7, stars
