"""Products with 8-bit weights are the same on processors with and without VNNI."""

from pathlib import Path

import numpy as np
import pytest
from tests import tiny_encoder as tiny

from cinefile.genres import SHIPPED_FOLDER

onnx = pytest.importorskip("onnx")
pytestmark = pytest.mark.train

INT16 = np.iinfo(np.int16)


def weight_codes(folder: Path) -> dict[str, np.ndarray]:
    """int8 weights of every integer product in a model folder, by node."""
    graph = onnx.load(folder / "model.onnx").graph
    constants = {c.name: onnx.numpy_helper.to_array(c) for c in graph.initializer}
    inputs = {"DynamicQuantizeMatMul": 1, "MatMulInteger": 1, "MatMulIntegerToFloat": 1, "QLinearMatMul": 3}
    return {n.name: constants[n.input[inputs[n.op_type]]] for n in graph.node if n.op_type in inputs}


def without_vnni(activations: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Integer products as a processor without VNNI makes them: each two inputs are summed in 16 bits, saturating."""
    if len(codes) % 2:
        activations, codes = np.pad(activations, ((0, 0), (0, 1))), np.pad(codes, ((0, 1), (0, 0)))
    products = activations[:, :, None].astype(np.int64) * codes[None].astype(np.int64)
    pairs = products[:, ::2] + products[:, 1::2]
    return np.clip(pairs, INT16.min, INT16.max).sum(axis=1)


def worst_activations(codes: np.ndarray) -> np.ndarray:
    """Per column the activations that make its pairs largest: 255 where the code is positive, and where negative."""
    return np.concatenate([255 * (codes.T > 0), 255 * (codes.T < 0)]).astype(np.uint8)


def test_no_shipped_product_can_saturate() -> None:
    found = weight_codes(SHIPPED_FOLDER)
    assert len(found) == 24  # four in each of six layers
    for name, codes in found.items():
        assert codes.dtype == np.int8
        for sign in (1, -1):
            one_sign = np.maximum(sign * codes.astype(np.int64), 0)
            assert 255 * (one_sign[::2] + one_sign[1::2]).max() <= INT16.max, name


@pytest.mark.parametrize("shape", [(64, 48), (37, 5), (1, 3), (384, 20)])
@pytest.mark.parametrize("kind", ["normal", "heavy", "equal", "zero"])
def test_worst_activations_give_exact_products(shape: tuple[int, int], kind: str) -> None:
    from cinefile.text.onnx_export import quantise_weights

    rng = np.random.default_rng(0)
    made = {
        "normal": rng.normal(0, 0.3, shape),
        "heavy": rng.standard_t(2, shape),
        "equal": np.full(shape, -0.7),
        "zero": np.zeros(shape),
    }
    matrix = made[kind].astype(np.float32)
    codes, scale = quantise_weights(matrix)
    assert codes.dtype == np.int8
    assert np.abs(codes.astype(int)).max(initial=0) <= 127
    activations = worst_activations(codes)
    np.testing.assert_array_equal(
        without_vnni(activations, codes), activations.astype(np.int64) @ codes.astype(np.int64)
    )
    # Seven bits with the scale of the largest weight would do as well; the search must not be worse than that.
    seven = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 64
    assert np.square(codes * scale - matrix).sum() <= np.square(np.rint(matrix / seven) * seven - matrix).sum() + 1e-9


def test_columns_without_risk_keep_eight_bits() -> None:
    from cinefile.text.onnx_export import quantise_columns, quantise_weights

    matrix = np.random.default_rng(0).normal(0, 1, (40, 6)).astype(np.float32)
    matrix[1::2] *= -0.5 * np.sign(matrix[::2]) * np.sign(matrix[1::2])  # two neighbours never add up
    codes, scale = quantise_weights(matrix)
    np.testing.assert_array_equal(codes, quantise_columns(matrix)[0])
    np.testing.assert_allclose(scale, quantise_columns(matrix)[1], rtol=1e-6)


def test_this_processor_multiplies_exactly() -> None:
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    from cinefile.text.onnx_export import quantise_weights

    codes, _ = quantise_weights(np.random.default_rng(0).normal(0, 1, (384, 96)).astype(np.float32))
    product = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, ["m", 384])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, ["m", 96])],
        [numpy_helper.from_array(codes, "w")],
    )
    model = helper.make_model(product, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    activations = worst_activations(codes)
    for rows in (activations, activations[:1]):
        (found,) = session.run(None, {"x": rows})
        np.testing.assert_array_equal(found, rows.astype(np.int64) @ codes.astype(np.int64))


def test_older_folders_open_and_can_be_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cinefile.modelfiles import ModelFolder
    from cinefile.text import onnx_export
    from cinefile.text.encoder import OnnxEncoder
    from cinefile.text.onnx_export import export_encoder, requantise

    source = tiny.checkpoint(tmp_path / "checkpoint")
    full = export_encoder(tmp_path / "full", source, quantise=False)
    with monkeypatch.context() as older:
        older.setattr(onnx_export, "quantise_weights", onnx_export.quantise_columns)
        old = export_encoder(tmp_path / "old", source)
    assert any(onnx_export.saturating_columns(codes).any() for codes in weight_codes(old).values())
    assert OnnxEncoder(old).encode(["love"]).shape == (1, tiny.SIZE)

    new = requantise(old, tmp_path / "new")
    for name, codes in weight_codes(new).items():
        before = weight_codes(old)[name]
        safe = ~onnx_export.saturating_columns(before)
        np.testing.assert_array_equal(codes[:, safe], before[:, safe])
        assert not onnx_export.saturating_columns(codes).any()
    assert ModelFolder(new).facts == ModelFolder(old).facts
    assert {f.name for f in new.iterdir()} == {f.name for f in old.iterdir()}
    texts = ["a ghost haunts the old house", "the cowboy rides into the desert " * 5]
    assert (OnnxEncoder(new).encode(texts) * OnnxEncoder(full).encode(texts)).sum(axis=1).min() > 0.98
    written = (new / "model.onnx").read_bytes()
    assert (requantise(new, new) / "model.onnx").read_bytes() == written
