"""A tagger for one's own labels, from a few examples on: logistic regression on the shipped encoders' vectors.

The encoders stay as they are, so that training takes seconds and needs neither torch nor scikit-learn. The folder it
writes holds only the new weights; the encoders are those that ship (`cinefile.genres.own_label_encoder`).
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import InputError, ModelError
from cinefile.genres.calibration import expit
from cinefile.genres.genre_tagger import Floats, PlotTagger, label_rows
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.text.encoder import Encoder, compose

KIND = "custom-tagger"
FEWEST = 4


class CustomTagger(PlotTagger):
    """Own labels over vectors of plots.

    Args:
        encoder: makes the vectors; `cinefile.genres.own_label_encoder` but in tests and comparisons.
        strength: inverse of the L2 penalty.
    """

    one_of = False

    def __init__(self, encoder: Encoder, strength: float = 10.0) -> None:
        self._encoder, self.strength = encoder, strength
        self.labels: list[str] = []
        self.thresholds: dict[str, float] = {}
        self.threshold = 0.5
        self._weights = np.zeros((0, 0))

    def fit(
        self,
        plots: Sequence[str],
        genres: Sequence[str | Collection[str]],
        titles: Sequence[str | None] | None = None,
        years: Sequence[int | None] | None = None,
        labels: Sequence[str] | None = None,
    ) -> "CustomTagger":
        """Learn labels from examples.

        Args:
            plots: texts, of films that have the labels and of films that have not.
            genres: labels of each, a list or one plain string.
            titles: titles where known.
            years: release years where known.
            labels: which to learn; None for all that occur.

        Raises:
            InputError: a label with fewer than four films that have it, or none that has not.
        """
        rows = label_rows(genres)
        if len(rows) != len(plots):
            raise InputError(f"{len(plots)} plots but labels for {len(rows)} were given.")
        self.labels = list(labels) if labels is not None else sorted({g for row in rows for g in row})
        if not self.labels:
            raise InputError("There are no labels to learn.", "Name them, or give films that have some.")
        y = np.array([[name in row for name in self.labels] for row in rows], dtype=np.float64)
        for name, count in zip(self.labels, y.sum(axis=0), strict=True):
            if count < FEWEST:
                raise InputError(f"{int(count)} films have {name!r}; at least {FEWEST} are needed, 8 to 16 are better.")
            if count == len(y):
                raise InputError(f"Every film has {name!r}.", "Add films that have not: ten or more of all kinds.")
        some_titles = titles if titles is not None else [None] * len(plots)
        some_years = years if years is not None else [None] * len(plots)
        x = self._vectors([compose(p, t, y) for p, t, y in zip(plots, some_titles, some_years, strict=True)])
        self._weights = np.stack([_logistic(x, y[:, j], self.strength) for j in range(y.shape[1])], axis=1)
        self.thresholds = dict.fromkeys(self.labels, 0.5)
        return self

    def _vectors(self, texts: Sequence[str]) -> Floats:
        return _with_one(self._encoder.encode(texts))

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `PlotTagger.logits`."""
        return (self._vectors(texts) @ self._weights).astype(np.float32)

    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """See `PlotTagger.probabilities`."""
        return expit(logits)

    def save(self, folder: str | Path) -> Path:
        """Write a model folder that `cinefile.load_tagger` opens."""
        card = f"# A tagger for own labels\n\nLabels: {', '.join(self.labels)}. Runs on the shipped encoders.\n"
        facts = {"labels": self.labels, "strength": self.strength}
        return write_folder(folder, kind=KIND, facts=facts, arrays={"weights": self._weights}, card=card)

    @classmethod
    def load(cls, files: ModelFolder, encoder: Encoder) -> "CustomTagger":
        """Open what `save` wrote.

        Raises:
            ModelError: it was trained on an encoder of another size.
        """
        tagger = cls(encoder, float(files.facts["strength"]))
        tagger.labels, tagger._weights = list(files.facts["labels"]), files.arrays()["weights"]
        if tagger._weights.shape != (encoder.dimension + 1, len(tagger.labels)):
            raise ModelError(f"{files.path} was trained on another encoder.", "Train it again.")
        tagger.thresholds = dict.fromkeys(tagger.labels, 0.5)
        return tagger


def _with_one(vectors: NDArray[np.float32]) -> Floats:
    return np.concatenate([vectors.astype(np.float64), np.ones((len(vectors), 1))], axis=1)


def _logistic(x: Floats, y: Floats, strength: float) -> Floats:
    """Weights of an L2-penalised logistic regression; the last, the intercept, goes free."""
    from scipy.optimize import minimize

    def cost(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        loss = np.logaddexp(0, z).sum() - y @ z + (w[:-1] @ w[:-1]) / (2 * strength)
        gradient = x.T @ (expit(z) - y)
        gradient[:-1] += w[:-1] / strength
        return float(loss), gradient

    found: Floats = minimize(cost, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return found
