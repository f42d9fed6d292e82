"""Keep the films of evaluation rows out of training, whichever source they come from.

Two films are taken for one when they share an identifier, when they share a title (`cinefile.titles.title_key`, aliases
too) and their years are at most one apart or one year is missing, or when their plots share eight consecutive words.
"""

import re
from collections.abc import Iterable, Sequence

from cinefile.genres.training.films import Film
from cinefile.titles import split_aliases, title_key

SHINGLE = 8
_WORD = re.compile(r"[^\W_]+")


def shingles(plot: str) -> set[int]:
    """Hashes of every run of eight words, case and punctuation aside; none for shorter texts."""
    words = _WORD.findall(plot.casefold())
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}


def title_keys(film: Film) -> set[str]:
    """Matching keys of all names of a film."""
    return {title_key(alias) for name in film.names for alias in split_aliases(name.strip('"')) if alias}


class EvaluationFilms:
    """The films that training must not see.

    Args:
        films: every film of every evaluation split.
    """

    def __init__(self, films: Iterable[Film]) -> None:
        self._years: dict[str, set[int | None]] = {}
        self._shingles: set[int] = set()
        self._ids: set[str] = set()
        for film in films:
            self.add(film)

    def add(self, film: Film) -> None:
        """Count one more film among the forbidden."""
        for key in title_keys(film):
            self._years.setdefault(key, set()).add(film.year)
        self._shingles |= shingles(film.plot)
        self._ids |= set(film.ids)

    def __contains__(self, film: Film) -> bool:
        if self._ids.intersection(film.ids):
            return True
        for key in title_keys(film):
            for year in self._years.get(key, ()):
                if year is None or film.year is None or abs(year - film.year) <= 1:
                    return True
        return not self._shingles.isdisjoint(shingles(film.plot))

    def drop_from(self, films: Sequence[Film]) -> list[Film]:
        """The films that may be trained on.

        A dropped film's identifiers become forbidden too, so that its twin under another title goes as well.
        """
        dropped = [film for film in films if film in self]
        for film in dropped:
            self._ids |= set(film.ids)
        gone = set(map(id, dropped))
        return [film for film in films if id(film) not in gone and not self._ids.intersection(film.ids)]
