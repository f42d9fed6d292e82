"""Are the probabilities honest? Calibration error per label before and after calibration, on MIAD's test part.

    python -m benchmarks genres_reliability

"Before" is the plain sigmoid of the logits, "after" what the tagger answers (Platt scaling fitted on validation films).
Writes benchmarks/results/genres-reliability.json, with the points of the reliability diagram and of precision against
recall, and the diagram genres-reliability.png: frequency against probability in ten bins, over all labels and for the
six commonest.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from benchmarks import _results
from cinefile import load_tagger
from cinefile.evaluation.classification_metrics import average_precision, precision_recall
from cinefile.evaluation.genre_protocols import miad_split
from cinefile.genres.calibration import calibration_error
from cinefile.genres.models.shipped import ShippedTagger
from cinefile.genres.training import corpus
from cinefile.text.encoder import compose

Floats = NDArray[np.float64]
BINS = 10


def main(full: bool) -> None:
    """Run it; `full` changes nothing."""
    tagger = load_tagger()
    assert isinstance(tagger, ShippedTagger)
    films = miad_split(_results.data_folder(), 0.2).test
    y, _ = corpus.targets(films)
    logits = tagger.logits([compose(f.plot, f.title, f.year) for f in films])
    before, after = expit(logits).astype(np.float64), tagger.probabilities(logits)
    errors = [[calibration_error(p[:, j], y[:, j], BINS) for j in range(y.shape[1])] for p in (before, after)]
    labels = {
        label: {"films": int(y[:, j].sum()), "before": errors[0][j], "after": errors[1][j]}
        for j, label in enumerate(tagger.labels)
    }
    document = {
        "films": len(films),
        "mean_over_labels": {"before": float(np.mean(errors[0])), "after": float(np.mean(errors[1]))},
        "all_labels_pooled": {
            name: calibration_error(p.ravel(), y.ravel(), BINS) for name, p in (("before", before), ("after", after))
        },
        "by_label": labels,
        "reliability": {
            "x": "probability",
            "y": "share of films with the label",
            "points": {
                **{name: _pairs(*_curve(p.ravel(), y.ravel())) for name, p in (("before", before), ("after", after))},
                "perfect": [[0.0, 0.0], [1.0, 1.0]],
            },
        },
        "precision_recall": {
            "x": "recall",
            "y": "precision",
            "points": {
                "all labels": _pairs(*_thinned(*precision_recall(after.ravel(), y.ravel()))),
                **{
                    tagger.labels[j]: _pairs(*_thinned(*precision_recall(after[:, j], y[:, j])))
                    for j in np.argsort(-y.sum(axis=0))[:5]
                },
            },
        },
        "average_precision": {
            label: {"films": int(y[:, j].sum()), "average precision": average_precision(after[:, j], y[:, j])}
            for j, label in enumerate(tagger.labels)
        },
    }
    _results.write("genres-reliability", document, "python -m benchmarks genres_reliability")
    _picture(tagger.labels, before, after, y)


def _curve(p: Floats, y: NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """Mean probability and frequency of each bin that holds ten films or more."""
    places = np.minimum((p * BINS).astype(int), BINS - 1)
    kept = [places == b for b in range(BINS) if (places == b).sum() >= 10]
    return [float(p[k].mean()) for k in kept], [float(y[k].mean()) for k in kept]


def _thinned(recall: Floats, precision: Floats) -> tuple[list[float], list[float]]:
    """About forty points of a curve, evenly over recall."""
    kept = np.unique(np.searchsorted(recall, np.linspace(0.025, 1, 40)))
    return recall[kept].tolist(), precision[kept].tolist()


def _pairs(x: list[float], y: list[float]) -> list[list[float]]:
    return [[round(a, 4), round(b, 4)] for a, b in zip(x, y, strict=True)]


def _picture(labels: list[str], before: Floats, after: Floats, y: NDArray[np.float32]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.4), layout="constrained")
    both, common = figure.subplots(1, 2, sharey=True)
    for name, p in (("before", before), ("after", after)):
        both.plot(*_curve(p.ravel(), y.ravel()), marker="o", label=name)
    both.set_title("all 24 labels")
    for j in np.argsort(-y.sum(axis=0))[:6]:
        common.plot(*_curve(after[:, j], y[:, j]), marker=".", label=labels[j])
    common.set_title("the six commonest, after")
    for axes in (both, common):
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":", linewidth=1)
        axes.set_xlabel("probability")
        axes.legend()
    both.set_ylabel("share of films with the label")
    figure.savefig(_results.FOLDER / "genres-reliability.png", dpi=120)
