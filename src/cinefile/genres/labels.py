"""Genre names: the two label sets that cinefile ships taggers for, and how other sources' names map onto them."""

from collections.abc import Iterable

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
