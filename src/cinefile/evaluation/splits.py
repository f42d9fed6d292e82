"""Splits of ratings into what a model may see and what it is asked about, and the check that they do not overlap."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import InputError

Ints = NDArray[np.int64]


class Ratings(NamedTuple):
    """Ratings as equal-length arrays.

    Attributes:
        users: int64 ids.
        films: int64 ids.
        stars: float32, 0.5 to 5.
        times: int64 seconds since 1970, or None.
    """

    users: Ints
    films: Ints
    stars: NDArray[np.float32]
    times: Ints | None = None

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Ratings":
        """Some of them."""
        times = None if self.times is None else self.times[rows]
        return Ratings(self.users[rows], self.films[rows], self.stars[rows], times)

    @property
    def keys(self) -> Ints:
        """One number per pair of person and film."""
        return self.users.astype(np.int64) * (1 << 32) + self.films


class RatingSplit(NamedTuple):
    """What may be seen, and what is asked about."""

    train: Ratings
    test: Ratings


def check_disjoint(train: Ratings, test: Ratings) -> None:
    """Refuse a split where a pair of person and film stands on both sides.

    Raises:
        InputError: with the number of such pairs.
    """
    both = np.intersect1d(train.keys, test.keys)
    if len(both):
        raise InputError(
            f"{len(both)} of {len(test.users)} ratings asked about were shown in training.",
            "Remove duplicates before splitting.",
        )


def distinct(ratings: Ratings) -> Ratings:
    """The last rating of every pair of person and film, in the order of the pairs."""
    _, last = np.unique(ratings.keys[::-1], return_index=True)
    return ratings.take(len(ratings.users) - 1 - last)


def random_split(ratings: Ratings, share: float, seed: int) -> RatingSplit:
    """A random share of the ratings is asked about. Equal ratings give an equal split, whatever their order."""
    ratings = distinct(ratings)
    order = np.random.default_rng(seed).permutation(len(ratings.users))
    cut = round(share * len(order))
    return _checked(ratings.take(np.sort(order[cut:])), ratings.take(np.sort(order[:cut])))


def time_split(ratings: Ratings, share: float) -> RatingSplit:
    """The last share of all ratings, by time, is asked about: nothing of the future is seen by anybody.

    Raises:
        InputError: there are no timestamps.
    """
    if ratings.times is None:
        raise InputError("These ratings have no timestamps.", "Split them at random instead.")
    ratings = distinct(ratings)
    assert ratings.times is not None
    cut = np.quantile(ratings.times, 1 - share)
    return _checked(ratings.take(ratings.times <= cut), ratings.take(ratings.times > cut))


def film_split(ratings: Ratings, share: float, seed: int) -> RatingSplit:
    """All ratings of a random share of the films are asked about: those films are cold."""
    ratings = distinct(ratings)
    films = np.unique(ratings.films)
    cold = np.random.default_rng(seed).permutation(films)[: round(share * len(films))]
    asked = np.isin(ratings.films, cold)
    return _checked(ratings.take(~asked), ratings.take(asked))


def most_active(ratings: Ratings, users: int, films: int) -> Ratings:
    """The ratings that the most active users gave to the most rated films; of equals, the smaller id."""
    ratings = distinct(ratings)
    keep = np.isin(ratings.users, _most(ratings.users, users)) & np.isin(ratings.films, _most(ratings.films, films))
    return ratings.take(keep)


def _most(ids: Ints, count: int) -> Ints:
    names, times = np.unique(ids, return_counts=True)
    return names[np.argsort(-times, kind="stable")[:count]]


def _checked(train: Ratings, test: Ratings) -> RatingSplit:
    check_disjoint(train, test)
    return RatingSplit(train, test)


class HeldOutUser(NamedTuple):
    """One person of a strong-generalisation protocol: shown to the model after training only."""

    given: dict[int, float]
    asked: Ints


class UserSplit(NamedTuple):
    """People to train on, and two sets of people never seen in training."""

    train: Ratings
    validation: list[HeldOutUser]
    test: list[HeldOutUser]


def user_split(ratings: Ratings, held: int, seed: int, like: float = 4.0, fewest: int = 5) -> UserSplit:
    """Hold people out whole; of each one's likes 80% are given and 20% (one at least) asked about.

    Args:
        ratings: all.
        held: people in each of the validation and the test set.
        seed: of people and films drawn.
        like: stars from which a rating is a like; held-out people's other ratings are not used.
        fewest: likes that a person must have to be held out.

    Raises:
        InputError: too few people have so many likes.
    """
    ratings = distinct(ratings)
    likes = ratings.stars >= like
    names, counts = np.unique(ratings.users[likes], return_counts=True)
    rng = np.random.default_rng(seed)
    able = rng.permutation(names[counts >= fewest])
    if len(able) < 2 * held + 1:
        raise InputError(f"Only {len(able)} people have {fewest} likes; {2 * held + 1} are needed.")
    people = []
    for name in able[: 2 * held]:
        own = ratings.take(likes & (ratings.users == name))
        order = rng.permutation(len(own.films))
        cut = max(1, round(0.2 * len(order)))
        given = own.take(order[cut:])
        shown = dict(zip(given.films.tolist(), given.stars.tolist(), strict=True))
        people.append(HeldOutUser(shown, own.films[order[:cut]]))
        if set(shown) & set(people[-1].asked.tolist()):
            raise InputError(f"Person {name} is asked about films that were given.")
    train = ratings.take(~np.isin(ratings.users, able[: 2 * held]))
    return UserSplit(train, people[held:], people[:held])
