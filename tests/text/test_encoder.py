from pathlib import Path

import numpy as np
import pytest
from tests import tiny_encoder as tiny

from cinefile.errors import InputError, ModelError

pytest.importorskip("onnx")
pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from cinefile.text.onnx_export import export_encoder

    root = tmp_path_factory.mktemp("encoders")
    source = tiny.checkpoint(root / "checkpoint")
    return {
        "source": source,
        "float": export_encoder(root / "float", source, quantise=False),
        "int8": export_encoder(root / "int8", source),
    }


TEXTS = ["a ghost haunts the old house", "love", "", "the cowboy rides into the desert " * 5]


def test_full_precision_equals_transformers(folders: dict[str, Path]) -> None:
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    from cinefile.text.encoder import OnnxEncoder

    model = transformers.BertModel.from_pretrained(str(folders["source"]), add_pooling_layer=False).eval()
    ours = OnnxEncoder(folders["float"])
    for text in TEXTS:
        ids = torch.tensor([ours._tokenizer.encode(text).ids])
        with torch.inference_mode():
            theirs = model(input_ids=ids).last_hidden_state[0].mean(0).numpy()
        np.testing.assert_allclose(ours.encode([text])[0], theirs / np.linalg.norm(theirs), atol=1e-5)


def test_order_and_padding_change_nothing(folders: dict[str, Path]) -> None:
    from cinefile.text.encoder import OnnxEncoder

    encoder = OnnxEncoder(folders["float"])
    together = encoder.encode(TEXTS)
    for i, text in enumerate(TEXTS):
        np.testing.assert_allclose(together[i], encoder.encode([text])[0], atol=1e-5)
    assert encoder.encode([]).shape == (0, tiny.SIZE)


def test_neighbours_change_nothing_even_in_eight_bits(folders: dict[str, Path]) -> None:
    from cinefile.text.encoder import OnnxEncoder

    alone, several = OnnxEncoder(folders["int8"], threads=1), OnnxEncoder(folders["int8"], threads=3)
    together = several.encode(TEXTS * 5)
    np.testing.assert_array_equal(together, np.concatenate([alone.encode([t]) for t in TEXTS] * 5))


def test_eight_bits_stay_close(folders: dict[str, Path]) -> None:
    from cinefile.text.encoder import OnnxEncoder

    full, small = (OnnxEncoder(folders[name]).encode(TEXTS) for name in ("float", "int8"))
    assert (full * small).sum(axis=1).min() > 0.98
    assert (folders["int8"] / "model.onnx").stat().st_size < 0.5 * (folders["float"] / "model.onnx").stat().st_size


def test_damage_and_wrong_checkpoints_are_named(folders: dict[str, Path], tmp_path: Path) -> None:
    from cinefile.text.encoder import OnnxEncoder, open_session
    from cinefile.text.onnx_export import export_encoder

    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_session(broken)
    with pytest.raises(ModelError):
        OnnxEncoder(tmp_path)
    with pytest.raises(InputError, match="no checkpoint"):
        export_encoder(tmp_path / "out", tmp_path)
