from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cinefile.genres import own_label_encoder
from cinefile.text.encoder import JoinedEncoder


class Lengths:
    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[len(text)] * self.dimension for text in texts], dtype=np.float32)


def test_vectors_end_to_end() -> None:
    joined = JoinedEncoder(Lengths(2), Lengths(1))
    assert joined.dimension == 3
    assert joined.encode(["a", "bcd"]).tolist() == [[1, 1, 1], [3, 3, 3]]


def test_own_labels_stand_on_both_encoders_that_ship() -> None:
    encoder = own_label_encoder(threads=1)
    vectors = encoder.encode(["A ghost haunts a lighthouse.", "Two cooks fall in love."])
    assert vectors.shape == (2, encoder.dimension)
    halves = np.split(vectors, [384], axis=1)
    for half in halves:
        np.testing.assert_allclose(np.linalg.norm(half, axis=1), 1, atol=1e-5)
