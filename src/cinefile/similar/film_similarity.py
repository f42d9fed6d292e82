"""The contract of every method that finds similar films: fit, scores, similar, explain, save and load."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from cinefile.answers import SimilarFilm
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.diversity import maximal_marginal_relevance
from cinefile.errors import InputError, NotFoundError
from cinefile.limits import LARGEST_ID, checked_range
from cinefile.similar.film_table import FilmTable
from cinefile.similar.liked import Likes
from cinefile.similar.reasons import Reasons

_POOL = 10  # diversity chooses among this many times k
_GROUP = 64  # columns per group of `top_k`


@dataclass(frozen=True)
class ScoredFilm:
    """A film that is similar to another.

    Attributes:
        film_id: id in the catalogue.
        title: title without year.
        year: year of release, or None where it is not known.
        score: similarity, 0 to 1.
        reasons: why the films are similar, where it was asked for.
    """

    film_id: int
    title: str
    year: int | None
    score: float
    reasons: Reasons | None = None

    def answer(self) -> SimilarFilm:
        """The film as the library answers it."""
        because, shared = (self.reasons.text(), self.reasons.likeness()) if self.reasons else ("", None)
        return SimilarFilm(self.film_id, self.title, self.year, float(self.score), because, shared)


@dataclass(frozen=True)
class SimilarOptions:
    """How to choose among the similar films.

    Attributes:
        filters: which films may be answered with.
        franchise: films of the same collection: "any" lets them in, "out" leaves them out, "only" wants no others.
        fame: from -1 (the more obscure) to 1 (the more famous); 0 does not care.
        diversity: 0 to 1; more makes the answers less similar to each other (maximal marginal relevance).
        weights: weight of each part; None for the default blend. {"plot": 1} uses one part alone.
    """

    filters: FilmFilters = field(default_factory=FilmFilters)
    franchise: Literal["any", "out", "only"] = "any"
    fame: float = 0.0
    diversity: float = 0.0
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not -1 <= self.fame <= 1 or not 0 <= self.diversity <= 1:
            raise InputError("fame goes from -1 to 1, diversity from 0 to 1.")


class FilmSimilarity(ABC):
    """A method that scores the similarity of films, over the films it was fitted on.

    Attributes:
        kind: name of the method in a model folder.
        film_id: (n,) ids of its films, ascending; rows and columns are positions in it.
    """

    kind: ClassVar[str]
    film_id: NDArray[np.int64]

    @classmethod
    @abstractmethod
    def fit(cls, table: FilmTable, likes: Likes | None = None) -> Self:
        """Learn from the facts of films, and from who likes which of them where the method uses that.

        Args:
            table: facts of n films, ascending ids.
            likes: likes of the films in the order of the table; None where there are no ratings.
        """

    @abstractmethod
    def scores(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films; a film to itself is included.

        Args:
            rows: (m,) positions in `film_id`.
            weights: weight of each part; None takes the default. A method without parts refuses any.

        Raises:
            InputError: the weights cannot be used.
        """

    @abstractmethod
    def save(self, path: str | Path, card: str = "") -> Path:
        """Write a model folder."""

    @classmethod
    @abstractmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model folder.

        Raises:
            ModelError: the folder is missing, damaged or of another kind.
        """

    def __len__(self) -> int:
        return len(self.film_id)

    def pairwise(self, rows: NDArray[np.integer], weights: Mapping[str, float] | None = None) -> NDArray[np.float32]:
        """Return the similarity (m, m) among some films; row i is seen from film i."""
        return self.scores(rows, weights)[:, rows]

    def explain(self, film_id: int, other_id: int) -> dict[str, float]:
        """Return what each part adds to the similarity of two films; a method without parts returns none.

        Raises:
            NotFoundError: there is no such film.
        """
        for film in (film_id, other_id):
            self.row(film)
        return {}

    def explain_all(self, film_id: int, other_ids: Sequence[int]) -> list[dict[str, float]]:
        """Return what each part adds to the similarity of a film to each of several others."""
        return [self.explain(film_id, other_id) for other_id in other_ids]

    def text_scores(self, text: str) -> NDArray[np.float32] | None:
        """Return the similarity (n,) of a text to the plot of every film; None where the method reads no texts."""
        return None

    def similar(
        self,
        film_id: int,
        k: int = 10,
        *,
        among: NDArray[np.bool_] | None = None,
        lift: NDArray[np.floating] | None = None,
        diversity: float = 0.0,
        weights: Mapping[str, float] | None = None,
    ) -> list[tuple[int, float]]:
        """Return ids and similarities (0 to 1) of the k films most similar to one, best first, never the film itself.

        Args:
            film_id: the film.
            k: 1 or more; fewer are returned where fewer films are allowed.
            among: (n,) True for the films that may be returned; None for all.
            lift: (n,) added to the similarity in the ranking, not in the returned similarity.
            diversity: 0 to 1, see `SimilarOptions`.
            weights: as in `scores`.

        Raises:
            NotFoundError: there is no such film.
            InputError: k or the weights cannot be used.
        """
        checked_range(k, "k", 1, LARGEST_ID)
        row = self.row(film_id)
        scores = self.scores(np.array([row]), weights)[0]
        rank = scores.copy() if lift is None else (scores + lift).astype(np.float32)
        rank[row] = -np.inf
        if among is not None:
            rank[~among] = -np.inf
        rows = top_k(rank[None, :], k * _POOL if diversity else k)[0]
        rows = rows[np.isfinite(rank[rows])]
        if diversity and len(rows) > 1:
            rows = rows[maximal_marginal_relevance(rank[rows], self.pairwise(rows, weights), k, diversity)]
        return list(zip(self.film_id[rows].tolist(), np.clip(scores[rows], 0, 1).tolist(), strict=True))

    def row(self, film_id: int) -> int:
        """Return the position of a film.

        Raises:
            NotFoundError: there is no such film.
        """
        row = int(np.searchsorted(self.film_id, film_id))
        if row == len(self.film_id) or self.film_id[row] != film_id:
            raise NotFoundError(f"There is no film with id {film_id}.", "Find ids with a title search.")
        return row


def top_k(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """(m, min(k, n)) columns of the k largest scores of each row, largest first; equal scores in column order.

    Columns are dealt into groups; the k largest lie in the k groups with the largest maxima, so only those are looked
    through. Group g holds the columns g, g + groups, g + 2 * groups, …: their maxima are then one pass over whole
    stretches of memory.
    """
    m, n = scores.shape
    k = min(k, n)
    groups = n // _GROUP
    whole = groups * _GROUP
    if groups <= 2 * k:
        columns = np.broadcast_to(np.arange(n), (m, n))
    else:
        maxima = scores[:, :whole].reshape(m, _GROUP, groups).max(axis=1)
        best = np.argpartition(maxima, -k, axis=1)[:, -k:]
        inside = (np.arange(_GROUP)[None, :, None] * groups + np.sort(best, axis=1)[:, None, :]).reshape(m, -1)
        columns = np.hstack([inside, np.broadcast_to(np.arange(whole, n), (m, n - whole))])
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :k] if n <= 4 * k else _best(values, k)
    return np.take_along_axis(columns, order, axis=1).astype(np.int64)


def _best(values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    picked = np.sort(np.argpartition(values, -k, axis=1)[:, -k:], axis=1)
    order = np.argsort(-np.take_along_axis(values, picked, axis=1), axis=1, kind="stable")
    return np.take_along_axis(picked, order, axis=1)
