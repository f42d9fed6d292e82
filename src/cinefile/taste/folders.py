"""Rating models as model folders: what every model writes and reads, beside its own arrays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cinefile.modelfiles import write_folder
from cinefile.taste.hooks import ModelHooks
from cinefile.taste.ratings import empty_people


def write_model(model: ModelHooks, path: str | Path, *, with_people: bool, card: str) -> Path:
    """Write a trained model's folder."""
    arrays = {"film_ids": model.film_ids, "counts": model.counts, **model._arrays()}
    if with_people:
        arrays |= {
            "user_ids": model.user_ids,
            "history_stars": model.history.data,
            "history_films": model.history.indices,
            "history_edges": model.history.indptr,
        }
    facts = {"settings": model._settings(), "mean": model.mean, "range": list(model.range), **model._facts()}
    return write_folder(path, kind=model.kind, facts=facts, arrays=arrays, card=card)


def take(model: ModelHooks, arrays: dict[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Give a new model what a folder holds.

    Raises:
        KeyError: something is missing.
        ValueError: arrays do not fit each other.
    """
    model.film_ids, model.counts = arrays.pop("film_ids"), arrays.pop("counts").astype(np.int64)
    model.mean, model.range = float(facts["mean"]), (float(facts["range"][0]), float(facts["range"][1]))
    model.user_ids = arrays.pop("user_ids", np.empty(0, dtype=np.int64))
    shape = (len(model.user_ids), len(model.film_ids))
    if len(model.user_ids):
        parts = (arrays.pop("history_stars"), arrays.pop("history_films"), arrays.pop("history_edges"))
        model.history = sp.csr_matrix(parts, shape=shape)
    else:
        model.history = empty_people(len(model.film_ids), 0)
    model._restore(arrays, facts)
