"""Frozen sentence embeddings: an ONNX encoder's vectors, kept on disk by content."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.text.encoder import OnnxEncoder
from cinefile.text.features import Features
from cinefile.text.onnx_export import export_encoder
from cinefile.text.plot_encoders import VectorCache


class Embeddings(Features):
    """Mean-pooled vectors of length one.

    Args:
        folder: an encoder folder; None takes all-MiniLM-L6-v2, written to the cache on first use.
        quantise: that one in 8 bits, which is faster and differs little; else in full precision.
    """

    def __init__(self, folder: str | None = None, quantise: bool = True) -> None:
        self.folder, self.quantise = folder, quantise
        self._cache: VectorCache | None = None

    def _vectors(self) -> VectorCache:
        if self._cache is None:
            own = settings.cache_folder() / "encoders" / f"all-minilm-l6-v2-{'int8' if self.quantise else 'float32'}"
            folder = Path(self.folder) if self.folder else own
            if self.folder is None and not (folder / "manifest.json").exists():
                export_encoder(folder, quantise=self.quantise)
            encoder = OnnxEncoder(folder)
            name = (folder / "manifest.json").read_text(encoding="utf-8")
            self._cache = VectorCache(settings.cache_folder() / "vectors.sqlite", name, encoder.encode)
        return self._cache

    def fit(self, texts: Sequence[str]) -> Self:
        """Nothing to learn."""
        return self

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors, (texts, dimension)."""
        return self._vectors().encode(texts)

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        """Which encoder."""
        return {"folder": self.folder, "quantise": self.quantise}, {}

    def restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[np.generic]]) -> Self:
        """Go back to the same encoder."""
        self.folder, self.quantise, self._cache = facts["folder"], facts["quantise"], None
        return self
