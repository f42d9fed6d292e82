"""Read and write a model folder.

    model.json         kind, format version, and the model's own facts (labels, settings, thresholds)
    *.safetensors      arrays
    *.onnx, *.json     whatever else the model needs
    CARD.md            what it is, what it was trained on, how good it is, on which terms
    manifest.json      file name -> SHA-256

A folder is written aside and exchanged with the old one in a single step where the system can, so that a crash leaves
a whole model in its place: the old one or the new one. Where it cannot, the old one is brought back on the next look.
"""

import ctypes
import glob
import hashlib
import json
import os
import re
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
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # of renameat2, Linux


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
        _tidy(target)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.{os.getpid()}.", dir=target.parent))
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


def is_model_folder(path: str | Path) -> bool:
    """Whether a model folder is there; one that a stopped exchange left aside is brought back first."""
    folder = Path(path)
    if not folder.exists():
        _tidy(folder)
    return (folder / _MANIFEST).is_file()


def _swap(aside: Path, target: Path) -> None:
    """Put a folder in the target's place; afterwards the old one, if any, lies at `aside`."""
    if not target.exists():
        os.rename(aside, target)
        return
    if _exchange(aside, target):
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


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; false where the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0


def _tidy(target: Path) -> None:
    """Bring back the folder that a stopped exchange left aside where none is in its place; remove what else it left."""
    named = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\..+")
    for left in sorted(target.parent.glob(f".{glob.escape(target.name)}.*")) if target.parent.is_dir() else ():
        match = named.fullmatch(left.name)
        if match is None or _is_running(int(match[1])):
            continue
        if left.name.endswith(".old") and not target.exists():
            os.rename(left, target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


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
        is_model_folder(self.path)
        sums = self._json(_MANIFEST)
        if not sums:
            raise ModelError(f"{self.path / _MANIFEST} lists no files.", "Train or copy the model again.")
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
