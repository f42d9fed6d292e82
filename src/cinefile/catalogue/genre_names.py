"""The one vocabulary of genres: for all sources, taggers and filters. A name is looked up with `canonical`."""

import re
from collections.abc import Iterable

import pyarrow as pa

# Each genre with its other names in some source. Case, hyphens and underscores make no difference.
_GENRES: dict[str, tuple[str, ...]] = {
    "Action": (),
    "Adventure": (),
    "Animation": ("animated",),
    "Biography": ("biographical",),
    "Comedy": (),
    "Crime": (),
    "Documentary": (),
    "Drama": (),
    # MovieLens latest, 10M, 20M and 25M say "Children", 100K and 1M "Children's"; TMDB and IMDb call them Family.
    "Family": ("children", "children's"),
    "Fantasy": (),
    "Film-Noir": ("noir",),
    "History": ("historical",),
    "Horror": (),
    "Music": (),
    "Musical": (),
    "Mystery": (),
    "News": (),
    "Romance": ("romantic",),
    "Sci-Fi": ("science fiction",),
    "Short": (),
    "Sport": ("sports",),
    "Thriller": ("suspense",),
    "War": (),
    "Western": (),
    "Adult": (),
    "Game-Show": (),
    "Reality-TV": ("reality",),
    "Talk-Show": ("talk",),
}
VOCABULARY = tuple(_GENRES)
# Kinds of film inside a genre: a catalogue keeps their names, a tagger learns the genre.
_KINDS = {
    "Slasher": "Horror",
    "Superhero": "Action",
    "Martial Arts": "Action",
    "Disaster": "Action",
    "Satire": "Comedy",
    "Dance": "Music",
    "Performance": "Music",
}
# IMAX is a film format; Foreign says where a film is not from; the rest say that there is no genre.
_NOT_GENRES = frozenset({"", "imax", "foreign", "no genres listed", "unknown", "n/a"})

_SEPARATORS = re.compile(r"[\s_\-]+")
_MAPPING = pa.schema([("name", pa.string()), ("genre", pa.string())])


def _key(name: str) -> str:
    return _SEPARATORS.sub(" ", name.lower()).strip(" ()")


_BY_KEY = {_key(name): genre for genre, others in _GENRES.items() for name in (genre, *others)} | {
    "tv movie": "TV Movie"
}


def canonical(name: str) -> str | None:
    """Return the vocabulary's name of a genre: "sci_fi" and "Science Fiction" give "Sci-Fi".

    A name outside the vocabulary is written in title case; what is no genre at all gives None.
    """
    key = _key(name)
    if key in _NOT_GENRES:
        return None
    return _BY_KEY.get(key) or " ".join(name.split()).title()


def mapping(names: Iterable[str]) -> pa.Table:
    """Make a table `name`, `genre` over distinct names; names that are no genre are absent."""
    pairs = [(name, genre) for name in names if (genre := canonical(name))]
    return pa.table({"name": [n for n, _ in pairs], "genre": [g for _, g in pairs]}, schema=_MAPPING)


def chosen_labels(names: Iterable[str], labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels of a tagger that some names stand for, in the labels' order; other names are left out.

    Args:
        names: genres as any source names them; a kind of film ("Slasher") stands for its genre.
        labels: names of the vocabulary.
    """
    found = {_KINDS.get(genre, genre) for name in names if (genre := canonical(name))}
    return tuple(label for label in labels if label in found)
