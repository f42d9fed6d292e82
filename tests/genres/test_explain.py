import numpy as np
import pytest

from cinefile.errors import InputError
from cinefile.genres.explain import occlude, spans, without


def _counts(texts: list[str]) -> np.ndarray:
    return np.array([[t.lower().count("ghost"), t.lower().count("love")] for t in texts], dtype=np.float32)


def test_the_words_that_count_come_first() -> None:
    found = occlude("A ghost in love meets a GHOST in the house.", _counts)
    assert found.strongest(0)[0].text == "ghost"
    assert found.strongest(0)[0].weight == 2
    assert found.strongest(1)[0].text == "love"
    assert "the" not in found.units


def test_sentences_as_units() -> None:
    found = occlude("A house stands. A ghost walks! Love?", _counts, "sentence")
    assert found.units == ["A house stands.", "A ghost walks!", "Love?"]
    assert found.strongest(0)[0].text == "A ghost walks!"
    with pytest.raises(InputError, match="Unknown unit"):
        spans("x", "letter")


def test_cutting_out() -> None:
    assert without("abcdef", [(4, 5), (1, 2)]) == "acdf"
    assert occlude("the of", _counts).units == []
