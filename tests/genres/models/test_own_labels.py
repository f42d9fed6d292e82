from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cinefile.errors import InputError, ModelError
from cinefile.genres.models.own_labels import CustomTagger
from cinefile.genres.plot_files import labelled
from cinefile.modelfiles import ModelFolder


class Letters:
    """Stands for the encoder: how often each letter occurs."""

    dimension = 26

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        counts = np.array([[t.lower().count(chr(97 + i)) for i in range(26)] for t in texts], dtype=np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)


PLOTS = ["zzz buzz", "jazz zoo", "fizz zap", "zig zag", *["quiet river", "old man", "the sea", "a love story"]]
TAGS = [["buzzing"]] * 4 + [[]] * 4


def test_few_examples_teach_a_label_and_survive_saving(tmp_path: Path) -> None:
    tagger = CustomTagger(Letters()).fit(PLOTS, TAGS)  # type: ignore[arg-type]
    p = tagger.predict_proba(["zzzz", "a river"])[:, 0]
    assert p[0] > 0.5 > p[1]
    again = CustomTagger.load(ModelFolder(tagger.save(tmp_path / "own")), Letters())  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.predict_proba(["zzzz", "a river"])[:, 0], p)
    assert again.explain("zap the river", genres=["buzzing"])["buzzing"][0].text == "zap"
    other = Letters()
    other.dimension = 3
    with pytest.raises(ModelError, match="another encoder"):
        CustomTagger.load(ModelFolder(tmp_path / "own"), other)  # type: ignore[arg-type]


def test_too_little_to_learn_from() -> None:
    with pytest.raises(InputError, match="3 films have"):
        CustomTagger(Letters()).fit(PLOTS, [["x"]] * 3 + [[]] * 5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Every film"):
        CustomTagger(Letters()).fit(PLOTS, [["x"]] * 8)  # type: ignore[arg-type]


def test_a_plain_string_is_one_label() -> None:
    tagger = CustomTagger(Letters()).fit(PLOTS, ["buzzing"] * 4 + ["quiet"] * 4)  # type: ignore[arg-type]
    assert tagger.labels == ["buzzing", "quiet"]
    with pytest.raises(InputError, match="one string"):
        CustomTagger(Letters()).fit(PLOTS, "buzzing!")  # type: ignore[arg-type]


def test_labelled_files(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("plot,tags\none,a|b\ntwo,\"['c', 'd']\"\n,a\nthree,[broken\n", encoding="utf-8")
    plots, labels, _, _, problems = labelled(file, "tags")
    assert plots == ["one", "two"]
    assert labels == [["a", "b"], ["c", "d"]]
    assert len(problems) == 2
    with pytest.raises(InputError, match="no usable row"):
        labelled(file, "missing")
