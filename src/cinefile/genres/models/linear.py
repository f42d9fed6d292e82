"""Logistic regression per label. Its explanations are exact: a feature's share of the logit.

Sparse features go to liblinear's dual coordinate descent (Fan et al., "LIBLINEAR", 2008), which reaches the optimum
where L-BFGS stops early on rare labels; dense ones to L-BFGS.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from cinefile.genres.explain import Contribution
from cinefile.genres.genre_tagger import Floats
from cinefile.genres.models.feature_tagger import FeatureTagger


class LinearTagger(FeatureTagger):
    """One logistic regression per label.

    Args:
        features: name of the text features.
        strength: inverse of the L2 penalty.
        steps: most iterations of the solver.
        feature_settings: passed on to the features.
    """

    kind = "linear"

    def __init__(
        self,
        features: str = "tfidf",
        strength: float = 10.0,
        steps: int = 1000,
        feature_settings: dict[str, Any] | None = None,
    ) -> None:
        self.features, self.strength, self.steps, self.feature_settings = features, strength, steps, feature_settings

    def _fit(self, texts: list[str], y: NDArray[np.float32]) -> None:
        x = self._fitted(texts)
        size, labels = x.shape[1], y.shape[1]
        self._weights = np.zeros((size, labels), dtype=np.float32)
        self._bias = np.zeros(labels, dtype=np.float32)
        solver = {"solver": "liblinear", "dual": True} if sparse.issparse(x) else {}
        for j in range(labels):
            share = y[:, j].mean()
            if share in (0.0, 1.0):
                # Nothing to tell apart: a constant, from the rule of succession.
                self._bias[j] = np.log((y[:, j].sum() + 1) / (len(y) - y[:, j].sum() + 1))
                continue
            model = LogisticRegression(C=self.strength, max_iter=self.steps, random_state=0, **solver).fit(x, y[:, j])
            self._weights[:, j], self._bias[j] = model.coef_[0], model.intercept_[0]

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probability of every label, (texts, labels)."""
        found: Floats = expit(np.asarray(self._features.transform(texts) @ self._weights) + self._bias)
        return found.astype(np.float64)

    def explain(self, text: str, label: str, unit: str = "word") -> list[Contribution]:
        """Exact shares of the logit by n-gram; by occlusion where the features have no names or sentences are asked."""
        names = self._features.names()
        if names is None or unit != "word":
            return super().explain(text, label, unit)
        row = self._features.transform([text]).tocsr()
        added = row.data * self._weights[row.indices, self._column(label)]
        order = np.argsort(-added, kind="stable")
        return [Contribution(names[row.indices[i]], float(added[i])) for i in order if added[i] != 0]

    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        facts, arrays = self._feature_state()
        return facts, arrays | {"weights": self._weights, "bias": self._bias}

    def _restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self._weights, self._bias = arrays["weights"], arrays["bias"]
        self._restore_features(facts, arrays)
