"""Texts to vectors with an ONNX file and a tokeniser: no torch, no transformers.

A folder holds ``model.onnx`` (see `cinefile.text.graph`: ``input_ids`` and ``attention_mask`` in; out ``vector``, the
mean over the tokens that are not padding, and one output per head), ``tokenizer.json`` and, in ``model.json``, the
longest input as ``max_tokens``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder

# Larger batches gain nothing on a CPU, and smaller ones pad less.
_TEXTS, _TOKENS = 16, 4096


def open_session(path: Path, threads: int | None = None) -> Any:
    """An ONNX Runtime session on the CPU.

    Args:
        path: the ONNX file.
        threads: threads within an operator; None takes the setting ``threads``.

    Raises:
        ModelError: the file is missing or damaged.
    """
    import onnxruntime as ort
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or settings.threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (failures.NoSuchFile, failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail) as error:
        raise ModelError(f"{path} cannot be loaded: {error}", "Train or copy the model again.") from error


class OnnxModel:
    """A tokeniser and a network that turn texts into named outputs.

    Args:
        folder: a model folder as described above.
        threads: threads to use; None takes the setting ``threads``.
        verify: check the folder against its manifest.

    Raises:
        ModelError: the folder is missing, damaged or holds no encoder.
    """

    def __init__(self, folder: str | Path | ModelFolder, *, threads: int | None = None, verify: bool = True) -> None:
        from tokenizers import Tokenizer

        files = folder if isinstance(folder, ModelFolder) else ModelFolder(folder, verify=verify)
        self.max_tokens = int(files.facts.get("max_tokens", 256))
        try:
            self._tokenizer = Tokenizer.from_file(str(files.file("tokenizer.json")))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(f"{files.file('tokenizer.json')} cannot be read: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.max_tokens)
        self._session = open_session(files.file("model.onnx"), threads)
        self.outputs: dict[str, int] = {o.name: int(o.shape[-1]) for o in self._session.get_outputs()}

    def tokens(self, text: str) -> list[tuple[str, tuple[int, int]]]:
        """The tokens of a text with their places in it, special ones left out."""
        e = self._tokenizer.encode(text)
        return [(t, o) for t, o, s in zip(e.tokens, e.offsets, e.special_tokens_mask, strict=True) if not s]

    def run(self, texts: Sequence[str], outputs: Sequence[str] | None = None) -> dict[str, NDArray[np.float32]]:
        """Outputs by name, each (texts, size), in the order of the texts.

        Args:
            texts: any number of texts; each is cut after ``max_tokens`` tokens.
            outputs: which ones; None for all.
        """
        names = list(outputs or self.outputs)
        found = {name: np.zeros((len(texts), self.outputs[name]), dtype=np.float32) for name in names}
        for rows, ids, mask in self._batches(texts):
            values = self._session.run(names, {"input_ids": ids, "attention_mask": mask})
            for name, value in zip(names, values, strict=True):
                found[name][rows] = value
        return found

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]]:
        encoded = [e.ids for e in self._tokenizer.encode_batch(list(texts))]
        lengths = np.array([len(ids) for ids in encoded], dtype=np.int64)
        order = np.argsort(-lengths, kind="stable")
        start = 0
        while start < len(order):
            longest = max(1, int(lengths[order[start]]))
            rows = order[start : start + max(1, min(_TEXTS, _TOKENS // longest))]
            ids = np.zeros((len(rows), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for i, row in enumerate(rows):
                ids[i, : lengths[row]] = encoded[row]
                mask[i, : lengths[row]] = 1
            yield rows, ids, mask
            start += len(rows)


class OnnxEncoder(OnnxModel):
    """Sentence vectors: mean-pooled, of length one, so that a dot product is the cosine."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.outputs["vector"]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension), float32."""
        vectors = self.run(texts, ["vector"])["vector"]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        found: NDArray[np.float32] = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return found
