"""From a catalogue's ratings to a model folder: what `cinefile train taste` does."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from cinefile.catalogue.open import Catalogue
from cinefile.errors import InputError
from cinefile.taste.factor import FactorModel
from cinefile.taste.features import FilmFeatures, film_features
from cinefile.taste.progress import Watch
from cinefile.taste.ratings import Floats, Ints
from cinefile.taste.registry import new_model

_RATINGS = """
    SELECT dense_rank() OVER (ORDER BY source) - 1 AS place, user_id, film_id, stars, epoch(rated_at) AS rated_at
    FROM ratings ORDER BY place, user_id, rated_at NULLS FIRST, film_id
"""
# A film whose genres come from several sources has each genre once; predicted ones say less, and are left out.
_FILMS = """
    SELECT f.film_id, f.year, coalesce(g.names, []) AS genres
    FROM films f LEFT JOIN (
        SELECT film_id, list(DISTINCT genre ORDER BY genre) AS names FROM genres WHERE NOT predicted GROUP BY film_id
    ) g USING (film_id)
    ORDER BY f.film_id
"""
_APART = 1_000_000_000  # user ids mean something only inside one source: each source's are moved by so much


class Noted:
    """Passes rounds on, and keeps what they said."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.notes: list[str] = []

    def round(self, done: int, total: int, note: str = "") -> None:
        """See ``Watch``."""
        self.notes.append(note)
        self._watch.round(done, total, note)


def train_taste(catalogue: Path, name: str, out: Path, watch: Watch) -> dict[str, Any]:
    """Train a model on a catalogue's ratings and write its folder.

    The factor model also learns from genres and years, so that it knows the films that nobody rated.

    Args:
        catalogue: file with ratings.
        name: of the model, see ``registry.MODELS``.
        out: folder to write.
        watch: told about rounds.

    Returns:
        Figures of the run: ratings, people, films, seconds, the notes of all rounds.

    Raises:
        InputError: the catalogue has no ratings.
        CatalogueError: no usable catalogue.
        NotFoundError: no such model.
    """
    model = new_model(name)
    users, film_ids, stars, rated_at = catalogue_ratings(catalogue)
    start = time.perf_counter()
    curve = Noted(watch)
    if isinstance(model, FactorModel):
        model.fit(users, film_ids, stars, rated_at, watch=curve, features=catalogue_features(catalogue))
    else:
        model.fit(users, film_ids, stars, rated_at, watch=curve)
    facts = {
        "model": name,
        "ratings": len(stars),
        "people": len(model.user_ids),
        "films": len(model.film_ids),
        "films_rated": int((model.counts > 0).sum()),
        "seconds": round(time.perf_counter() - start, 1),
        "curve": curve.notes,
    }
    # The catalogue holds the ratings: keeping them in the model too would only let the two fall apart.
    model.save(out, with_people=False, card=model_card(facts, catalogue.name))
    return {**facts, "folder": str(out)}


def catalogue_ratings(catalogue: Path) -> tuple[Ints, Ints, Floats, Floats]:
    """People, films, stars and times (seconds since 1970, NaN where unknown) of a catalogue's ratings, oldest first.

    Raises:
        InputError: it has none.
        CatalogueError: no usable catalogue.
    """
    opened = Catalogue(catalogue)
    try:
        with opened.cursor() as cursor:
            ratings = cursor.execute(_RATINGS).fetchnumpy()
    finally:
        opened.close()
    if not len(ratings["stars"]):
        raise InputError(f"{catalogue} has no ratings.", "Ingest a source that has some, such as MovieLens.")
    users = ratings["user_id"].astype(np.int64) + _APART * ratings["place"].astype(np.int64)
    rated_at = np.ma.filled(ratings["rated_at"], np.nan).astype(np.float64)
    return users, np.asarray(ratings["film_id"]), np.asarray(ratings["stars"]), rated_at


def catalogue_features(catalogue: Path) -> FilmFeatures:
    """What a catalogue knows of all its films, for the factor model.

    Raises:
        CatalogueError: no usable catalogue.
    """
    opened = Catalogue(catalogue)
    try:
        with opened.cursor() as cursor:
            films = cursor.execute(_FILMS).fetchall()
    finally:
        opened.close()
    return film_features([f[0] for f in films], [f[2] for f in films], [f[1] for f in films])


def model_card(facts: dict[str, Any], catalogue: str) -> str:
    """The card of a model that was trained on a catalogue's ratings."""
    lines = [f"- {name}: {value}" for name, value in facts.items() if name != "curve"]
    return f"# Taste model of {catalogue}\n\nTrained by `cinefile train taste`. Film ids are the catalogue's.\n\n" + (
        "\n".join(lines) + "\n"
    )
