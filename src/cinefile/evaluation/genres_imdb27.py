"""One of IMDb's 27 genres per film, as `cinefile evaluate imdb27` runs it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.evaluation import metrics_classification as metrics
from cinefile.evaluation.genres_protocols import Entry, Say, probabilities
from cinefile.evaluation.result import Result, asked_models
from cinefile.genres import SHIPPED_FOLDER
from cinefile.genres.labels import IMDB27_LABELS
from cinefile.genres.shipped import ShippedTagger
from cinefile.genres.training import corpus
from cinefile.genres.training import films as read
from cinefile.genres.training.films import Film

SHIPPED = "shipped"
ZOO = {
    "tfidf+linear": Entry("linear", "tfidf", {"strength": 20.0}, heading=True),
    "embeddings+linear": Entry("linear", "embeddings", {}, heading=True),
    "embeddings+forest": Entry("forest", "embeddings", {}, heading=True),
    "embeddings+dense": Entry("dense", "embeddings", {}, heading=True),
}


def imdb27(data: Path, say: Say, models: Sequence[str] | None = None) -> Result:
    """One of 27 genres: trained on the rows of train_data.txt, judged on those of test_data_solution.txt."""
    folder = data / "imdb-genres"
    train, test = read.imdb27(folder / "train_data.txt"), read.imdb27(folder / "test_data_solution.txt")
    classes = corpus.classes(test)
    rows: list[list[str | float]] = []
    details: dict[str, Any] = {"labels": list(IMDB27_LABELS)}
    for name in asked_models(models, [SHIPPED, *ZOO]):
        say(f"{name} …")
        p = (
            probabilities(ShippedTagger(SHIPPED_FOLDER, "imdb27"), test)
            if name == SHIPPED
            else _fitted(ZOO[name], train, test)
        )
        figures = metrics.class_figures(p, classes)
        rows.append([name, figures["accuracy"], figures["macro_f1"], figures["log_loss"]])
        details[f"{name}_confusion"] = metrics.confusion(p, classes).tolist()
        right = p.argmax(axis=1) == classes
        details[f"{name}_accuracy_interval"] = metrics.interval(
            lambda r, right=right: float(right[r].mean()),  # type: ignore[misc]
            len(test),
        )
    description = (
        f"IMDb, one of 27 genres: {len(train):,} training and {len(test):,} test rows, the part of the 54,214 and "
        "54,200 that is in the data folder."
    )
    return Result("imdb27", description, ("model", "accuracy", "macro F1", "log loss"), rows, details)


def _fitted(entry: Entry, train: Sequence[Film], test: Sequence[Film]) -> NDArray[np.float64]:
    """One model per class, their probabilities brought to a sum of one."""
    y = np.eye(len(IMDB27_LABELS), dtype=np.float32)[corpus.classes(train)]
    p = entry.make().fit(entry.texts(train), y, IMDB27_LABELS).predict_proba(entry.texts(test))
    found: NDArray[np.float64] = p / p.sum(axis=1, keepdims=True)
    return found
