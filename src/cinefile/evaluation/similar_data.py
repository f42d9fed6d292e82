"""The catalogue that the similarity protocols run on: built from the public data once, kept in the cache folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.ingest import ingest
from cinefile.errors import InputError
from cinefile.similar.feature_blocks import PARTS
from cinefile.similar.film_table import FilmTable, from_catalogue
from cinefile.similar.film_vectors import DEFAULT_WEIGHTS, FilmVectors
from cinefile.similar.liked import Likes
from cinefile.similar.models.blended import BlendedSimilarity
from cinefile.similar.models.published import BASELINES
from cinefile.similar.train import CARD, load_if_there, train, vectors_folder
from cinefile.similar.vector_building import build_vectors

SOURCES = ("movielens/ml-1m", "the-movies-dataset", "tmdb-5000", "tmdb-api")
RATINGS = "SELECT user_id, film_id, stars FROM ratings WHERE source = 'ml-1m'"
Say = Callable[[str], None]


def open_catalogue(data: Path, say: Say) -> Catalogue:
    """The catalogue of SOURCES, from the cache folder, or built there first.

    Raises:
        InputError: the data folder lacks a source.
    """
    file = settings.cache_folder() / "protocols" / "similar.duckdb"
    if not file.exists():
        paths = [data / s for s in SOURCES]
        if missing := [p.name for p in paths if not p.exists()]:
            raise InputError(f"{data} has no {', '.join(missing)}.", "Give the folder of the public data sets.")
        say(f"Building {file} from the public data, once.")
        file.parent.mkdir(parents=True, exist_ok=True)
        ingest(paths, file)
    return Catalogue(file)


def plot_vectors(catalogue: Catalogue, say: Say) -> FilmVectors:
    """Vectors of the whole catalogue, made once: the protocols take only the plots over from them."""
    folder = vectors_folder(catalogue.path)
    found = load_if_there(folder)
    if found is None:
        say(f"Encoding the plots of {catalogue.path}, once; this takes a while.")
        found = train(catalogue).vectors
        found.save(folder, CARD)
    return found


def rated_films(catalogue: Catalogue) -> tuple[FilmTable, Likes]:
    """The films of MovieLens 1M, and who likes them."""
    with catalogue.cursor() as cursor:
        table = from_catalogue(cursor)
        found = cursor.execute(RATINGS).fetchnumpy()
    rated = np.unique(np.searchsorted(table.film_id, found["film_id"]))
    table = table.take(rated)
    rows = np.searchsorted(table.film_id, found["film_id"])
    return table, Likes.from_ratings(found["user_id"], rows, found["stars"], len(table))


class Method(Protocol):
    """What the protocols ask of a method: similarities of films to all films."""

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films."""
        ...


def blend_of(table: FilmTable, plots: FilmVectors, likes: Likes | None) -> BlendedSimilarity:
    """The blend fitted on what may be seen, with the plots taken over."""
    return BlendedSimilarity(build_vectors(table, previous=plots, likes=likes).vectors)


class Blend:
    """The blend with some weights, as a method of the protocols."""

    def __init__(self, blend: BlendedSimilarity, weights: Mapping[str, float] | None = None) -> None:
        self._blend, self._weights = blend, weights

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the similarity (m, n) of the films in `rows` to all films."""
        return self._blend.scores(rows, self._weights)


def methods(
    table: FilmTable, plots: FilmVectors, likes: Likes | None, names: list[str] | tuple[str, ...]
) -> dict[str, Method]:
    """Methods by name over what may be seen: a baseline, "blend", "blend-without-PART", or a PART alone.

    Raises:
        InputError: no such method.
    """
    if unknown := [n for n in names if n not in method_names()]:
        raise InputError(f"There is no method {unknown[0]!r}.", f"Choose from: {', '.join(method_names())}.")
    blend = blend_of(table, plots, likes)
    weighted: dict[str, Mapping[str, float] | None] = {"blend": None}
    for part in PARTS:
        weighted[part] = {part: 1.0}
        weighted[f"blend-without-{part}"] = {**DEFAULT_WEIGHTS, part: 0.0}
    out: dict[str, Method] = {}
    for name in names:
        out[name] = BASELINES[name].fit(table) if name in BASELINES else Blend(blend, weighted[name])
    return out


def method_names() -> list[str]:
    """Every name that `methods` knows."""
    return [*BASELINES, "blend", *(f"blend-without-{p}" for p in PARTS), *PARTS]
