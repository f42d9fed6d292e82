"""Vectors of texts, kept on disk under the hash of encoder and text, so that nothing is encoded twice."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
_CHUNK = 1024


class VectorCache:
    """Encodes texts that it has not seen, and caches their vectors.

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
