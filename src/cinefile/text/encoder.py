"""Encode texts as vectors with an ONNX file and a tokeniser, without torch or transformers."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.errors import ModelError
from cinefile.modelfiles import ModelFolder

_MOST_THREADS = 4  # inside one text's operators; its matrices are too small for more


def open_session(path: Path, threads: int = 1) -> Any:
    """An ONNX Runtime session on the CPU; runs may overlap.

    Args:
        path: the model.
        threads: inside an operator.

    Raises:
        ModelError: the file is missing or damaged.
    """
    import onnxruntime as ort
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # A thread without work sleeps: spinning, it would take the core from whatever else runs here.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The graph is written with the fused operators that are wanted; further fusing only costs time at the start.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (failures.NoSuchFile, failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail) as error:
        raise ModelError(f"{path} cannot be loaded: {error}", "Train or copy the model again.") from error


class OnnxModel:
    """A tokeniser and a network that turn texts into named outputs.

    Args:
        folder: a model folder as described above.
        threads: texts at a time; None takes the setting ``threads``.
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
        self._threads = threads or settings.threads()
        self._session = open_session(files.file("model.onnx"), min(self._threads, _MOST_THREADS))
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
        encoded = self._tokenizer.encode_batch(list(texts))

        def one(row: int) -> None:
            feed = {"input_ids": np.array([encoded[row].ids], dtype=np.int64)}
            for name, value in zip(names, self._session.run(names, feed), strict=True):
                found[name][row] = value[0]

        if self._threads == 1 or len(texts) < 2:
            for row in range(len(texts)):
                one(row)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(one, range(len(texts))))
        return found


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


class Encoder(Protocol):
    """Encodes texts as vectors.

    Attributes:
        dimension: length of a vector.
    """

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension)."""


class JoinedEncoder:
    """One encoder made of several.

    Args:
        parts: the encoders, each with vectors of length one.
    """

    def __init__(self, *parts: Encoder) -> None:
        self._parts = parts

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return sum(part.dimension for part in self._parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension); every part counts alike."""
        return np.concatenate([part.encode(texts) for part in self._parts], axis=1)


def heading(title: str | None, year: int | None) -> str:
    """What stands before the plot: "Heat (1995). ", shorter where a part is not known, empty where both are not."""
    name = (title or "").strip()
    if not name:
        return f"({year}). " if year else ""
    return f"{name} ({year}). " if year else f"{name}. "


def compose(plot: str, title: str | None = None, year: int | None = None) -> str:
    """Heading and plot as one text."""
    return heading(title, year) + plot.strip()


class PlotEncoder(Protocol):
    """Turns texts into unit vectors; `name` tells one encoder's vectors from another's."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1."""
        ...
