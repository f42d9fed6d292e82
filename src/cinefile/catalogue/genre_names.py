"""Genre names and their synonyms: one vocabulary for all sources and taggers."""

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


MIAD_LABELS: tuple[str, ...] = (
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "Film-Noir", "History", "Horror", "Music", "Musical", "Mystery", "News", "Romance", "Sci-Fi", "Short", "Sport",
    "Thriller", "War", "Western",
)  # fmt: skip
IMDB27_LABELS: tuple[str, ...] = (
    "action", "adult", "adventure", "animation", "biography", "comedy", "crime", "documentary", "drama", "family",
    "fantasy", "game-show", "history", "horror", "music", "musical", "mystery", "news", "reality-tv", "romance",
    "sci-fi", "short", "sport", "talk-show", "thriller", "war", "western",
)  # fmt: skip

# TMDB has no such genre: a TMDB film without it may well be one, so these give no loss there.
TMDB_UNKNOWN = frozenset({"Biography", "Film-Noir", "Musical", "News", "Short", "Sport"})
# Wikipedia's lists name one or two genres a film and never these.
WIKIPEDIA_UNKNOWN = frozenset({"Music", "News"})

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "science fiction": ("Sci-Fi",),
    "animated": ("Animation",),
    "biographical": ("Biography",),
    "historical": ("History",),
    "noir": ("Film-Noir",),
    "sports": ("Sport",),
    "slasher": ("Horror",),
    "superhero": ("Action",),
    "martial arts": ("Action",),
    "suspense": ("Thriller",),
    "satire": ("Comedy",),
    "disaster": ("Action",),
    "dance": ("Music",),
    "performance": ("Music",),
}
_BY_FOLDED_NAME = {name.casefold(): (name,) for name in MIAD_LABELS} | _OTHER_NAMES


def to_miad(names: Iterable[str]) -> tuple[str, ...]:
    """Names of any source as MIAD labels, in MIAD's order; names with no counterpart are left out."""
    found = {label for name in names for label in _BY_FOLDED_NAME.get(name.strip().casefold(), ())}
    return tuple(label for label in MIAD_LABELS if label in found)
