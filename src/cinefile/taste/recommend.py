"""Recommend films: score, leave out, filter, turn from popular to rare, diversify."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from cinefile.diversity import maximal_marginal_relevance
from cinefile.errors import InputError
from cinefile.taste.ratings import Floats, Ints, as_ids, places


@dataclass(frozen=True)
class Pick:
    """One recommended film.

    Attributes:
        film_id: whose.
        stars: predicted stars.
        std: standard deviation of the person's rating around ``stars``; None where the model has none.
        score: what the list is ordered by, on the model's own scale.
        because: the person's ratings that raise the prediction most, as (film_id, stars it adds), largest first.
    """

    film_id: int
    stars: float
    std: float | None
    score: float
    because: tuple[tuple[int, float], ...] = ()

    def interval(self, share: float = 0.8, lowest: float = 0.5, highest: float = 5.0) -> tuple[float, float] | None:
        """Central interval that holds the person's rating with probability ``share``; None without a deviation."""
        if self.std is None:
            return None
        half = normal_quantile(share) * self.std
        return max(lowest, self.stars - half), min(highest, self.stars + half)


@dataclass(frozen=True)
class Explanation:
    """A prediction taken apart.

    Attributes:
        film_id: whose.
        stars: the prediction, inside the star range.
        base: what anybody without ratings would be predicted.
        contributions: (film_id, stars) of each of the person's ratings, largest in size first; base and all of them
            add up to the prediction before it is kept inside the range.
    """

    film_id: int
    stars: float
    base: float
    contributions: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class FilmToRate:
    """A film to ask a person about.

    Attributes:
        film_id: whose.
        gain: expected fall of the mean variance of the person's predictions, in squared stars; None where the model
            has no variance.
    """

    film_id: int
    gain: float | None


@dataclass(frozen=True)
class Wishes:
    """What may be picked, and how.

    Attributes:
        allowed: ids of the films that may be picked (what a filter left); None allows all.
        exclude: ids of films never to pick, beside those already seen.
        exclude_seen: leave out the films that the person has rated.
        min_votes: fewest training ratings that a film must have.
        rarity: dial from -1 (what everybody watches) over 0 (the model's own order) to 1 (what few know).
        diversity: 0 (best first) to 1 (unlike each other above all): maximal marginal relevance, Carbonell and
            Goldstein, SIGIR 1998.
        reasons: most entries in ``Pick.because``.
    """

    allowed: ArrayLike | None = None
    exclude: ArrayLike = field(default_factory=tuple)
    exclude_seen: bool = True
    min_votes: int = 0
    rarity: float = 0.0
    diversity: float = 0.0
    reasons: int = 3

    def __post_init__(self) -> None:
        if not -1 <= self.rarity <= 1:
            raise InputError(f"rarity is {self.rarity}.", "It goes from -1 (popular) to 1 (rare).")
        if not 0 <= self.diversity <= 1:
            raise InputError(f"diversity is {self.diversity}.", "It goes from 0 to 1.")


class PickingModel(Protocol):
    """What picking and explaining need of a rating model; ``RatingModel`` says what each of these is."""

    film_ids: Ints
    counts: Ints
    range: tuple[float, float]
    additive: ClassVar[bool]

    def _likeness(self, films: Ints) -> Floats: ...

    def _stars(self, people: sp.csr_matrix) -> Floats: ...

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]: ...

    def _ranking(self, people: sp.csr_matrix, stars: Floats) -> Floats: ...

    def _folded(self, people: sp.csr_matrix) -> "FoldedIn": ...


class FoldedIn:
    """Users folded in once per request, reused for stars, intervals and reasons.

    Args:
        model: a trained model.
        people: (people, films) rows of stars.
    """

    def __init__(self, model: PickingModel, people: sp.csr_matrix) -> None:
        self.people = people
        self._model = model

    def stars(self) -> Floats:
        """(people, films) predicted stars, unclipped."""
        return self._model._stars(self.people)

    def deviation(self, row: int, films: Ints) -> Floats | None:
        """(len(films),) standard deviation of one person's new rating; None where the model has none."""
        return None

    def contributions(self, row: int, films: Ints) -> tuple[Floats, Floats]:
        """Bases (len(films),) and one summand per film and rating of one person."""
        return self._model._contributions(self.people[[row]], films)


