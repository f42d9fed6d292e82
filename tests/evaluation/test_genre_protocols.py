"""The taggers' protocols on made-up films: what learns passes, what only remembers does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import tiny_encoder as tiny

from cinefile.errors import InputError
from cinefile.evaluation import genre_protocols
from cinefile.evaluation import genre_protocols as protocols
from cinefile.evaluation.result import asked_models

pytest.importorskip("sklearn")
pytestmark = pytest.mark.train
SPLIT = protocols.GenreSplit(tiny.films(80), tiny.films(60, seed=5))


class Memory:
    """Knows the labels of every text it was fitted on, and nothing else."""

    def fit(self, texts: Sequence[str], y: np.ndarray, labels: Sequence[str]) -> "Memory":
        self.known, self.labels = dict(zip(texts, y, strict=True)), len(labels)
        return self

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self.known.get(t, np.full(self.labels, 0.5)) for t in texts], dtype=float)

    def save(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        return folder


@dataclass(frozen=True)
class Remembers(protocols.Entry):
    def make(self) -> Any:
        return Memory()


def test_a_row_tells_learning_from_remembering(tmp_path: Path) -> None:
    test = [f for f in SPLIT.test if f.plot not in {g.plot for g in SPLIT.train}]
    split = protocols.GenreSplit(SPLIT.train, test)
    learnt = protocols.run_zoo("a+b", protocols.Entry("linear", "tfidf", {}, heading=True), split, tmp_path)
    row = dict(zip(protocols.MIAD_COLUMNS, learnt, strict=True))
    assert row["model"] == "a+b"
    assert row["macro AUC"] > 0.9  # type: ignore[operator]
    assert row["MB"] > 0  # type: ignore[operator]
    remembered = protocols.run_zoo("c", Remembers("", "", {}, heading=True), split, tmp_path)
    assert remembered[1] == pytest.approx(0.5)


def test_hard_predictions_are_shown_beside_probabilities() -> None:
    y = np.array([[0, 1], [0, 0], [1, 0], [1, 1]], dtype=np.float32)
    # A perfect order, all of it below a half: what the published mistake makes of it is chance.
    figures = protocols.miad_figures(0.1 + 0.2 * y.astype(float), y, np.full(2, 0.2))
    row = dict(zip(protocols.MIAD_COLUMNS[1:10], figures, strict=True))
    assert (row["macro AUC"], row["flattened AUC"], row["macro F1"]) == (1, 1, 1)
    assert (row["macro AUC of 0/1"], row["flattened AUC of 0/1"], row["macro F1 at 0.5"]) == (0.5, 0.5, 0)


def test_title_and_year_stand_before_the_plot_only_when_asked() -> None:
    film = SPLIT.train[0]
    assert protocols.Entry("linear", "tfidf", {}, heading=False).texts([film]) == [film.plot]
    assert protocols.Entry("linear", "tfidf", {}, heading=True).texts([film])[0].startswith("Film 0 (1950). ")


def test_every_model_of_the_grids_can_be_made() -> None:
    for entry in (*genre_protocols.zoo().values(), *genre_protocols.ZOO.values()):
        assert entry.make().get_params()["features"] == entry.features


def test_unknown_models_are_named() -> None:
    assert asked_models(None, ["a", "b"]) == ["a", "b"]
    assert asked_models(["b"], ["a", "b"]) == ["b"]
    with pytest.raises(InputError, match="Unknown: c"):
        asked_models(["a", "c"], ["a", "b"])
