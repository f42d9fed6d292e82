from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cinefile.text.plot_encoders import VectorCache


def test_each_text_is_encoded_once_and_encoders_do_not_meet(tmp_path: Path) -> None:
    seen: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        seen.extend(texts)
        return np.array([[len(t), 1.0] for t in texts], dtype=np.float32).reshape(len(texts), 2)

    file = tmp_path / "vectors.sqlite"
    first = VectorCache(file, "one", encode).encode(["a", "bbb", "a"])
    assert first.tolist() == [[1, 1], [3, 1], [1, 1]]
    assert VectorCache(file, "one", encode).encode(["bbb", "cc"]).tolist() == [[3, 1], [2, 1]]
    assert seen == ["a", "bbb", "cc"]
    VectorCache(file, "two", encode).encode(["a"])
    assert seen == ["a", "bbb", "cc", "a"]
    assert VectorCache(file, "one", encode).encode([]).shape == (0, 2)
