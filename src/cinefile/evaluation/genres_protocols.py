"""What the taggers' protocols share: the split, one fitted model per row, the figures."""

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
from cinefile.genres.shipped import ShippedTagger
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


@dataclass(frozen=True)
class Entry:
    """A model of the zoo as a protocol runs it.

    Attributes:
        model: name in `cinefile.genres.taggers.TAGGERS`.
        features: name in `cinefile.text.features.FEATURES`.
        settings: of the model.
        heading: whether title and year stand before the plot.
        test_size: share of the rows in the test part, where the protocol splits them itself.
    """

    model: str
    features: str
    settings: dict[str, Any]
    heading: bool
    test_size: float = 0.0

    def make(self) -> Any:
        """The model, not yet fitted."""
        from cinefile.genres import taggers

        return taggers.make(self.model, features=self.features, **self.settings)

    def texts(self, films: Sequence[Film]) -> list[str]:
        """Films as this model reads them."""
        return [compose(f.plot, f.title, f.year) if self.heading else f.plot for f in films]


def probabilities(tagger: ShippedTagger, films: Sequence[Film]) -> NDArray[np.float64]:
    """What a tagger makes of films, told their titles and years, (films, labels)."""
    return tagger.predict_proba([f.plot for f in films], [f.title for f in films], [f.year for f in films])


def miad_split(data: Path, test_size: float) -> Split:
    """MIAD's labelled rows, seed 42; 0.2 and 0.33 are the published shares."""
    rows = read.miad(data / "miad" / "dataTraining.zip", "dataTraining.csv")
    train, test = corpus.shuffle_split(len(rows), test_size, corpus.MIAD_SEED)
    return Split([rows[i] for i in train], [rows[i] for i in test])


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


def run_zoo(name: str, entry: Entry, split: Split, folder: Path) -> list[str | float]:
    """One row: fit on the training part, judge on the test part.

    Thresholds come from a second fit, on nine tenths of the training part, and its predictions on the last tenth.
    """
    y, y_test = split.targets()
    train = entry.texts(split.train)
    keep, held = corpus.shuffle_split(len(train), 0.1, corpus.VALIDATION_SEED)
    part = entry.make().fit([train[i] for i in keep], y[keep], MIAD_LABELS)
    thresholds = best_thresholds(part.predict_proba([train[i] for i in held]))
    del part
    started = time.perf_counter()
    tagger = entry.make().fit(train, y, MIAD_LABELS)
    fit = time.perf_counter() - started
    started = time.perf_counter()
    p = tagger.predict_proba(entry.texts(split.test))
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
