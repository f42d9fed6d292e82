"""A random forest for all labels at once, kept as plain arrays and walked in numpy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier

from cinefile import settings
from cinefile.genres.genre_tagger import Floats
from cinefile.genres.models.feature_tagger import FeatureTagger


class ForestTagger(FeatureTagger):
    """Breiman's random forest, each tree splitting for all labels together.

    Args:
        features: name of the text features.
        trees: number of trees.
        leaf: fewest texts in a leaf.
        seed: of the bootstrap and the feature draws.
        feature_settings: passed on to the features.
    """

    kind = "forest"

    def __init__(
        self,
        features: str = "counts",
        trees: int = 100,
        leaf: int = 1,
        seed: int = 0,
        feature_settings: dict[str, Any] | None = None,
    ) -> None:
        self.features, self.trees, self.leaf, self.seed = features, trees, leaf, seed
        self.feature_settings = feature_settings

    def _fit(self, texts: list[str], y: NDArray[np.float32]) -> None:
        x = self._fitted(texts)
        model = RandomForestClassifier(
            self.trees, min_samples_leaf=self.leaf, random_state=self.seed, n_jobs=settings.threads()
        )
        model.fit(x, y)
        starts, parts = [0], []
        for estimator in model.estimators_:
            tree = estimator.tree_
            # Share of the second class ("has the label") in each node; a label that all or no texts have has one class.
            share = np.stack(
                [
                    tree.value[:, j, 1] if len(c) > 1 else np.full(tree.node_count, float(c[0]))
                    for j, c in enumerate(_per_label(model.classes_, y.shape[1]))
                ],
                axis=1,
            )
            parts.append((tree.children_left, tree.children_right, tree.feature, tree.threshold, share))
            starts.append(starts[-1] + tree.node_count)
        self._starts = np.array(starts, dtype=np.int64)
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self._left, self._right, self._feature = (a.astype(np.int32) for a in joined[:3])
        self._cut, self._share = joined[3].astype(np.float64), joined[4].astype(np.float32)

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Mean over the trees of the leaf's share of texts with the label, (texts, labels)."""
        x = self._features.transform(texts)
        found = np.zeros((len(texts), self._share.shape[1]))
        for first in range(0, len(texts), 256):
            rows = x[first : first + 256]
            dense = (rows.toarray() if sparse.issparse(rows) else np.asarray(rows)).astype(np.float32)
            for start in self._starts[:-1]:
                found[first : first + 256] += self._share[start + self._leaves(dense, int(start))]
        return found / (len(self._starts) - 1)

    def _leaves(self, x: NDArray[np.float32], start: int) -> NDArray[np.int64]:
        at = np.zeros(len(x), dtype=np.int64)
        inner = np.arange(len(x))
        while len(inner):
            inner = inner[self._left[start + at[inner]] >= 0]
            node = start + at[inner]
            goes_left = x[inner, self._feature[node]] <= self._cut[node]
            at[inner] = np.where(goes_left, self._left[node], self._right[node])
        return at

    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        facts, arrays = self._feature_state()
        own: dict[str, NDArray[np.generic]] = {"starts": self._starts, "left": self._left, "right": self._right}
        own |= {"feature": self._feature, "cut": self._cut, "share": self._share}
        return facts, arrays | own

    def _restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self._starts, self._left, self._right = arrays["starts"], arrays["left"], arrays["right"]
        self._feature, self._cut, self._share = arrays["feature"], arrays["cut"], arrays["share"]
        self._restore_features(facts, arrays)


def _per_label(classes: Any, labels: int) -> list[Any]:
    return list(classes) if labels > 1 else [classes]
