"""Which films a person is likely to choose at all: item-to-item weights from what was rated well, not from how well.

EASE (Steck, WWW 2019) on a normalised matrix: with X the likes, u and f the number of likes of a person and a film,
the regression runs on u^-b X f^-a, so that neither people with thousands of likes nor famous films decide everything;
scores are scaled back by f^a. Both exponents were chosen on ML-1M's validation people (docs/experiments-taste.md).
A rating just below a like counts for a part: that somebody chose the film says something too.
The ridge is given relative to the mean of the diagonal, so that it means the same on data of any size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.taste.models.ease import ease_weights
from cinefile.taste.models.factor.arithmetic import from_bytes, to_bytes
from cinefile.taste.people_blocks import Block, RatingBlocks, State, Sums, sampled
from cinefile.taste.ratings import Floats, Ints

FILM_POWER, PERSON_POWER = 0.3, 0.25
BELOW, PART = 1.0, 0.3  # how far below a like a rating counts still, and for how much


def chosen(stars: NDArray[np.floating], like: float) -> NDArray[np.float32]:
    """How much each rating counts as a choice: 1 for a like, ``PART`` within ``BELOW`` stars of one, else 0."""
    return np.where(stars >= like, 1.0, np.where(stars >= like - BELOW, PART, 0.0)).astype(np.float32)


def fame(block: Block, kept: State, like: float) -> tuple[Sums, State]:
    """For ``people_blocks.Loop.sum``: how much every film was chosen, held-out ratings included."""
    size = len(block.films)
    much = np.zeros(size)
    for ratings in (block.stars, block.held):
        if ratings is not None:
            much += np.bincount(ratings.indices, chosen(ratings.data, like), minlength=size)
    return Sums(much[:, None], np.zeros(0)), None


@dataclass(frozen=True)
class LikesSettings:
    """Settings of the scores; see ``FactorModel`` for how they are chosen.

    Attributes:
        like: stars from which a rating counts.
        ridge: relative to the mean diagonal of the normalised matrix's square.
        blend: weight of the predicted stars beside the scores, both standardised per person.
        most_films: only so many films, the most liked, get weights.
        most_people: more people than that are thinned out.
    """

    like: float
    ridge: float
    blend: float
    most_films: int
    most_people: int


@dataclass(frozen=True)
class ImplicitScores:
    """EASE scores learned from likes; they order the picks. Weights stand between the most liked films.

    Attributes:
        films: (n,) places of the films that have weights, ascending.
        weights: (n, n) float32; column j scores film j.
        like: stars from which a rating counts.
        blend: weight of the predicted stars beside the scores, both standardised per person.
        size: number of films of the model.
    """

    films: Ints
    weights: NDArray[np.float32]
    like: float
    blend: float
    size: int

    @classmethod
    def of(cls, blocks: RatingBlocks, chosen_sums: NDArray[np.float64], settings: LikesSettings) -> "ImplicitScores":
        """Learn from ratings.

        Args:
            blocks: all ratings.
            chosen_sums: (films,) sum of what everybody chose, see ``fame``.
            settings: of the scores.
        """
        stars, user_ids = blocks.sample(settings.most_people)
        likes = stars.astype(np.float32)
        likes.data = chosen(stars.data, settings.like)
        likes.eliminate_zeros()
        fame = np.round(chosen_sums, 3)  # sums come in any order, and films equally famous must stay so
        films = np.sort(np.argsort(-fame, kind="stable")[: min(settings.most_films, int((fame > 0).sum()))])
        likes = likes[sampled(user_ids, blocks.people, settings.most_people)][:, films].tocsr()
        film_scale = ((fame[films] + 1.0) ** -FILM_POWER).astype(np.float32)
        person_scale = np.maximum(np.asarray(likes.sum(axis=1)).ravel(), 1.0) ** -PERSON_POWER
        scaled = (sp.diags(person_scale) @ likes @ sp.diags(film_scale)).tocsr().astype(np.float32)
        diagonal = float((scaled.data**2).sum()) / max(len(films), 1)
        weights = ease_weights(scaled, settings.ridge * diagonal)
        weights *= film_scale[:, None]
        weights /= film_scale[None, :]
        return cls(films, weights, settings.like, settings.blend, len(fame))

    def scores(self, people: sp.csr_matrix) -> Floats:
        """(people, films) scores; films without weights get a person's lowest."""
        place = np.full(self.size, -1, dtype=np.int32)
        place[self.films] = np.arange(len(self.films), dtype=np.int32)
        column = place[people.indices]
        share = chosen(people.data, self.like)
        counts = (share > 0) & (column >= 0)
        edges = np.concatenate([[0], np.cumsum(counts)])[people.indptr]
        likes = sp.csr_matrix((share[counts], column[counts], edges), shape=(people.shape[0], len(self.films)))
        inner = likes @ self.weights
        if len(self.films) == self.size:
            return np.asarray(inner)
        out = np.repeat(np.minimum(inner.min(axis=1, initial=0.0), 0.0)[:, None], self.size, axis=1)
        out[:, self.films] = inner
        return out

    def combine(self, people: sp.csr_matrix, stars: Floats) -> Floats:
        """(people, films) what picks are ordered by: the scores with the predicted stars beside them."""
        scores = self.scores(people)
        scores /= np.maximum(scores.std(axis=1, keepdims=True), 1e-9)
        scores += (
            self.blend
            * (stars - stars.mean(axis=1, keepdims=True))
            / np.maximum(stars.std(axis=1, keepdims=True), 1e-9)
        )
        return scores

    def moved(self, places: Ints, size: int) -> "ImplicitScores":
        """The same, where film n of the model has become film ``places[n]`` of ``size``, or none where that is -1."""
        films = places[self.films]
        order = np.argsort(films)[int((films < 0).sum()) :]
        return ImplicitScores(films[order], self.weights[np.ix_(order, order)], self.like, self.blend, size)

    def arrays(self, compact: bool = False) -> dict[str, NDArray[Any]]:
        """What to save."""
        weights = to_bytes("implicit", self.weights) if compact else {"implicit_weights": self.weights}
        return {"implicit_films": self.films.astype(np.int32), **weights}

    def facts(self) -> dict[str, Any]:
        """What to save as JSON."""
        return {"like": self.like, "blend": self.blend}

    @classmethod
    def restore(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], size: int) -> "ImplicitScores":
        """Take back what was saved."""
        films = arrays["implicit_films"].astype(np.int64)
        weights = from_bytes("implicit", arrays) if "implicit_bytes" in arrays else arrays["implicit_weights"]
        return cls(films, weights, float(facts["like"]), float(facts["blend"]), size)
