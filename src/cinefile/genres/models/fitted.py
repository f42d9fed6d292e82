"""A tagger of the zoo, opened from its folder, as one that serves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cinefile.genres.calibration import expit
from cinefile.genres.genre_tagger import Floats, PlotTagger

if TYPE_CHECKING:
    from cinefile.genres.models.feature_tagger import Tagger


class FittedTagger(PlotTagger):
    """Every label's threshold is a half.

    Args:
        model: a fitted tagger of the zoo.
    """

    threshold = 0.5

    def __init__(self, model: "Tagger") -> None:
        self._model, self.labels = model, model.labels
        self.one_of = bool(getattr(model, "one_of", False))
        self.thresholds = dict.fromkeys(model.labels, 0.5)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `PlotTagger.logits`."""
        p = np.clip(self._model.predict_proba(texts), 1e-7, 1 - 1e-7)
        return np.log(p / (1 - p)).astype(np.float32)

    def probabilities(self, logits: NDArray[np.float32]) -> Floats:
        """See `PlotTagger.probabilities`."""
        return expit(logits)
