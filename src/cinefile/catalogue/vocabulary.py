"""One vocabulary of genres for all sources: IMDb's names, because plots and taggers carry them.

Names that mean the same genre are mapped to one; a name that no other source shares (Wikipedia's "Superhero") stays as
it is. What is no genre (a format, "no genres listed") is left out. The source's row keeps its source's name beside it.
"""

import re
from collections.abc import Iterable

import pyarrow as pa

VOCABULARY = (
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Film-Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "News",
    "Romance",
    "Sci-Fi",
    "Short",
    "Sport",
    "Thriller",
    "War",
    "Western",
    "Adult",
    "Game-Show",
    "Reality-TV",
    "Talk-Show",
)

# Each on the left is another name, in some source, of the genre on the right.
SYNONYMS = {
    "science fiction": "Sci-Fi",
    "children": "Family",  # MovieLens latest, 20M, 25M, 10M; TMDB and IMDb call these films Family
    "children's": "Family",  # MovieLens 100K and 1M
    "noir": "Film-Noir",
    "animated": "Animation",
    "historical": "History",
    "biographical": "Biography",
    "sports": "Sport",
    "suspense": "Thriller",
    "romantic": "Romance",
    "reality": "Reality-TV",
    "talk": "Talk-Show",
    "tv movie": "TV Movie",
}
# IMAX is a film format; Foreign says where a film is not from; the rest say that there is no genre.
NOT_GENRES = frozenset({"", "imax", "foreign", "no genres listed", "unknown", "n/a"})

_SEPARATORS = re.compile(r"[\s_\-]+")
_BY_KEY = {_SEPARATORS.sub(" ", name.lower()): name for name in VOCABULARY} | SYNONYMS


def canonical(name: str) -> str | None:
    """The vocabulary's name of a genre: "sci_fi" and "Science Fiction" give "Sci-Fi"; None where it is no genre."""
    key = _SEPARATORS.sub(" ", name.lower()).strip(" ()")
    if key in NOT_GENRES:
        return None
    return _BY_KEY.get(key) or " ".join(name.split()).title()


def mapping(names: Iterable[str]) -> pa.Table:
    """A table `name`, `genre` over distinct names; names that are no genre are absent."""
    pairs = [(name, genre) for name in names if (genre := canonical(name))]
    return pa.table({"name": [n for n, _ in pairs], "genre": [g for _, g in pairs]}, schema=_MAPPING)


_MAPPING = pa.schema([("name", pa.string()), ("genre", pa.string())])
