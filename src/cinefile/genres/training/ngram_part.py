"""The n-gram half of the shipped tagger: logistic regression per label over TF-IDF, pruned and cut to eight bits.

Needs scikit-learn (extra [train]).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from cinefile.genres.training import corpus
from cinefile.genres.training.labelled_films import IMDB27_LABELS, LabelledFilm
from cinefile.text.encoder import compose
from cinefile.text.ngrams import NgramScores
from cinefile.text.onnx_export import quantise_columns

# How much a film of each source counts beside one of MIAD, whose labels are the ones wanted.
SOURCE_WEIGHT = {"miad": 1.0, "imdb27": 1.0}
OTHER_WEIGHT = 0.4
FEATURES = 60_000  # n-grams that ship


@dataclass(frozen=True)
class NgramPart:
    """Coefficients in full precision: (features, outputs)."""

    vocabulary: list[str]
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    bias: NDArray[np.float32]

    def pruned(self, features: int) -> "NgramPart":
        """Only the features that weigh most for some label, each label scaled alike."""
        scaled = np.abs(self.coefficients) * self.idf[:, None]
        worth = (scaled / np.maximum(scaled.max(axis=0), 1e-9)).max(axis=1)
        kept = np.sort(np.argsort(-worth)[:features])
        names = [self.vocabulary[i] for i in kept]
        return NgramPart(names, self.idf[kept], self.coefficients[kept], self.bias)

    def save(self, file: Path) -> None:
        """Write it, in full precision, as an ``.npz`` file."""
        names = np.frombuffer("\n".join(self.vocabulary).encode("utf-8"), dtype=np.uint8)
        np.savez(file, vocabulary=names, idf=self.idf, coefficients=self.coefficients, bias=self.bias)

    @classmethod
    def load(cls, file: Path) -> Self:
        """What `save` wrote."""
        with np.load(file) as kept:
            names = kept["vocabulary"].tobytes().decode("utf-8").split("\n")
            return cls(names, kept["idf"], kept["coefficients"], kept["bias"])

    def table(self) -> NgramScores:
        """The scores as they are served, weights as int8."""
        arrays = self.arrays()
        vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
        return NgramScores(vocabulary, arrays["idf"], arrays["weights"], arrays["scale"], arrays["bias"])  # type: ignore[arg-type]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What `NgramScores` reads, weights as int8."""
        weights, scale = quantise_columns(self.coefficients)
        vocabulary = np.frombuffer("\n".join(self.vocabulary).encode("utf-8"), dtype=np.uint8)
        return {"vocabulary": vocabulary, "idf": self.idf, "weights": weights, "scale": scale, "bias": self.bias}


def fit(films: Sequence[LabelledFilm], *, strength: float = 10.0, class_strength: float = 20.0) -> NgramPart:
    """Fit both label sets, the 24 labels first and the 27 classes after them.

    Args:
        films: the training corpus.
        strength: inverse of the L2 penalty for the labels.
        class_strength: the same for the classes.
    """
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=3, max_df=0.5, strip_accents="unicode", dtype=np.float32
    )
    x = vectoriser.fit_transform([compose(f.plot, f.title, f.year) for f in films])
    features = x.shape[1]
    y, weight = corpus.targets(films)
    source = np.array([f.source for f in films])
    value = np.array([SOURCE_WEIGHT.get(s, OTHER_WEIGHT) for s in source], dtype=np.float32)
    # One column per source takes up how readily it hands a genre out; dropped afterwards, as the net's offsets are.
    others = [s for s in dict.fromkeys(source) if s != "miad"]
    marks = np.stack([source == s for s in others], axis=1).astype(np.float32) * 0.5
    marked = sparse.hstack([x, sparse.csr_matrix(marks)]).tocsr()
    coefficients, bias = [], []
    for j in range(y.shape[1]):
        known = weight[:, j] > 0
        if len(np.unique(y[known, j])) < 2:
            # Nothing to tell apart: no weights, and an offset that makes the label as good as impossible.
            coefficients.append(np.zeros(features))
            bias.append(-8.0)
            continue
        model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
        model.fit(marked[known], y[known, j], sample_weight=(weight[:, j] * value)[known])
        coefficients.append(model.coef_[0, :features])
        bias.append(model.intercept_[0])
    classes = corpus.classes(films)
    rows = classes >= 0
    model = LogisticRegression(C=class_strength, max_iter=80, tol=1e-3).fit(x[rows], classes[rows])
    full = np.zeros((len(IMDB27_LABELS), features))
    offset = np.full(len(IMDB27_LABELS), model.intercept_.min() - 2.0)  # for a class that training never saw
    full[model.classes_], offset[model.classes_] = model.coef_, model.intercept_
    return NgramPart(
        vectoriser.get_feature_names_out().tolist(),
        vectoriser.idf_.astype(np.float32),
        np.concatenate([np.stack(coefficients), full]).T.astype(np.float32),
        np.concatenate([bias, offset]).astype(np.float32),
    )
