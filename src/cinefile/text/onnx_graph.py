"""The ONNX graph of a BERT encoder, written node by node, in full precision or with 8-bit weights.

Written by hand rather than traced, so that it needs no exporter, uses ONNX Runtime's fused operators and leaves the
choice of quantisation to us: weights are int8 with one scale per output column, word vectors int8 with one scale per
word; activations are quantised on the fly (``DynamicQuantizeMatMul``), layer norms and attention stay in float32.
There is no attention mask: `cinefile.text.encoder` runs every text by itself, which on a CPU is faster than batches
that pad, lets attention take its faster kernel, and keeps one text's quantisation from depending on its neighbours.
Needs the package `onnx`, part of the extra [train].
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import MissingExtraError

Weights = Mapping[str, NDArray[np.float32]]
_FUSED = "com.microsoft"


@dataclass(frozen=True)
class BertShape:
    """What the graph needs to know of a BERT's configuration."""

    layers: int
    heads: int
    epsilon: float = 1e-12
    layer_names: str = field(default="encoder.layer.{}", repr=False)


def quantise_columns(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 with one symmetric scale per column: ``matrix ~ q * scale``."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12).astype(np.float32) / 127
    return np.rint(matrix / scale).astype(np.int8), scale


class _Graph:
    def __init__(self, quantise: bool) -> None:
        try:
            from onnx import helper, numpy_helper
        except ImportError:
            raise MissingExtraError("train", "Writing an ONNX model") from None
        self.helper, self.numpy_helper, self.quantise = helper, numpy_helper, quantise
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(self.numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(
        self, kind: str, inputs: list[str], name: str, outputs: int = 1, domain: str = "", **attributes: Any
    ) -> str:
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(self.helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes))
        return name

    def linear(self, x: str, name: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """`x @ matrix + bias`, matrix of (inputs, outputs)."""
        offset = self.constant(f"{name}.bias", bias)
        if not self.quantise:
            product = self.node("MatMul", [x, self.constant(f"{name}.weight", matrix)], f"{name}.product")
            return self.node("Add", [product, offset], name)
        q, scale = quantise_columns(matrix)
        inputs = [x, self.constant(f"{name}.weight", q), self.constant(f"{name}.scale", scale), "", offset]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=_FUSED)


def bert_graph(
    weights: Weights,
    shape: BertShape,
    heads: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]],
    *,
    quantise: bool,
) -> bytes:
    """The serialised model: ``input_ids`` (texts, tokens), no padding, to ``vector`` and one output per head.

    Args:
        weights: the encoder's arrays under their Hugging Face names.
        shape: its configuration.
        heads: name -> (matrix of (labels, size), bias), linear on the pooled vector.
        quantise: 8-bit weights; else float32.
    """
    g = _Graph(quantise)
    helper = g.helper
    x = _embeddings(g, weights, shape)
    for i in range(shape.layers):
        x = _layer(g, weights, shape, i, x)
    size = int(weights["embeddings.LayerNorm.weight"].shape[0])
    g.node("ReduceMean", [x, g.constant("one", np.array([1]))], "vector", keepdims=0)
    outputs = [helper.make_tensor_value_info("vector", 1, ["texts", size])]
    for name, (matrix, bias) in heads.items():
        inputs = ["vector", g.constant(f"{name}.weight", matrix), g.constant(f"{name}.bias", bias)]
        g.node("Gemm", inputs, name, transB=1)
        outputs.append(helper.make_tensor_value_info(name, 1, ["texts", len(bias)]))
    tokens = helper.make_tensor_value_info("input_ids", 7, ["texts", "tokens"])
    graph = helper.make_graph(g.nodes, "encoder", [tokens], outputs, g.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
    model: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
    return model


def _embeddings(g: _Graph, weights: Weights, shape: BertShape) -> str:
    words = weights["embeddings.word_embeddings.weight"]
    # Every text is of token type 0, so that vector joins the position's.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    if g.quantise:
        q, scale = quantise_columns(words.T)
        rows = g.node("Gather", [g.constant("words", q.T), "input_ids"], "rows8")
        scales = g.node("Gather", [g.constant("words.scale", scale[:, None]), "input_ids"], "row_scales")
        rows = g.node("Mul", [g.node("Cast", [rows], "rowsf", to=1), scales], "rows")
    else:
        rows = g.node("Gather", [g.constant("words", words), "input_ids"], "rows")
    length = g.node("Gather", [g.node("Shape", ["input_ids"], "shape"), g.constant("axis1", np.array(1))], "length")
    zero, step = g.constant("zero", np.array(0)), g.constant("step", np.array(1))
    place = g.node("Gather", [g.constant("places", places), g.node("Range", [zero, length, step], "range")], "place")
    norm = [g.constant(f"norm0.{p}", weights[f"embeddings.LayerNorm.{p}"]) for p in ("weight", "bias")]
    summed = g.node("Add", [rows, place], "embedded")
    return g.node("LayerNormalization", [summed, *norm], "x0", epsilon=shape.epsilon, axis=-1)


def _layer(g: _Graph, weights: Weights, shape: BertShape, i: int, x: str) -> str:
    name = shape.layer_names.format(i)

    def part(*names: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        matrices = [weights[f"{name}.{n}.weight"].T for n in names]
        return np.concatenate(matrices, axis=1), np.concatenate([weights[f"{name}.{n}.bias"] for n in names])

    def normed(new: str, old: str, norm: str, out: str) -> str:
        scales = [g.constant(f"{out}.{p}", weights[f"{name}.{norm}.{p}"]) for p in ("weight", "bias")]
        # Not ONNX Runtime's SkipLayerNormalization, which on a CPU is far slower than the two apart.
        summed = g.node("Add", [new, old], f"{out}.sum")
        return g.node("LayerNormalization", [summed, *scales], out, epsilon=shape.epsilon, axis=-1)

    joint = g.linear(x, f"qkv{i}", *part("attention.self.query", "attention.self.key", "attention.self.value"))
    g.node("Split", [joint], f"split{i}", outputs=3, axis=2, num_outputs=3)
    parts = [f"split{i}.{k}" for k in range(3)]
    seen = g.node("MultiHeadAttention", parts, f"attention{i}", domain=_FUSED, num_heads=shape.heads)
    x = normed(g.linear(seen, f"out{i}", *part("attention.output.dense")), x, "attention.output.LayerNorm", f"mid{i}")
    wide = g.node("Gelu", [g.linear(x, f"up{i}", *part("intermediate.dense"))], f"gelu{i}", domain=_FUSED)
    return normed(g.linear(wide, f"down{i}", *part("output.dense")), x, "output.LayerNorm", f"x{i + 1}")
