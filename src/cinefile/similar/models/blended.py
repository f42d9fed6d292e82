"""Similar films by a weighted blend of plot, people, genres, taste and other parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.answers import SimilarFilm
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.diversity import maximal_marginal_relevance
from cinefile.errors import InputError, NotFoundError
from cinefile.limits import LARGEST_ID, checked_range
from cinefile.search.film_search import SearchHit, WordSearch
from cinefile.search.film_titles import film_fame
from cinefile.similar.film_vectors import FilmVectors
from cinefile.similar.reasons import Reasons, closest_sentences, why
from cinefile.similar.scoring import Scorer, top_k
from cinefile.text.static_encoder import shipped_encoder

_FAME_WEIGHT = 0.3  # what the dial at 1 adds to the score of the best known film
_POOL = 10  # diversity chooses among this many times k


@dataclass(frozen=True)
class ScoredFilm:
    """A film like another.

    Attributes:
        film_id: id in the catalogue.
        title: without year.
        year: or None where not known.
        score: likeness, 0 to 1.
        reasons: why, where asked for.
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
    """How to choose among the films alike.

    Attributes:
        filters: which films may be answered with.
        franchise: films of the same collection: "any" lets them in, "out" leaves them out, "only" wants no others.
        fame: from -1 (the more obscure) to 1 (the more famous); 0 does not care.
        diversity: 0 to 1; more makes the answers less like each other (maximal marginal relevance).
        weights: weight of each part; None for the default blend. {"plot": 1} uses one part alone.
    """

    filters: FilmFilters = field(default_factory=FilmFilters)
    franchise: Literal["any", "out", "only"] = "any"
    fame: float = 0.0
    diversity: float = 0.0
    weights: Mapping[str, float] | None = None


class SimilarIndex:
    """Finds similar films in a catalogue; threads may share it.

    Args:
        catalogue: the open catalogue.
        vectors: of its films, the same films in the same order.
        facts: its columns, where they are in memory already; None loads them.
    """

    def __init__(self, catalogue: Catalogue, vectors: FilmVectors, facts: FilmColumns | None = None) -> None:
        self.catalogue = catalogue
        self.facts = facts or FilmColumns(catalogue)
        self.vectors = vectors
        self.scorer = Scorer(vectors, threads=settings.threads())

    def similar(
        self, film_id: int, k: int = 10, options: SimilarOptions | None = None, *, reasons: bool = False
    ) -> list[ScoredFilm]:
        """The k films most like one, the most alike first, never the film itself.

        Args:
            film_id: id in the catalogue.
            k: 1 or more; fewer come where fewer pass the options.
            options: see Options.
            reasons: say why; costs some milliseconds more.

        Raises:
            NotFoundError: no such film.
            InputError: k or an option is out of range.
        """
        checked_range(k, "k", 1, LARGEST_ID)
        chosen = options or SimilarOptions()
        row = self._row(film_id)
        scores = self.scorer.scores(np.array([row]), chosen.weights)[0]
        ranked = self._ranked(row, scores, k, chosen)
        adds = {int(self.vectors.film_id[r]): self.scorer.contributions(row, int(r)) for r in ranked} if reasons else {}
        said = self._why(film_id, adds) if reasons else {}
        found = self._films(ranked, np.clip(scores[ranked], 0, 1))
        return [ScoredFilm(*f, reasons=said.get(f[0])) for f in found]

    def explain(self, film_id: int, other_id: int) -> Reasons:
        """Why two films are alike, with the closest sentences of their plots where both have one.

        Raises:
            NotFoundError: no such film.
        """
        adds = self.scorer.contributions(self._row(film_id), self._row(other_id))
        return self._why(film_id, {other_id: adds}, every_story=True)[other_id]

    def search(self, text: str, k: int = 10, filters: FilmFilters | None = None) -> list[SearchHit]:
        """Films by words: names (typos allowed), people, and what the story is about; see search.py.

        Raises:
            InputError: the text is empty or too long, or k is out of range.
        """
        checked_range(k, "k", 1, LARGEST_ID)
        mask = None if filters is None or filters == FilmFilters() else filters.mask(self.facts)
        return self.words.search(text, k, mask)

    @cached_property
    def words(self) -> WordSearch:
        """The search index, made on first use."""
        return WordSearch(self.facts, self.scorer)

    def _why(
        self, film_id: int, adds: Mapping[int, dict[str, float]], *, every_story: bool = False
    ) -> dict[int, Reasons]:
        """Reasons, with sentences where the story is the first of them, or always."""
        said = why(self.facts.cursor(), film_id, adds)
        told = [other for other, reasons in said.items() if every_story or reasons.by_story]
        if told:
            # Sentences are always compared by the shipped encoder, which takes microseconds.
            found = closest_sentences(self.facts.cursor(), shipped_encoder(), film_id, told)
            for other in told:
                said[other].sentences = found.get(other)
        return said

    def _row(self, film_id: int) -> int:
        row = self.facts.films.row(film_id)
        if row is None:
            raise NotFoundError(f"There is no film with id {film_id}.", "Find ids with a title search.")
        return row

    def _ranked(self, row: int, scores: NDArray[np.float32], k: int, options: SimilarOptions) -> NDArray[np.int64]:
        if not -1 <= options.fame <= 1 or not 0 <= options.diversity <= 1:
            raise InputError("fame goes from -1 to 1, diversity from 0 to 1.")
        rank = scores.copy()
        if options.fame:
            rank += np.float32(options.fame * _FAME_WEIGHT) * film_fame(self.facts).astype(np.float32)
        rank[row] = -np.inf
        if options.filters != FilmFilters():
            rank[~options.filters.mask(self.facts)] = -np.inf
        if options.franchise != "any":
            rank[self._mates(row) == (options.franchise == "out")] = -np.inf
        wanted = k * _POOL if options.diversity else k
        columns = top_k(rank[None, :], wanted)[0]
        columns = columns[np.isfinite(rank[columns])]
        if options.diversity and len(columns) > 1:
            alike = self.scorer.pairwise(columns, options.weights)
            columns = columns[maximal_marginal_relevance(rank[columns], alike, k, options.diversity)]
        return np.asarray(columns, np.int64)

    def _mates(self, row: int) -> NDArray[np.bool_]:
        sql = """SELECT b.film_id FROM films a JOIN films b USING (collection_id) WHERE a.film_id = ?"""
        mates = np.array([r[0] for r in self.facts.rows(sql, [int(self.facts.films.ids[row])])], np.int64)
        return np.isin(self.facts.films.ids, mates)

    def _films(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> list[tuple[int, str, int | None, float]]:
        columns = (self.facts.films.values(c, rows) for c in ("film_id", "title", "year"))
        return [(i, t, y, float(s)) for i, t, y, s in zip(*columns, scores, strict=True)]
