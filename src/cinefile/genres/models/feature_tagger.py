"""What every tagger of the zoo does. A scikit-learn estimator: it can be cloned, searched over and put in pipelines."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.base import BaseEstimator

from cinefile.errors import InputError
from cinefile.genres.calibration import expit
from cinefile.genres.explain import Contribution, occlude
from cinefile.genres.genre_tagger import Floats, PlotTagger, label_rows
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.text import features
from cinefile.text.features import Features


class Tagger(ABC, BaseEstimator):  # type: ignore[misc]
    """Texts to label probabilities.

    Targets are a 0/1 matrix of (texts, labels), one label name per text, or one collection of label names per text.
    """

    kind: ClassVar[str]
    one_of: bool = False  # whether exactly one label is true of each text
    labels: list[str]

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike | Sequence[str] | Sequence[Collection[str]],
        labels: Sequence[str] | None = None,
    ) -> Self:
        """Learn from labelled texts.

        Args:
            texts: plots, or what `cinefile.text.encoder` makes of title, year and plot.
            y: the targets.
            labels: names of the columns; those of a matrix are ``"0"``, ``"1"``, … unless given.

        Raises:
            InputError: nothing to learn from, or targets that do not fit the texts.
        """
        self.labels, matrix = _targets(y, labels)
        if len(matrix) != len(texts):
            raise InputError(f"{len(texts)} texts but {len(matrix)} rows of targets were given.")
        if not len(texts):
            raise InputError("There are no texts to learn from.")
        self._fit(list(texts), matrix)
        return self

    @abstractmethod
    def _fit(self, texts: list[str], y: NDArray[np.float32]) -> None: ...

    @abstractmethod
    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probability of every label, (texts, labels)."""

    def predict(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """1 where a label's probability is at least a half, (texts, labels)."""
        return (self.predict_proba(texts) >= 0.5).astype(np.int64)

    def explain(self, text: str, label: str, unit: str = "word") -> list[Contribution]:
        """What in the text carried a label, the strongest first; by occlusion unless the model can say exactly.

        Raises:
            InputError: the model does not know the label.
        """
        column = self._column(label)

        def logits(texts: list[str]) -> NDArray[np.float32]:
            p = np.clip(self.predict_proba(texts)[:, [column]], 1e-9, 1 - 1e-9)
            found: NDArray[np.float32] = logit(p).astype(np.float32)
            return found

        return occlude(text, logits, unit).strongest(0)

    def _column(self, label: str) -> int:
        if label not in self.labels:
            raise InputError(f"This tagger has no label {label!r}.", f"It has: {', '.join(self.labels)}.")
        return self.labels.index(label)

    def save(self, folder: str | Path) -> Path:
        """Write a model folder that `cinefile.genres.models.load` opens."""
        facts, arrays = self._state()
        document = {"labels": self.labels, "settings": self.get_params(), **facts}
        return write_folder(folder, kind=self.kind, facts=document, arrays=arrays, card=self._card())

    def _card(self) -> str:
        return f"# A {self.kind} tagger\n\nLabels: {', '.join(self.labels)}. Settings: {self.get_params()}.\n"

    @abstractmethod
    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]: ...

    def restore(self, files: ModelFolder) -> Self:
        """Take over what a model folder holds."""
        self.labels = list(files.facts["labels"])
        self._restore(files.facts, files.arrays())
        return self

    @abstractmethod
    def _restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None: ...


class FittedTagger(PlotTagger):
    """Serves a fitted tagger of the zoo as any other; every label's threshold is a half.

    Args:
        model: a fitted tagger of the zoo.
    """

    threshold = 0.5

    def __init__(self, model: Tagger) -> None:
        self._model, self.labels = model, model.labels
        self.one_of = model.one_of
        self.thresholds = dict.fromkeys(model.labels, 0.5)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log odds of the probabilities."""
        p = np.clip(self._model.predict_proba(texts), 1e-7, 1 - 1e-7)
        return np.log(p / (1 - p)).astype(np.float32)

    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """Undo `logits`."""
        return expit(logits)


class FeatureTagger(Tagger):
    """A tagger over one of the text features of `cinefile.text.features`."""

    features: str
    feature_settings: dict[str, Any] | None
    _features: Features

    def _fitted(self, texts: list[str]) -> Any:
        self._features = features.make(self.features, **(self.feature_settings or {})).fit(texts)
        return self._features.transform(texts)

    def _feature_state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        facts, arrays = self._features.state()
        return {"feature_state": facts}, {f"features.{name}": a for name, a in arrays.items()}

    def _restore_features(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        own = {name.removeprefix("features."): a for name, a in arrays.items() if name.startswith("features.")}
        empty = features.make(self.features, **(self.feature_settings or {}))
        self._features = empty.restore(facts["feature_state"], own)


def _targets(
    y: ArrayLike | Sequence[str] | Sequence[Collection[str]], labels: Sequence[str] | None
) -> tuple[list[str], NDArray[np.float32]]:
    rows: Any = y if isinstance(y, np.ndarray | str) else list(cast("Sequence[Any]", y))
    if _are_names(rows):
        named = label_rows(rows)
        names = list(labels) if labels is not None else sorted({label for row in named for label in row})
        return names, np.array([[name in row for name in names] for row in named], dtype=np.float32)
    matrix = np.asarray(rows, dtype=np.float32)
    if matrix.ndim != 2:
        raise InputError(f"Targets of shape {matrix.shape} were given; (texts, labels) is needed.")
    names = list(labels) if labels is not None else [str(i) for i in range(matrix.shape[1])]
    if len(names) != matrix.shape[1]:
        raise InputError(f"{len(names)} labels but {matrix.shape[1]} columns of targets were given.")
    return names, matrix


def _are_names(rows: Any) -> bool:
    if isinstance(rows, np.ndarray):
        return rows.dtype.kind in "UO" and rows.ndim == 1
    return isinstance(rows, str) or any(isinstance(r, str) or any(isinstance(v, str) for v in r) for r in rows)
