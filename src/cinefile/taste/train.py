"""Train a rating model on a catalogue's ratings and write its model folder."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.errors import InputError
from cinefile.progress import Progress
from cinefile.taste.content_features import FilmFeatures, catalogue_features
from cinefile.taste.models import new_model
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints

_RATINGS = """
    SELECT dense_rank() OVER (ORDER BY source) - 1 AS place, user_id, film_id, stars, epoch(rated_at) AS rated_at
    FROM ratings ORDER BY place, user_id, rated_at NULLS FIRST, film_id
"""
_APART = 1_000_000_000  # user ids mean something only inside one source: each source's are moved by so much


VALIDATION = 0.02  # share of the ratings on which training is watched, where the model can be


class Noted:
    """Progress passed on, with the notes of all rounds kept."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.notes: list[str] = []

    def begin(self, name: str, total: int | None = None) -> None:
        """See ``Progress``."""
        self._progress.begin(name, total)

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """See ``Progress``."""
        self.notes.append(note)
        self._progress.advance(done, total, note)


def rounds_folder(out: Path) -> Path:
    """Where a model's rounds are kept while it is trained."""
    return out.with_name(out.name + ".rounds")


def train_taste(catalogue: Path, name: str, out: Path, progress: Progress) -> dict[str, Any]:
    """Train a model on a catalogue's ratings and write its folder.

    A model that uses film features also learns from what the catalogue knows of films, so that it knows those that
    nobody rated. The default model keeps every round in ``rounds_folder(out)``: stopped, it goes on from there.

    Args:
        catalogue: file with ratings.
        name: of the model, see ``models.MODELS``.
        out: folder to write.
        progress: told about rounds.

    Returns:
        Figures of the run: ratings, people, films, seconds, the notes of all rounds, the error after each where the
        model keeps it.

    Raises:
        InputError: the catalogue has no ratings.
        CatalogueError: no usable catalogue.
        NotFoundError: no such model.
    """
    model = new_model(name)
    users, film_ids, stars, rated_at = catalogue_ratings(catalogue)
    start = time.perf_counter()
    curve = Noted(progress)
    options = RunOptions(progress=curve, checkpoint=rounds_folder(out), validation=VALIDATION)
    features = films_of(catalogue) if model.uses_features else None
    model.fit(users, film_ids, stars, rated_at, features=features, options=options)
    facts = figures(model, len(stars), len(model.user_ids), start, curve)
    # The catalogue holds the ratings: keeping them in the model too would only let the two fall apart.
    model.save(out, with_people=False, card=model_card(facts, catalogue.name))
    return {**facts, "folder": str(out)}


def figures(model: RatingModel, ratings: int, people: int, start: float, curve: Noted) -> dict[str, Any]:
    """What a run has to say of itself.

    Args:
        model: trained.
        ratings: number of them.
        people: number of them.
        start: of the run, by ``time.perf_counter``.
        curve: what the rounds said.
    """
    return {
        "model": model.kind,
        "ratings": ratings,
        "people": people,
        "films": len(model.film_ids),
        "films_rated": int((model.counts > 0).sum()),
        "seconds": round(time.perf_counter() - start, 1),
        "curve": curve.notes,
        "errors": list(model.curve),
    }


def catalogue_ratings(catalogue: Path) -> tuple[Ints, Ints, Floats, Floats]:
    """People, films, stars and times (seconds since 1970, NaN where unknown) of a catalogue's ratings, oldest first.

    Raises:
        InputError: it has none.
        CatalogueError: no usable catalogue.
    """
    with Catalogue(catalogue) as opened, opened.cursor() as cursor:
        ratings = cursor.execute(_RATINGS).fetchnumpy()
    if not len(ratings["stars"]):
        raise InputError(f"{catalogue} has no ratings.", "Ingest a source that has some, such as MovieLens.")
    users = ratings["user_id"].astype(np.int64) + _APART * ratings["place"].astype(np.int64)
    rated_at = np.ma.filled(ratings["rated_at"], np.nan).astype(np.float64)
    return users, np.asarray(ratings["film_id"]), np.asarray(ratings["stars"]), rated_at


def films_of(catalogue: Path) -> FilmFeatures:
    """What a catalogue knows of all its films, see ``catalogue_features``.

    Raises:
        CatalogueError: no usable catalogue.
    """
    with Catalogue(catalogue) as opened, opened.cursor() as cursor:
        return catalogue_features(cursor)


def model_card(facts: dict[str, Any], catalogue: str) -> str:
    """The card of a model that was trained on a catalogue's ratings."""
    lines = [f"- {name}: {value}" for name, value in facts.items() if name not in ("curve", "errors")]
    if facts["errors"]:
        lines.append(f"- error on held-out ratings: {facts['errors'][-1]:.4f}")
    return f"# Taste model of {catalogue}\n\nTrained by `cinefile train taste`. Film ids are the catalogue's.\n\n" + (
        "\n".join(lines) + "\n"
    )
