"""Read and write a model folder.

    model.json         kind, format version, and the model's own facts (labels, settings, thresholds)
    *.safetensors      arrays
    *.onnx, *.json     whatever else the model needs
    CARD.md            what it is, what it was trained on, how good it is, on which terms
    manifest.json      file name -> SHA-256

A folder is written aside and renamed into place, so that a crash leaves the old model whole.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from cinefile.errors import ModelError

FORMAT = 1
_MANIFEST = "manifest.json"
_FACTS = "model.json"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_folder(
    path: str | Path,
    *,
    kind: str,
    facts: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray] | None = None,
    card: str = "",
    extra: Callable[[Path], None] | None = None,
) -> Path:
    """Write a model folder, whole or not at all.

    Args:
        path: the folder; an existing model folder there is replaced.
        kind: registry name of the model's class, e.g. ``factor``.
        facts: JSON-serialisable settings and labels.
        arrays: name -> array, stored in ``arrays.safetensors``.
        card: Markdown model card.
        extra: writes further files into the folder it is given.

    Raises:
        ModelError: the target exists and is no model folder, or cannot be written.
    """
    target = Path(path)
    if target.exists() and not (target / _MANIFEST).exists() and (not target.is_dir() or any(target.iterdir())):
        raise ModelError(f"{target} exists and is not a model folder.", "Choose another place; nothing was changed.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise ModelError(f"Cannot write a model to {target}: {error.strerror}.") from error
    try:
        document = {"format": FORMAT, "kind": kind, **facts}
        (aside / _FACTS).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if arrays:
            contiguous = {name: np.ascontiguousarray(a) for name, a in arrays.items()}
            save_file(contiguous, aside / "arrays.safetensors")
            (aside / "arrays.safetensors").chmod(0o644)  # safetensors leaves it to the owner alone
        if card:
            (aside / "CARD.md").write_text(card, encoding="utf-8")
        if extra is not None:
            extra(aside)
        sums = {p.name: _sha256(p) for p in sorted(aside.iterdir())}
        (aside / _MANIFEST).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")
        aside.chmod(0o755)
        _swap(aside, target)
    except OSError as error:
        raise ModelError(
            f"Cannot write a model to {target}: {error.strerror}.", "The old model is untouched."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _swap(aside: Path, target: Path) -> None:
    if not target.exists():
        os.rename(aside, target)
        return
    # A folder cannot be renamed over a full one: the old one steps aside first, and back if the second step fails.
    old = aside.with_name(aside.name + ".old")
    os.rename(target, old)
    try:
        os.rename(aside, target)
    except OSError:
        os.rename(old, target)
        raise
    shutil.rmtree(old)


class ModelFolder:
    """A model folder opened for reading; checked against its manifest unless told otherwise.

    Args:
        path: the folder.
        kind: expected kind; None accepts any.
        verify: compare every file with its SHA-256. Costs about a millisecond per MB.

    Raises:
        ModelError: missing, damaged, of another kind, or written by a newer cinefile.
    """

    def __init__(self, path: str | Path, *, kind: str | None = None, verify: bool = True) -> None:
        self.path = Path(path)
        sums = self._json(_MANIFEST)
        for name, expected in sums.items() if verify else ():
            file = self.path / name
            if not file.is_file():
                raise ModelError(f"{self.path} lacks {name}.", "Train or copy the model again.")
            if _sha256(file) != expected:
                raise ModelError(f"{file} does not match its checksum.", "Train or copy the model again.")
        self.facts: dict[str, Any] = self._json(_FACTS)
        self.kind: str = self.facts.get("kind", "")
        if self.facts.get("format", 0) > FORMAT:
            raise ModelError(f"{self.path} was written by a newer cinefile.", "Upgrade with: pip install -U cinefile")
        if kind is not None and self.kind != kind:
            raise ModelError(f"{self.path} holds a model of kind {self.kind!r}; {kind!r} was expected.")

    def _json(self, name: str) -> dict[str, Any]:
        try:
            document = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ModelError(f"{self.path} is not a model folder: it has no {name}.") from None
        except (OSError, ValueError) as error:
            raise ModelError(f"{self.path / name} cannot be read: {error}.") from error
        if not isinstance(document, dict):
            raise ModelError(f"{self.path / name} does not hold a JSON object.")
        return document

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by name."""
        try:
            return load_file(self.path / "arrays.safetensors")
        except (OSError, SafetensorError) as error:
            raise ModelError(f"The arrays of {self.path} cannot be read: {error}.") from error

    def file(self, name: str) -> Path:
        """Path of a file in the folder."""
        return self.path / name

    def card(self) -> str:
        """The model card, or an empty string."""
        file = self.path / "CARD.md"
        return file.read_text(encoding="utf-8") if file.is_file() else ""
