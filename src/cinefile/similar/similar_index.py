"""Similar films of a catalogue: a similarity method with the filters, titles and reasons that the catalogue adds."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.film_filters import FilmFilters
from cinefile.search.film_titles import film_fame
from cinefile.similar.film_similarity import FilmSimilarity, ScoredFilm, SimilarOptions
from cinefile.similar.reasons import Reasons, closest_sentences, why
from cinefile.text.static_encoder import shipped_encoder

_FAME_WEIGHT = 0.3  # what fame 1 adds to the score of the best known film


class SimilarIndex:
    """Finds similar films in a catalogue. Threads may share it.

    Args:
        facts: columns of the catalogue.
        similarity: a method fitted on the catalogue's films.
    """

    def __init__(self, facts: FilmColumns, similarity: FilmSimilarity) -> None:
        self.facts, self.similarity = facts, similarity

    def similar(
        self, film_id: int, k: int = 10, options: SimilarOptions | None = None, *, reasons: bool = False
    ) -> list[ScoredFilm]:
        """Return the k films most similar to one, best first, never the film itself.

        Args:
            film_id: id in the catalogue.
            k: 1 or more; fewer are returned where fewer pass the options.
            options: how to choose; None for the plain ranking.
            reasons: say why; costs some milliseconds more.

        Raises:
            NotFoundError: there is no such film.
            InputError: k or an option is out of range.
        """
        chosen = options or SimilarOptions()
        found = self.similarity.similar(
            film_id,
            k,
            among=self._allowed(film_id, chosen),
            lift=chosen.fame * _FAME_WEIGHT * film_fame(self.facts) if chosen.fame else None,
            diversity=chosen.diversity,
            weights=chosen.weights,
        )
        said = self._why(film_id, [other for other, _ in found]) if reasons else {}
        rows = self.facts.films.rows(np.array([other for other, _ in found], np.int64))
        titles, years = self.facts.films.values("title", rows), self.facts.films.values("year", rows)
        return [
            ScoredFilm(other, title, year, score, said.get(other))
            for (other, score), title, year in zip(found, titles, years, strict=True)
        ]

    def explain(self, film_id: int, other_id: int) -> Reasons:
        """Return why two films are similar, with the closest sentences of their plots where both have one.

        Raises:
            NotFoundError: there is no such film.
        """
        return self._why(film_id, [other_id], every_story=True)[other_id]

    def _why(self, film_id: int, others: list[int], *, every_story: bool = False) -> Mapping[int, Reasons]:
        """Return reasons, with sentences where the plot is the first of them, or always."""
        adds = dict(zip(others, self.similarity.explain_all(film_id, others), strict=True))
        said = why(self.facts.cursor(), film_id, adds)
        told = [other for other, reasons in said.items() if every_story or reasons.by_story]
        if told:
            # Sentences are always compared by the shipped encoder, which takes microseconds.
            found = closest_sentences(self.facts.cursor(), shipped_encoder(), film_id, told)
            for other in told:
                said[other].sentences = found.get(other)
        return said

    def _allowed(self, film_id: int, options: SimilarOptions) -> NDArray[np.bool_] | None:
        allowed = None if options.filters == FilmFilters() else options.filters.mask(self.facts)
        if options.franchise != "any":
            of_franchise = self._mates(film_id) == (options.franchise == "only")
            allowed = of_franchise if allowed is None else allowed & of_franchise
        return allowed

    def _mates(self, film_id: int) -> NDArray[np.bool_]:
        sql = "SELECT b.film_id FROM films a JOIN films b USING (collection_id) WHERE a.film_id = ?"
        mates = np.array([r[0] for r in self.facts.rows(sql, [film_id])], np.int64)
        return np.isin(self.facts.films.ids, mates)
