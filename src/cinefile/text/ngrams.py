"""Word n-grams of a text and linear scores over them, in numpy: what a TF-IDF model needs when it serves.

Tokens are as scikit-learn's TfidfVectorizer makes them with ``strip_accents="unicode"``: lower case, accents off, words
of two characters and more. Scores use sublinear term counts (1 + log tf), inverse document frequencies folded into the
weights, and texts scaled to length one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\b\w\w+\b")
_SPACE = re.compile(r"\s+")


def words(text: str) -> list[str]:
    """Tokens of a text."""
    folded = text.lower()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _TOKEN.findall(folded)


def ngrams(text: str, longest: int = 2) -> list[str]:
    """Runs of one to `longest` words, as strings with single spaces."""
    tokens = words(text)
    found = list(tokens)
    for n in range(2, longest + 1):
        found += [" ".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]
    return found


class NgramScores:
    """Linear scores of texts over a fixed vocabulary, weights held as int8 with a scale per output.

    Args:
        vocabulary: the n-grams, one per row of `weights`.
        idf: inverse document frequencies, (features,).
        weights: int8, (features, outputs).
        scale: float32, (outputs,); ``weights * scale`` are the coefficients.
        bias: float32, (outputs,).
        longest: words in the longest n-gram.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        idf: NDArray[np.float32],
        weights: NDArray[np.int8],
        scale: NDArray[np.float32],
        bias: NDArray[np.float32],
        longest: int = 2,
    ) -> None:
        self._index = {term: i for i, term in enumerate(vocabulary)}
        self._idf, self._weights, self._scale, self._bias, self._longest = idf, weights, scale, bias, longest

    def _terms(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        index = self._index
        counts = Counter(index[t] for t in ngrams(text, self._longest) if t in index)
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self._idf[rows]
        norm = float(np.sqrt(values @ values)) or 1.0
        return rows, (values / norm).astype(np.float32)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits of the texts, (texts, outputs), float32."""
        found = np.tile(self._bias, (len(texts), 1)).astype(np.float32)
        for i, text in enumerate(texts):
            rows, values = self._terms(text)
            found[i] += (values @ self._weights[rows].astype(np.float32)) * self._scale
        return found

    def contributions(self, text: str, output: int) -> list[tuple[str, float]]:
        """What each n-gram of the text adds to one logit, exactly, the strongest first."""
        rows, values = self._terms(text)
        added = values * self._weights[rows, output].astype(np.float32) * self._scale[output]
        names = list(self._index)
        order = np.argsort(-np.abs(added), kind="stable")
        return [(names[rows[i]], float(added[i])) for i in order if added[i] != 0]
