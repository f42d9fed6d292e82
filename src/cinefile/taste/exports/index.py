"""A small index of films by id and by title, for matching what people bring along."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cinefile.titles import split_aliases, title_key

_PARTS = re.compile(r":\s+|\s+[-–—:]\s+")
_SHORTEST_PART = 5  # characters of a part's key; shorter ones ("Part 2", "Up") meet too many films


def parts_of(title: str) -> set[str]:
    """Keys of the parts of "Star Wars: Episode V - The Empire Strikes Back", the whole among them."""
    keys = {title_key(part) for part in _PARTS.split(title)}
    return {key for key in keys if len(key) >= _SHORTEST_PART} | {title_key(title)}


@dataclass
class FilmIndex:
    """Films under their ids and their titles' keys (``cinefile.titles.title_key``).

    Args:
        film_ids: one per film.
        titles: without year.
        years: or None where unknown.
        imdb_ids: ``tt0114709``, or None.
        movielens_ids: or None.
        aliases: other titles of each film.
        fame: how well known each is (votes, ratings): of two films that fit equally, the better known is meant.
    """

    film_ids: Sequence[int]
    titles: Sequence[str]
    years: Sequence[int | None]
    imdb_ids: Sequence[str | None] = ()
    movielens_ids: Sequence[int | None] = ()
    aliases: Sequence[Sequence[str]] = ()
    fame: Sequence[float] = ()
    by_imdb: dict[str, int] = field(init=False, repr=False)
    by_movielens: dict[int, int] = field(init=False, repr=False)
    by_key: dict[str, list[int]] = field(init=False, repr=False)
    by_part: dict[str, list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.by_imdb = {name: place for place, name in enumerate(self.imdb_ids) if name}
        self.by_movielens = {number: place for place, number in enumerate(self.movielens_ids) if number is not None}
        self.by_key, self.by_part = {}, {}
        for place, title in enumerate(self.titles):
            names = [title, *split_aliases(title), *(self.aliases[place] if self.aliases else ())]
            for key in {title_key(name) for name in names}:
                self.by_key.setdefault(key, []).append(place)
            for key in parts_of(title):
                self.by_part.setdefault(key, []).append(place)

    def titled(self, title: str) -> list[int]:
        """Places of the films of that title, in any spelling that the key forgives."""
        found = [place for name in split_aliases(title) or [title] for place in self.by_key.get(title_key(name), [])]
        return sorted(set(found))

    def partly_titled(self, title: str, year: int | None) -> list[int]:
        """Places of the films that share a part of the title, or are a part of it; of that year, or of any if None."""
        places = {place for key in parts_of(title) for place in self.by_part.get(key, [])}
        return sorted(place for place in places if year is None or self.years[place] == year)
