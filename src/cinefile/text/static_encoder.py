"""Text vectors from a table of token vectors: microseconds a text on any machine, with nothing beyond the core.

The vector of a text is the sum of its tokens' vectors, scaled to length 1. The table is learned (`text/distil.py`)
so that this comes close to what a sentence encoder makes of the text, in fewer dimensions.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cinefile.modelfiles import ModelFolder

KIND = "static-encoder"
SHIPPED = Path(__file__).parent.parent / "starter" / "encoder"
_BATCH = 1024


class StaticEncoder:
    """A table of token vectors and the tokeniser that goes with it.

    Args:
        folder: a model folder that `write_static` wrote.

    Raises:
        ModelError: the folder is missing, damaged or of another kind.
    """

    def __init__(self, folder: str | Path) -> None:
        from tokenizers import Tokenizer

        files = ModelFolder(folder, kind=KIND)
        self.name = f"static:{files.facts['fingerprint']}"
        self._arrays = files.arrays()
        self._tokenizer = Tokenizer.from_file(str(files.file("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(files.facts["max_tokens"]))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        return np.asarray(self._arrays["codes"] * self._arrays["scales"][:, None], np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1; zeros for a text without a known token."""
        out = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = self._tokenizer.encode_batch(list(texts[start : start + _BATCH]), add_special_tokens=False)
            out[start : start + len(batch)] = token_counts([e.ids for e in batch], len(self._table)) @ self._table
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


@cache
def shipped_encoder() -> StaticEncoder:
    """The encoder that comes with cinefile."""
    return StaticEncoder(SHIPPED)


def token_counts(ids: Sequence[Sequence[int]], size: int) -> csr_array:
    """(texts, size) how often each token stands in each text."""
    ends = np.concatenate([[0], np.cumsum([len(i) for i in ids])])
    flat = np.concatenate([np.asarray(i, np.int64) for i in ids]) if ends[-1] else np.zeros(0, np.int64)
    return csr_array((np.ones(len(flat), np.float32), flat, ends), shape=(len(ids), size))
