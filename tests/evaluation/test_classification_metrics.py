import numpy as np
import pytest

from cinefile.evaluation import classification_metrics as m


def test_auc_equals_scikit_learns_with_ties() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 6, (200, 4)) / 5
    y = (rng.random((200, 4)) < 0.3).astype(np.float32)
    assert m.macro_auc(scores, y) == pytest.approx(metrics.roc_auc_score(y, scores, average="macro"))
    assert m.flattened_auc(scores, y) == pytest.approx(metrics.roc_auc_score(y.ravel(), scores.ravel()))
    macro, micro = m.f1_scores(scores > 0.5, y)
    assert macro == pytest.approx(metrics.f1_score(y, scores > 0.5, average="macro"))
    assert micro == pytest.approx(metrics.f1_score(y, scores > 0.5, average="micro"))


def test_a_label_that_never_occurs_does_not_count() -> None:
    y = np.array([[1, 0], [0, 0]], dtype=np.float32)
    assert m.macro_auc(np.array([[0.9, 0.5], [0.1, 0.6]]), y) == 1.0


def test_hard_predictions_hide_what_the_scores_know() -> None:
    rng = np.random.default_rng(1)
    y = (rng.random(2000) < 0.1).astype(np.float32)
    p = np.clip(0.1 + 0.2 * y + rng.normal(0, 0.1, 2000), 0, 1)
    assert m.auc(p, y) > 0.9 > 0.6 > m.auc((p >= 0.5).astype(float), y)


def test_classes_and_confusion() -> None:
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]])
    classes = np.array([0, 1, 1])
    figures = m.class_figures(p, classes)
    assert figures["accuracy"] == pytest.approx(2 / 3)
    assert figures["macro_f1"] == pytest.approx(2 / 3)
    assert m.confusion(p, classes).tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_interval_holds_the_figure_and_narrows_with_films() -> None:
    hits = np.random.default_rng(2).random(1000) < 0.7

    def figure(rows: np.ndarray) -> float:
        return float(hits[rows].mean())

    low, high = m.interval(figure, 1000)
    assert low < hits.mean() < high
    few = m.interval(lambda r: float(hits[:50][r].mean()), 50)
    assert few[1] - few[0] > 2 * (high - low)


def test_precision_and_recall_at_every_cut() -> None:
    scores, y = np.array([0.9, 0.8, 0.8, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    recall, precision = m.precision_recall(scores, y)
    assert recall.tolist() == [0.5, 1.0, 1.0]
    assert precision.tolist() == [1.0, 2 / 3, 0.5]
    assert m.average_precision(scores, y) == 0.5 + 0.5 * 2 / 3
    assert m.average_precision(y, y) == 1.0
