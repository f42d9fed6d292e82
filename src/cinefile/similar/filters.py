"""Which films may be answered with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.film_columns import FilmColumns
from cinefile.catalogue.genre_names import canonical
from cinefile.errors import InputError


@dataclass(frozen=True)
class SimilarFilters:
    """Conditions on a film; what is None is not asked.

    A film whose year, language or votes are not known does not meet a condition on them.

    Attributes:
        year_from: first year.
        year_to: last year.
        genre: a genre in any usual spelling; predicted genres count.
        language: ISO 639-1.
        min_votes: least number of votes.

    Raises:
        InputError: the first year comes after the last one, or a number of votes below 0.
    """

    year_from: int | None = None
    year_to: int | None = None
    genre: str | None = None
    language: str | None = None
    min_votes: int | None = None

    def __post_init__(self) -> None:
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise InputError(
                f"No year is from {self.year_from} on and not after {self.year_to}.", "Swap the two years."
            )
        if self.min_votes is not None and self.min_votes < 0:
            raise InputError(f"The least number of votes is {self.min_votes}; it must be 0 or more.")

    def mask(self, facts: FilmColumns) -> NDArray[np.bool_]:
        """(n,) True for the films that meet all conditions, by row of `facts.films`.

        Raises:
            InputError: no film of the catalogue has the genre.
        """
        out = np.ones(len(facts.films), np.bool_)
        # Comparisons with NaN are False: the unknown does not pass.
        if self.year_from is not None:
            out &= facts.films.numbers("year") >= self.year_from
        if self.year_to is not None:
            out &= facts.films.numbers("year") <= self.year_to
        if self.min_votes is not None:
            out &= facts.films.numbers("vote_count") >= self.min_votes
        if self.language is not None:
            out &= self._where(facts, "SELECT film_id FROM films WHERE language = ?", self.language.lower())
        if self.genre is not None:
            of_genre = self._where(facts, "SELECT DISTINCT film_id FROM genres WHERE genre = ?", canonical(self.genre))
            if not of_genre.any():
                names = [r[0] for r in facts.rows("SELECT DISTINCT genre FROM genres ORDER BY genre")]
                raise InputError(f"No film has the genre {self.genre!r}.", f"There are: {', '.join(names) or 'none'}.")
            out &= of_genre
        return out

    @staticmethod
    def _where(facts: FilmColumns, sql: str, value: str | None) -> NDArray[np.bool_]:
        found = np.array([r[0] for r in facts.rows(sql, [value])], np.int64)
        return np.isin(facts.films.ids, found)
