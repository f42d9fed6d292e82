"""Labels that a source knows nothing about, filled in by the model."""

from pathlib import Path

import numpy as np
import pytest

from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS

pytestmark = pytest.mark.train


def test_only_unknown_labels_are_filled_and_the_n_grams_speak(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    from cinefile.genres.train import SOURCES, examples
    from cinefile.genres.training.assemble import fill_unknown
    from cinefile.genres.training.labelled_films import LabelledFilm
    from cinefile.genres.training.network import TaggerNet
    from cinefile.genres.training.ngram_part import NgramPart
    from cinefile.text.onnx_export import default_checkpoint

    biography = MIAD_LABELS.index("Biography")
    outputs = len(MIAD_LABELS) + len(IMDB27_LABELS)
    coefficients = np.zeros((2, outputs), dtype=np.float32)
    coefficients[0, biography] = 60.0
    kept = NgramPart(["biographer", "other"], np.ones(2, np.float32), coefficients, np.full(outputs, -3, np.float32))
    kept.save(tmp_path / "ngrams.npz")
    part = NgramPart.load(tmp_path / "ngrams.npz")
    assert part.vocabulary == kept.vocabulary

    films = [
        LabelledFilm("tmdb-api", ("A",), 1990, "A biographer", ("Drama",), frozenset({"Biography"})),
        LabelledFilm("tmdb-api", ("B",), 1991, "A dog runs", ("Comedy",), frozenset({"Biography"})),
        LabelledFilm("miad", ("C",), 1992, "A biographer", ("Comedy",)),
    ]
    held = [
        LabelledFilm("miad", (f"V{i}",), 1980 + i, "biographer" if i % 2 else "dog", ("Biography",) * (i % 2))
        for i in range(8)
    ]
    checkpoint = default_checkpoint()
    data = examples(films, checkpoint / "tokenizer.json")
    before = data.y.copy()

    made = fill_unknown(data, films, TaggerNet(checkpoint, sources=len(SOURCES)), part, held)

    assert made.y[0, biography] > made.y[1, biography] > 0
    assert made.weight[:2, biography].tolist() == [0.5, 0.5]
    others = np.delete(np.arange(len(MIAD_LABELS)), biography)
    np.testing.assert_array_equal(made.y[:, others], before[:, others])
    np.testing.assert_array_equal(made.y[2], before[2])
    np.testing.assert_array_equal(data.y, before)
