"""Counts and TF-IDF of word n-grams, over scikit-learn's vectorisers (extra [train])."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import MissingExtraError
from cinefile.text.features import Features, Matrix

Tokenise = Callable[[str], list[str]]
# Texts whose tokens a lemmatiser remembers: it takes longer than most models that are fitted on its counts.
KEPT = 20_000


class Counts(Features):
    """Counts of the commonest n-grams.

    Args:
        ngrams: words in the longest n-gram.
        features: size of the vocabulary; None for no limit.
        least: texts that an n-gram must be in.
        stop_words: leave scikit-learn's English stop words out.
    """

    tfidf = False

    def __init__(self, ngrams: int = 2, features: int | None = 10_000, least: int = 1, stop_words: bool = True) -> None:
        self.ngrams, self.features, self.least, self.stop_words = ngrams, features, least, stop_words
        self._vocabulary: dict[str, int] = {}
        self._idf: NDArray[np.float32] | None = None

    def tokeniser(self) -> Tokenise | None:
        """How texts are cut into tokens; None for scikit-learn's own way."""
        return None

    def _vectoriser(self, vocabulary: dict[str, int] | None = None) -> Any:
        try:
            from sklearn.feature_extraction.text import CountVectorizer
        except ImportError:
            raise MissingExtraError("train", "These text features") from None
        cut = self.tokeniser()
        own = {"tokenizer": cut, "token_pattern": None} if cut else {"token_pattern": r"(?u)\b\w\w+\b"}
        return CountVectorizer(
            ngram_range=(1, self.ngrams),
            max_features=None if vocabulary else self.features,
            min_df=1 if vocabulary else self.least,
            # Own tokenisers lemmatise: stop words are taken out after that, as plain forms.
            stop_words="english" if self.stop_words and not cut else None,
            strip_accents="unicode",
            vocabulary=vocabulary,
            dtype=np.float32,
            **own,
        )

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn the vocabulary, and the document frequencies for TF-IDF."""
        vectoriser = self._vectoriser()
        counts = vectoriser.fit_transform(texts)
        self._vocabulary = {str(t): int(i) for t, i in vectoriser.vocabulary_.items()}
        if self.tfidf:
            frequency = np.bincount(counts.indices, minlength=counts.shape[1])
            self._idf = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        return self

    def transform(self, texts: Sequence[str]) -> Matrix:
        """Counts, or TF-IDF rows of length one with sublinear counts; sparse, (texts, features)."""
        counts = self._vectoriser(self._vocabulary).transform(texts)
        if self._idf is None:
            return counts
        from scipy import sparse

        counts.data = 1 + np.log(counts.data)
        weighted = counts @ sparse.diags_array(self._idf)
        norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return (sparse.diags_array(1 / np.maximum(norms, 1e-12)) @ weighted).tocsr().astype(np.float32)

    def names(self) -> list[str]:
        """The n-grams, in the order of the columns."""
        return sorted(self._vocabulary, key=self._vocabulary.__getitem__)

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        """The vocabulary, and the document frequencies for TF-IDF."""
        return {"vocabulary": self.names()}, {} if self._idf is None else {"idf": self._idf}

    def restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[np.generic]]) -> Self:
        """Go back to a fitted state."""
        self._vocabulary = {term: i for i, term in enumerate(facts["vocabulary"])}
        self._idf = arrays["idf"].astype(np.float32) if "idf" in arrays else None
        return self


class Tfidf(Counts):
    """TF-IDF of n-grams, sublinear."""

    tfidf = True

    def __init__(self, ngrams: int = 2, features: int | None = None, least: int = 2, stop_words: bool = False) -> None:
        super().__init__(ngrams, features, least, stop_words)
