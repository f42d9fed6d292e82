"""Protocols of the taggers: data, split and figures. A row of a table is one tagger on one split."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.evaluation import metrics_classification as metrics
from cinefile.genres.calibration import best_thresholds, calibration_error
from cinefile.genres.labels import MIAD_LABELS
from cinefile.genres.training import corpus
from cinefile.genres.training import films as read
from cinefile.genres.training.films import Film
from cinefile.text.compose import compose

Say = Callable[[str], None]
MIAD_COLUMNS = (
    "model", "macro AUC", "flattened AUC", "macro F1", "micro F1", "macro F1 at 0.5", "log loss", "ECE",
    "macro AUC of 0/1", "flattened AUC of 0/1", "fit s", "predict s", "MB",
)  # fmt: skip


@dataclass(frozen=True)
class Split:
    """Texts and targets of both parts."""

    train: list[Film]
    test: list[Film]

    def targets(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Multi-label targets of both parts, (films, 24)."""
        return corpus.targets(self.train)[0], corpus.targets(self.test)[0]


def miad_split(data: Path, test_size: float) -> Split:
    """MIAD's labelled rows, seed 42; 0.2 and 0.33 are the published shares."""
    rows = read.miad(data / "miad" / "dataTraining.zip", "dataTraining.csv")
    train, test = corpus.shuffle_split(len(rows), test_size, corpus.MIAD_SEED)
    return Split([rows[i] for i in train], [rows[i] for i in test])


def texts(films: Sequence[Film], heading: bool) -> list[str]:
    """Plots, with title and year in front or without."""
    return [compose(f.plot, f.title, f.year) if heading else f.plot for f in films]


def miad_figures(p: NDArray[np.float64], y: NDArray[np.float32], thresholds: NDArray[np.float64]) -> list[float]:
    """The accuracy columns of `MIAD_COLUMNS`, in order.

    The last two take hard 0/1 predictions at 0.5 for scores, a mistake that some published figures carry; they stand
    beside the right ones for comparison.
    """
    macro_f1, micro_f1 = metrics.f1_scores(p >= thresholds, y)
    hard = (p >= 0.5).astype(np.float64)
    return [
        metrics.macro_auc(p, y),
        metrics.flattened_auc(p, y),
        macro_f1,
        micro_f1,
        metrics.f1_scores(p >= 0.5, y)[0],
        metrics.log_loss(p, y),
        float(np.mean([calibration_error(p[:, j], y[:, j]) for j in range(y.shape[1])])),
        metrics.macro_auc(hard, y),
        metrics.flattened_auc(hard, y),
    ]


def run_zoo(name: str, make: Callable[[], Any], split: Split, heading: bool, folder: Path) -> list[str | float]:
    """One row: fit on the training part, judge on the test part; thresholds come from a tenth of the training part."""
    y, y_test = split.targets()
    train = texts(split.train, heading)
    keep, held = corpus.shuffle_split(len(train), 0.1, corpus.VALIDATION_SEED)
    started = time.perf_counter()
    tagger = make().fit([train[i] for i in keep], y[keep], MIAD_LABELS)
    fit = time.perf_counter() - started
    thresholds = best_thresholds(tagger.predict_proba([train[i] for i in held]))
    started = time.perf_counter()
    p = tagger.predict_proba(texts(split.test, heading))
    predict = time.perf_counter() - started
    saved = tagger.save(folder / name.replace(" ", "-"))
    return [name, *miad_figures(p, y_test, thresholds), fit, predict, size(saved)]


def size(folder: Path) -> float:
    """Size of a folder's files, MB."""
    return sum(f.stat().st_size for f in folder.iterdir()) / 1e6


def miad_intervals(p: NDArray[np.float64], y: NDArray[np.float32], thresholds: NDArray[np.float64]) -> dict[str, Any]:
    """95% intervals over films of the main figures."""
    return {
        "macro AUC": metrics.interval(lambda r: metrics.macro_auc(p[r], y[r]), len(y), draws=300),
        "flattened AUC": metrics.interval(lambda r: metrics.flattened_auc(p[r], y[r]), len(y), draws=300),
        "macro F1": metrics.interval(lambda r: metrics.f1_scores(p[r] >= thresholds, y[r])[0], len(y), draws=300),
    }
