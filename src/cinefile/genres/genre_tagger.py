"""The contract of every genre tagger that serves: plots in, labels with probabilities and explanations out."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cinefile.answers import Tag, Tags, Word
from cinefile.errors import InputError
from cinefile.genres.explain import Contribution, occlude
from cinefile.text.encoder import compose, heading
from cinefile.text.language import SHORT_WORDS, notes


@dataclass(frozen=True)
class Prediction:
    """A genre and how probable it is."""

    genre: str
    probability: float


def select(
    probabilities: NDArray[np.float64],
    labels: Sequence[str],
    threshold: float | Sequence[float],
    top: int | None = None,
) -> list[Prediction]:
    """Genres over their threshold, or the `top` most probable, the most probable first.

    Args:
        probabilities: (labels,).
        threshold: one for all labels or one each.
    """
    order = np.argsort(-probabilities, kind="stable")
    if top is not None:
        chosen = order[:top]
    else:
        over = probabilities >= np.asarray(threshold)
        chosen = order[over[order]]
    return [Prediction(labels[i], float(probabilities[i])) for i in chosen]


Floats = NDArray[np.float64]


def label_rows(y: Iterable[str | Collection[str]]) -> list[Collection[str]]:
    """Return the labels of each text as a collection: one plain string for a text is its one label.

    Raises:
        InputError: `y` is one string, or holds something other than strings and collections of strings.
    """
    if isinstance(y, str):
        raise InputError("The labels are one string, where one entry per text is needed.", 'Write [["Western"], …].')
    rows = [(row,) if isinstance(row, str) else row for row in y]
    if not all(isinstance(row, Collection) and all(isinstance(label, str) for label in row) for row in rows):
        raise InputError("The labels of a text must be a string or a list of strings.")
    return rows


class PlotTagger(ABC):
    """Labels of plots.

    Attributes:
        labels: in the order of the columns.
        thresholds: each label's own, by label.
        threshold: one for all labels.
        one_of: whether the probabilities of a plot sum to one.
    """

    labels: list[str]
    thresholds: dict[str, float]
    threshold: float
    one_of: bool

    @abstractmethod
    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Uncalibrated scores of texts as `cinefile.text.encoder` writes them, (texts, labels)."""

    @abstractmethod
    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """Probabilities of what `logits` gives, (texts, labels)."""

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

    def predict(
        self,
        plots: Sequence[str],
        titles: Sequence[str | None] | None = None,
        years: Sequence[int | None] | None = None,
        *,
        threshold: float | str = "tuned",
        top: int | None = None,
    ) -> list[list[Prediction]]:
        """Labels of each plot, the most probable first.

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
        """What in the plot carried each label, the strongest first.

        The weight of a word is how far the label's logit falls when every occurrence of it is taken out (occlusion),
        asked of the whole model; `docs/genres.md` has how faithful that is.

        Args:
            genres: which; None for those that `predict` gives.
            unit: ``word`` or ``sentence``.

        Raises:
            InputError: an unknown label or unit.
        """
        asked = list(genres) if genres is not None else [p.genre for p in self.predict([plot], [title], [year])[0]]
        for name in asked:
            if name not in self.labels:
                raise InputError(f"This tagger has no genre {name!r}.", f"It has: {', '.join(self.labels)}.")
        front = heading(title, year)
        columns = [self.labels.index(name) for name in asked]
        found = occlude(plot, lambda texts: self.logits([front + t for t in texts])[:, columns], unit)
        return {name: found.strongest(i) for i, name in enumerate(asked)}


_WORDS = 8


def tag_plots(
    tagger: PlotTagger,
    plots: Sequence[str],
    threshold: float | str,
    *,
    titles: Sequence[str | None] | None = None,
    years: Sequence[int | None] | None = None,
    top: int | None = None,
    explain: bool = False,
) -> tuple[Tags, ...]:
    """Genres of each plot.

    Args:
        tagger: any tagger.
        plots: the texts.
        threshold: least probability, 0 to 1; or "tuned" (each genre's own) or "common" (one tuned for all).
        titles: titles where known, one per plot.
        years: years of release where known, one per plot.
        top: give this many genres, whatever their probability.
        explain: give the words that speak for each genre, the eight strongest.

    Raises:
        InputError: lists of different lengths.
    """
    found = tagger.predict(plots, titles, years, threshold=threshold, top=top)
    return tuple(
        _tags(tagger, plot, titles[i] if titles else None, years[i] if years else None, genres, explain)
        for i, (plot, genres) in enumerate(zip(plots, found, strict=True))
    )


def _tags(
    tagger: PlotTagger, plot: str, title: str | None, year: int | None, genres: Sequence[Prediction], explain: bool
) -> Tags:
    words = tagger.explain(plot, title, year, genres=[g.genre for g in genres]) if explain and genres else {}
    tags = [
        Tag(
            g.genre,
            g.probability,
            tuple(Word(c.text, c.weight) for c in words.get(g.genre, ())[:_WORDS] if c.weight > 0),
            tagger.thresholds.get(g.genre),
        )
        for g in genres
    ]
    text = notes(plot)
    return Tags(tuple(tags), tuple(text.messages), text.english, text.words < SHORT_WORDS)
