"""From a catalogue's ratings to a model folder: what `cinefile train taste` does."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.catalogue.open import Catalogue
from cinefile.errors import InputError
from cinefile.taste.content import catalogue_features
from cinefile.taste.factor import FactorModel
from cinefile.taste.progress import Watch
from cinefile.taste.registry import new_model

_RATINGS = """
    SELECT dense_rank() OVER (ORDER BY source) - 1 AS place, user_id, film_id, stars, epoch(rated_at) AS rated_at
    FROM ratings ORDER BY place, user_id, rated_at NULLS FIRST, film_id
"""
_APART = 1_000_000_000  # user ids mean something only inside one source: each source's are moved by so much


class _Curve:
    """Passes rounds on, and keeps what they said."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.notes: list[str] = []

    def round(self, done: int, total: int, note: str = "") -> None:
        self.notes.append(note)
        self._watch.round(done, total, note)


VALIDATION = 0.02  # share of the ratings that the factor model is watched on, and does not learn from


def rounds_folder(out: Path) -> Path:
    """Where a model's rounds are kept while it is trained."""
    return out.with_name(out.name + ".rounds")


def train_taste(catalogue: Path, name: str, out: Path, watch: Watch) -> dict[str, Any]:
    """Train a model on a catalogue's ratings and write its folder.

    The factor model also learns from what the catalogue knows of films (``content``), so that it knows those that
    nobody rated, and keeps every round in ``rounds_folder(out)``: stopped, it goes on from there.

    Args:
        catalogue: file with ratings.
        name: of the model, see ``registry.MODELS``.
        out: folder to write.
        watch: told about rounds.

    Returns:
        Figures of the run: ratings, people, films, seconds, the notes of all rounds, the error after each where the
        model keeps it.

    Raises:
        InputError: the catalogue has no ratings.
        CatalogueError: no usable catalogue.
        NotFoundError: no such model.
    """
    model = new_model(name)
    if isinstance(model, FactorModel):
        model.validation = VALIDATION
    opened = Catalogue(catalogue)
    try:
        with opened.cursor() as cursor:
            ratings = cursor.execute(_RATINGS).fetchnumpy()
            features = catalogue_features(cursor) if isinstance(model, FactorModel) else None
    finally:
        opened.close()
    if not len(ratings["stars"]):
        raise InputError(f"{catalogue} has no ratings.", "Ingest a source that has some, such as MovieLens.")
    users = ratings["user_id"].astype(np.int64) + _APART * ratings["place"].astype(np.int64)
    start = time.perf_counter()
    curve = _Curve(watch)
    film_ids, stars = np.asarray(ratings["film_id"]), np.asarray(ratings["stars"])
    if isinstance(model, FactorModel):
        model.fit(users, film_ids, stars, watch=curve, features=features, checkpoint=rounds_folder(out))
    else:
        model.fit(users, film_ids, stars, _seconds(ratings["rated_at"]), watch=curve)
    facts = {
        "model": name,
        "ratings": len(stars),
        "people": len(model.user_ids),
        "films": len(model.film_ids),
        "films_rated": int((model.counts > 0).sum()),
        "seconds": round(time.perf_counter() - start, 1),
        "curve": curve.notes,
        "errors": list(getattr(model, "curve", [])),
    }
    # The catalogue holds the ratings: keeping them in the model too would only let the two fall apart.
    model.save(out, with_people=False, card=_card(facts, catalogue.name))
    return {**facts, "folder": str(out)}


def _seconds(rated_at: NDArray[Any]) -> NDArray[np.float64]:
    return np.ma.filled(rated_at, np.nan).astype(np.float64)


def _card(facts: dict[str, Any], catalogue: str) -> str:
    lines = [f"- {name}: {value}" for name, value in facts.items() if name not in ("curve", "errors")]
    if facts["errors"]:
        lines.append(f"- error on held-out ratings: {facts['errors'][-1]:.4f}")
    return f"# Taste model of {catalogue}\n\nTrained by `cinefile train taste`. Film ids are the catalogue's.\n\n" + (
        "\n".join(lines) + "\n"
    )
