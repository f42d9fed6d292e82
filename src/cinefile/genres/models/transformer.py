"""A fine-tuned transformer encoder: trained with PyTorch, saved and served as ONNX."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from cinefile.errors import InputError
from cinefile.genres.calibration import softmax
from cinefile.genres.genre_tagger import Floats
from cinefile.genres.models.feature_tagger import Tagger
from cinefile.genres.training.labelled_films import LabelledFilm
from cinefile.genres.training.loop import Examples, Omissions, Stage, TokenisedFilms, draw, predict, train
from cinefile.genres.training.network import TaggerNet, encoder_weights
from cinefile.modelfiles import ModelFolder
from cinefile.text.encoder import OnnxModel
from cinefile.text.onnx_export import default_checkpoint, load_checkpoint, write_encoder


class TransformerTagger(Tagger):
    """An encoder with a linear head, all of it trained.

    Args:
        checkpoint: folder of a BERT-like checkpoint; None takes all-MiniLM-L6-v2.
        one_of: exactly one label is true of each text, and the probabilities sum to one.
        epochs: passes over the texts; the best of them on the validation part is kept.
        rate: peak learning rate of the encoder.
        limit: tokens of a text that are read.
        batch: texts per step.
        validation: share of the training texts that epochs are chosen by.
        seed: of the order, the omissions and the split.
        device: ``cpu`` or ``cuda``.
        run: folder for checkpoints, log and curves; a run that was stopped goes on from there. None keeps nothing.
        progress: takes steps done, steps of all, and the loss in words.
    """

    kind = "transformer"

    def __init__(
        self,
        checkpoint: str | None = None,
        one_of: bool = False,
        epochs: int = 3,
        rate: float = 1e-4,
        limit: int = 192,
        batch: int = 32,
        validation: float = 0.1,
        seed: int = 0,
        device: str = "cpu",
        run: str | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> None:
        self.checkpoint, self.one_of, self.epochs, self.rate, self.limit = checkpoint, one_of, epochs, rate, limit
        self.batch, self.validation, self.seed, self.device = batch, validation, seed, device
        self.run, self.progress = run, progress

    def _fit(self, texts: list[str], y: NDArray[np.float32]) -> None:
        if self.one_of and not (y.sum(axis=1) == 1).all():
            raise InputError("one_of needs exactly one label per text.")
        source = Path(self.checkpoint) if self.checkpoint else default_checkpoint()
        labels = y.shape[1]
        net = TaggerNet(source, labels=labels, classes=labels if self.one_of else 0).to(self.device)
        order = np.random.default_rng(self.seed).permutation(len(texts))
        held = max(1, int(len(texts) * self.validation))
        tokens = [
            TokenisedFilms([_film(texts[i]) for i in part], source / "tokenizer.json")
            for part in (order[held:], order[:held])
        ]
        rows = order[held:]
        examples = Examples(
            tokens[0],
            y[rows],
            np.full((len(rows), labels), 0.0 if self.one_of else 1.0, dtype=np.float32),
            y[rows].argmax(axis=1) if self.one_of else np.full(len(rows), -1),
            np.zeros(len(rows), dtype=np.int64),
        )
        stage = Stage(
            self.epochs, self.rate, limit=self.limit, films=self.batch, class_weight=1.0, omit=Omissions(0, 0)
        )

        def check(net: TaggerNet) -> dict[str, float]:
            logits = predict(net, tokens[1], self.limit)[1 if self.one_of else 0]
            p = softmax(logits) if self.one_of else expit(logits)
            chosen = y[order[:held]]
            cost = chosen * np.log(np.maximum(p, 1e-9))
            if not self.one_of:
                cost = cost + (1 - chosen) * np.log(np.maximum(1 - p, 1e-9))
            loss = -float(cost.sum(axis=1).mean()) if self.one_of else -float(cost.mean())
            return {"score": -loss, "validation log loss": loss} | _ranking(p, chosen, self.one_of)

        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(self.run or scratch)
            watch = self.progress or (lambda done, of, note: None)
            train(net, examples, stage, folder, seed=self.seed, check=check, every=None, progress=watch)
            if self.run:
                draw(folder)
        self._take(net, source)

    def _take(self, net: TaggerNet, source: Path) -> None:
        head = net.classes if self.one_of and net.classes is not None else net.multilabel
        _, shape = load_checkpoint(source)
        with tempfile.TemporaryDirectory() as scratch:
            matrix, bias = (t.detach().cpu().float().numpy() for t in (head.weight, head.bias))
            folder = write_encoder(
                Path(scratch) / "model",
                encoder_weights(net),
                shape,
                source / "tokenizer.json",
                heads={"labels": (matrix, bias)},
                facts={"max_tokens": self.limit},
            )
            self._files = {name: (folder / name).read_bytes() for name in ("model.onnx", "tokenizer.json")}
            self._model = OnnxModel(folder)

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probability of every label, (texts, labels)."""
        logits = self._model.run(texts, ["labels"])["labels"]
        found: Floats = softmax(logits) if self.one_of else expit(logits).astype(np.float64)
        return found

    def save(self, folder: str | Path) -> Path:
        """Write a model folder that `cinefile.genres.models.load` opens."""
        from cinefile.modelfiles import write_folder

        settings = {k: v for k, v in self.get_params().items() if k != "progress"}
        facts = {"labels": self.labels, "settings": settings, "max_tokens": self.limit}

        def files(target: Path) -> None:
            for name, content in self._files.items():
                (target / name).write_bytes(content)

        return write_folder(folder, kind=self.kind, facts=facts, card=self._card(), extra=files)

    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        return {}, {}

    def restore(self, files: ModelFolder) -> Self:
        """Take over what a model folder holds."""
        self.labels = list(files.facts["labels"])
        self._files = {name: files.file(name).read_bytes() for name in ("model.onnx", "tokenizer.json")}
        self._model = OnnxModel(files)
        return self

    def _restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None: ...


def _ranking(p: Floats, y: NDArray[np.float32], one_of: bool) -> dict[str, float]:
    """Accuracy of one-of-N, else the mean AUC of the labels that some but not all texts have."""
    if one_of:
        return {"validation accuracy": float((p.argmax(axis=1) == y.argmax(axis=1)).mean())}
    told = [j for j in range(y.shape[1]) if 0 < y[:, j].sum() < len(y)]
    return {"validation macro AUC": float(np.mean([roc_auc_score(y[:, j], p[:, j]) for j in told]))} if told else {}


def _film(text: str) -> LabelledFilm:
    return LabelledFilm("user", ("",), None, text)
