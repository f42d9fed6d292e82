"""The shipped tagger: one encoder and one n-gram table, one pass, two heads. No torch, no scikit-learn.

A label's logit is a weighted sum of the encoder's and the n-gram table's; Platt scaling (multi-label) or a temperature
(one of N), both fitted on validation films, makes probabilities of it.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import InputError, ModelError
from cinefile.genres.calibration import apply_platt, softmax
from cinefile.genres.explain import Contribution, occlude
from cinefile.genres.prediction import Prediction, select
from cinefile.modelfiles import ModelFolder
from cinefile.text.compose import compose, heading
from cinefile.text.encoder import OnnxModel
from cinefile.text.ngrams import NgramScores

KIND = "tagger"
Floats = NDArray[np.float64]


class ShippedTagger:
    """Genres of plots.

    Args:
        folder: a model folder of kind ``tagger``.
        head: which label set: ``multilabel`` or ``imdb27``.
        threads: threads to use; None takes the setting ``threads``.

    Raises:
        ModelError: the folder is missing or damaged, or has no such head.
    """

    def __init__(self, folder: str | Path, head: str = "multilabel", *, threads: int | None = None) -> None:
        files = ModelFolder(folder, kind=KIND)
        self.folder, self.head = files.path, head
        try:
            facts: dict[str, Any] = files.facts["heads"][head]
            self.labels: list[str] = list(facts["labels"])
            self.one_of: bool = facts["one_of"]
            self._encoder_weight, self._ngram_weight = facts["weights"]
            self._columns = slice(*facts["ngram_columns"])
            self._output: str = facts["output"]
            self._pairs = np.array(facts.get("platt", []))
            self._temperature = float(facts.get("temperature", 1.0))
            self.thresholds: dict[str, float] = dict(zip(self.labels, facts["thresholds"], strict=True))
            self.threshold: float = facts["threshold"]
            longest = int(files.facts["ngrams"])
        except (KeyError, ValueError) as error:
            raise ModelError(f"{files.path} is no tagger with a head {head!r}: {error}.") from error
        arrays = files.arrays()
        vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
        table = (arrays["idf"], arrays["weights"], arrays["scale"], arrays["bias"])
        self._ngrams = NgramScores(vocabulary, *table, longest=longest)
        self._files, self._threads = files, threads

    @cached_property
    def _model(self) -> OnnxModel:
        return OnnxModel(self._files, threads=self._threads)

    def card(self) -> str:
        """What it was trained on, how good it is, and on which terms."""
        return self._files.card()

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Uncalibrated scores of texts as `cinefile.text.compose` writes them, (texts, labels)."""
        encoded = self._model.run(texts, [self._output])[self._output]
        table = self._ngrams.scores(texts)[:, self._columns]
        return np.float32(self._encoder_weight) * encoded + np.float32(self._ngram_weight) * table

    def predict_proba(
        self,
        plots: Sequence[str],
        titles: Sequence[str | None] | None = None,
        years: Sequence[int | None] | None = None,
    ) -> Floats:
        """Probability of every label for every plot, (plots, labels), in the order of ``labels``.

        Args:
            plots: the texts.
            titles: titles where known, one per plot; they help.
            years: release years where known, one per plot; they help.

        Raises:
            InputError: the lists differ in length.
        """
        if isinstance(plots, str):
            raise InputError("predict_proba takes a list of plots, not one string.", "Write predict_proba([plot]).")
        for name, values in (("titles", titles), ("years", years)):
            if values is not None and len(values) != len(plots):
                raise InputError(f"{len(plots)} plots but {len(values)} {name} were given.")
        if not len(plots):
            return np.zeros((0, len(self.labels)))
        some_titles = titles if titles is not None else [None] * len(plots)
        some_years = years if years is not None else [None] * len(plots)
        texts = [compose(p, t, y) for p, t, y in zip(plots, some_titles, some_years, strict=True)]
        return self.probabilities(self.logits(texts))

    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """Calibrated probabilities of what `logits` gives, (texts, labels)."""
        if self.one_of:
            return softmax(logits / np.float32(self._temperature))
        return apply_platt(logits, self._pairs)

    def predict(
        self,
        plots: Sequence[str],
        titles: Sequence[str | None] | None = None,
        years: Sequence[int | None] | None = None,
        *,
        threshold: float | str = "tuned",
        top: int | None = None,
    ) -> list[list[Prediction]]:
        """Genres of each plot, the most probable first.

        Args:
            threshold: least probability, ``"tuned"`` for each label's own, or ``"common"`` for the one tuned for all.
            top: give this many, whatever their probability; overrides `threshold`.
        """
        cut: float | Sequence[float]
        if threshold == "tuned":
            cut = list(self.thresholds.values())
        elif threshold == "common":
            cut = self.threshold
        elif isinstance(threshold, str):
            raise InputError(f"Unknown threshold {threshold!r}.", 'Give a number, "tuned" or "common".')
        else:
            cut = threshold
        probabilities = self.predict_proba(plots, titles, years)
        return [select(row, self.labels, cut, top) for row in probabilities]

    def explain(
        self,
        plot: str,
        title: str | None = None,
        year: int | None = None,
        *,
        genres: Sequence[str] | None = None,
        unit: str = "word",
    ) -> dict[str, list[Contribution]]:
        """What in the plot carried each genre, the strongest first.

        The weight of a word is how far the genre's logit falls when every occurrence of it is taken out (occlusion),
        asked of the whole model; `docs/genres.md` has how faithful that is.

        Args:
            genres: which; None for those that `predict` gives.
            unit: ``word`` or ``sentence``.

        Raises:
            InputError: an unknown genre or unit.
        """
        asked = list(genres) if genres is not None else [p.genre for p in self.predict([plot], [title], [year])[0]]
        for name in asked:
            if name not in self.labels:
                raise InputError(f"This tagger has no genre {name!r}.", f"It has: {', '.join(self.labels)}.")
        front = heading(title, year)
        columns = [self.labels.index(name) for name in asked]
        found = occlude(plot, lambda texts: self.logits([front + t for t in texts])[:, columns], unit)
        return {name: found.strongest(i) for i, name in enumerate(asked)}