def choose(scores: Floats, seen: Ints, model: PickingModel, k: int, wishes: Wishes) -> tuple[Ints, Floats]:
    """Places and scores of the films to pick, best first; fewer than k where the wishes leave fewer.

    Args:
        scores: (films,) higher is better.
        seen: places of the films that the person has rated.
        model: whose films they are.
        k: how many, at least 1.
        wishes: what may be picked, and how.
    """
    if k < 1:
        raise InputError(f"k is {k}.", "Ask for at least one film.")
    may = _may_be_picked(seen, model, wishes)
    worth = scores
    if wishes.rarity:
        fame = np.log1p(model.counts)
        worth = _standard(scores) - wishes.rarity * _standard(fame)
    pool = np.flatnonzero(may)
    want = min(len(pool), k if not wishes.diversity else max(10 * k, 100))
    if want < len(pool):
        pool = pool[np.argpartition(-worth[pool], want - 1)[:want]]
    # Equal scores fall back on fame, then on the id, so that a list never depends on the sorting algorithm.
    pool = pool[np.lexsort((pool, -model.counts[pool], -worth[pool]))]
    if wishes.diversity and len(pool) > 1:
        gap = worth[pool] - worth[pool].min()
        relevance = gap / (float(gap.max()) or 1.0)
        pool = pool[maximal_marginal_relevance(relevance, model._likeness(pool), k, wishes.diversity)]
    return pool[:k], worth[pool[:k]]


def _may_be_picked(seen: Ints, model: PickingModel, wishes: Wishes) -> NDArray[np.bool_]:
    may = model.counts >= wishes.min_votes
    if wishes.allowed is not None:
        at = places(np.unique(as_ids(wishes.allowed, "allowed")), model.film_ids)
        mask = np.zeros(len(may), dtype=bool)
        mask[at[at >= 0]] = True
        may = may & mask
    if wishes.exclude_seen:
        may[seen] = False
    hidden = places(
        as_ids(wishes.exclude, "exclude") if len(np.atleast_1d(wishes.exclude)) else seen[:0], model.film_ids
    )
    may[hidden[hidden >= 0]] = False
    return may


def _standard(values: Floats) -> Floats:
    standard: Floats = (values - values.mean()) / (values.std() or 1.0)
    return standard


def normal_quantile(share: float) -> float:
    """Half-width, in standard deviations, of the central interval of a normal distribution that holds ``share``."""
    from scipy.special import ndtri

    if not 0 < share < 1:
        raise InputError(f"An interval's share is {share}.", "It lies between 0 and 1.")
    return float(ndtri(0.5 + share / 2))


Reasons = tuple[tuple[int, float], ...]


def picks(model: PickingModel, people: sp.csr_matrix, k: int, wishes: Wishes) -> list[list[Pick]]:
    """The k films for each of the people given as rows of stars, best first."""
    folded = model._folded(people)
    stars = folded.stars()
    ranking = model._ranking(people, stars)
    return [_picks_of(model, folded, row, ranking[row], stars[row], k, wishes) for row in range(people.shape[0])]


def _picks_of(
    model: PickingModel, folded: FoldedIn, row: int, ranking: Floats, stars: Floats, k: int, wishes: Wishes
) -> list[Pick]:
    people = folded.people
    rated = slice(people.indptr[row], people.indptr[row + 1])
    films, scores = choose(ranking, people.indices[rated], model, k, wishes)
    spread = folded.deviation(row, films)
    reasons = _reasons(model, folded, row, films, wishes.reasons)
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


def _reasons(model: PickingModel, folded: FoldedIn, row: int, films: Ints, most: int) -> list[Reasons]:
    rated = slice(folded.people.indptr[row], folded.people.indptr[row + 1])
    own, ids = folded.people.data[rated], model.film_ids[folded.people.indices[rated]]
    if most == 0 or len(own) == 0 or not model.additive:
        return [()] * len(films)
    _, parts = folded.contributions(row, films)
    # "Because you liked": what a person disliked can speak for a film too, but nobody wants to read that.
    parts = np.where(own >= own.mean(), parts, -np.inf)
    best = np.argsort(-parts, axis=1, kind="stable")[:, :most]
    return [
        tuple((int(ids[at]), float(row_parts[at])) for at in order if row_parts[at] > 0)
        for row_parts, order in zip(parts, best, strict=True)
    ]


def explanation(model: PickingModel, person: sp.csr_matrix, film: int) -> Explanation:
    """The prediction for the film at a place, taken apart for one person (a one-row matrix)."""
    bases, summands = model._folded(person).contributions(0, np.array([film]))
    base, parts = bases[0], summands[0]
    order = np.argsort(-np.abs(parts), kind="stable")
    films = model.film_ids[person.indices[order]]
    return Explanation(
        film_id=int(model.film_ids[film]),
        stars=float(np.clip(base + parts.sum(), *model.range)),
        base=float(base),
        contributions=tuple(zip(films.tolist(), parts[order].astype(float).tolist(), strict=True)),
    )
