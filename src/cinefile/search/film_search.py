"""Search films by words: by name with typos, by people, by what the story is about. The rankings are fused."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.catalogue.queries.people import people_index
from cinefile.errors import InputError
from cinefile.limits import LARGEST_ID, checked_range
from cinefile.search.film_titles import film_fame, similar_titles
from cinefile.search.name_index import LEAST_SIMILARITY
from cinefile.search.word_index import open_lexical
from cinefile.similar.film_similarity import FilmSimilarity, top_k

LONGEST_QUERY = 500
CONSTANT = 1  # of the fusion; the paper has 60
_DEPTH = 100  # films taken from each ranking
_DEPTH_FILTERED = 1000  # titles looked through where not every film may be answered with
# What each ranking counts in the fusion. These and the constant: `cinefile evaluate search-weights`, on the validation
# half of benchmarks/queries.tsv.
RANKINGS: Mapping[str, float] = MappingProxyType({"title": 3.0, "people": 1.0, "words": 2.0, "meaning": 1.0})
_FAME = 0.3  # at equal words, the best known film counts 30% more

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SearchHit:
    """A film found by words.

    Attributes:
        film_id: id in the catalogue.
        title: without year.
        year: or None where not known.
        score: the fused score as a share of the best possible one, 0 to 1.
        by: the rankings that found it: "title", "people", "words", "meaning".
    """

    film_id: int
    title: str
    year: int | None
    score: float
    by: tuple[str, ...]


class FilmSearch:
    """Search over one catalogue; its indexes are made on first use. Threads may share it.

    Args:
        facts: columns of the catalogue.
        similarity: a method fitted on the catalogue's films; it ranks them by what their plots mean.
        weights: weight of each ranking; one left out is not asked.
    """

    def __init__(self, facts: FilmColumns, similarity: FilmSimilarity, weights: Mapping[str, float] = RANKINGS) -> None:
        self._facts, self._similarity, self._weights = facts, similarity, weights

    def search(self, text: str, k: int = 10, filters: FilmFilters | None = None) -> list[SearchHit]:
        """Return the k films that fit a text best.

        Args:
            text: at most LONGEST_QUERY characters: a name (typos allowed), people, or what the story is about.
            k: how many.
            filters: which films may be answered with; None for all.

        Raises:
            InputError: the text is empty or too long, k is out of range, or a filter cannot be used.
        """
        checked_range(k, "k", 1, LARGEST_ID)
        if not text.strip():
            raise InputError("There is nothing to search for.", "Give a title, a name, or what the film is about.")
        if len(text) > LONGEST_QUERY:
            raise InputError(f"The query has {len(text):,} characters; at most {LONGEST_QUERY} are accepted.")
        rankings = self.rankings(text, None if filters in (None, FilmFilters()) else filters.mask(self._facts))
        fused = fuse(rankings, self._weights)
        best = sorted(fused, key=lambda row: (-fused[row], row))[:k]
        highest = fuse({name: [0] for name in self._weights}, self._weights)[0]
        columns = (self._facts.films.values(c, best) for c in ("film_id", "title", "year"))
        return [
            SearchHit(i, t, y, fused[row] / highest, tuple(name for name in rankings if row in rankings[name]))
            for i, t, y, row in zip(*columns, best, strict=True)
        ]

    def rankings(self, text: str, mask: NDArray[np.bool_] | None = None) -> dict[str, list[int]]:
        """Rows of films by each ranking that has a weight, best first, at most 100 of each."""
        allowed = np.ones(len(self._facts.films), np.bool_) if mask is None else mask
        return {name: getattr(self, f"_{name}")(text, allowed)[:_DEPTH].tolist() for name in self._weights}

    def _title(self, text: str, allowed: Mask) -> NDArray[np.int64]:
        found = similar_titles(self._facts, text, limit=_DEPTH if allowed.all() else _DEPTH_FILTERED)
        return np.array([m.row for m in found if allowed[m.row]], np.int64)

    def _people(self, text: str, allowed: Mask) -> NDArray[np.int64]:
        """Films of the people named, best known first."""
        found = people_index(self._facts).search(text, 5)
        named = [m.position for m in found if m.similarity >= LEAST_SIMILARITY]
        if not named:
            return np.zeros(0, np.int64)
        films = self._facts.rows(
            "SELECT DISTINCT film_id FROM credits WHERE list_contains(?, person_id)",
            [self._facts.people.ids[named].tolist()],
        )
        rows = self._facts.films.rows(np.array([f[0] for f in films], np.int64))
        rows = rows[allowed[rows]]
        return np.asarray(rows[np.argsort(-film_fame(self._facts)[rows], kind="stable")], np.int64)

    def _words(self, text: str, allowed: Mask) -> NDArray[np.int64]:
        index = self._facts.kept("words of films", lambda: open_lexical(self._facts))
        return self._best(index.scores(text), allowed)

    def _meaning(self, text: str, allowed: Mask) -> NDArray[np.int64]:
        scores = self._similarity.text_scores(text)
        return np.zeros(0, np.int64) if scores is None else self._best(scores, allowed)

    def _best(self, scores: NDArray[np.float32], allowed: Mask) -> NDArray[np.int64]:
        weighted = np.maximum(scores, 0) * allowed * (1 + _FAME * film_fame(self._facts).astype(np.float32))
        rows = top_k(weighted[None, :], _DEPTH)[0]
        return np.asarray(rows[weighted[rows] > 0], np.int64)


def fuse(
    rankings: Mapping[str, list[int]], weights: Mapping[str, float], constant: float = CONSTANT
) -> dict[int, float]:
    """Score of every row that stands in a ranking: the sum of weight / (constant + rank), ranks from 1."""
    scores: dict[int, float] = {}
    for name, rows in rankings.items():
        for rank, row in enumerate(rows, start=1):
            scores[row] = scores.get(row, 0.0) + weights[name] / (constant + rank)
    return scores
