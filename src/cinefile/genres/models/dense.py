"""A dense net over text features: trained with PyTorch, served in numpy."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from torch import nn

from cinefile.genres.genre_tagger import Floats
from cinefile.genres.models.feature_tagger import FeatureTagger


class DenseTagger(FeatureTagger):
    """Layers of ReLU units with dropout, AdamW, early stopping that goes back to the best weights.

    Args:
        features: name of the text features.
        layers: units per hidden layer; ``(384, 384, 384)`` is the published net, ``(3500,)`` the wide one.
        dropout: share of units left out after each hidden layer.
        rate: learning rate.
        epochs: most epochs.
        patience: epochs without a lower validation loss before it stops.
        batch: texts per step.
        validation: share of the training texts that early stopping looks at.
        seed: of the weights, the order and the split.
        feature_settings: passed on to the features.
    """

    kind = "dense"

    def __init__(
        self,
        features: str = "embeddings",
        layers: Sequence[int] = (384, 384, 384),
        dropout: float = 0.3,
        rate: float = 5e-4,
        epochs: int = 60,
        patience: int = 6,
        batch: int = 64,
        validation: float = 0.1,
        seed: int = 0,
        feature_settings: dict[str, Any] | None = None,
    ) -> None:
        self.features, self.layers, self.dropout, self.rate, self.epochs = features, layers, dropout, rate, epochs
        self.patience, self.batch, self.validation, self.seed = patience, batch, validation, seed
        self.feature_settings = feature_settings

    def _fit(self, texts: list[str], y: NDArray[np.float32]) -> None:
        x = self._fitted(texts)
        order = np.random.default_rng(self.seed).permutation(len(texts))
        held = max(1, int(len(texts) * self.validation))
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            net = self._net(x.shape[1], y.shape[1])
            best = self._train(net, x, y, order[held:], order[:held])
        self._arrays = {name: t.numpy() for name, t in best.items()}

    def _net(self, inputs: int, outputs: int) -> nn.Sequential:
        sizes = [inputs, *self.layers]
        parts: list[nn.Module] = []
        for a, b in pairwise(sizes):
            parts += [nn.Linear(a, b), nn.ReLU(), nn.Dropout(self.dropout)]
        return nn.Sequential(*parts, nn.Linear(sizes[-1], outputs))

    def _train(
        self, net: nn.Sequential, x: Any, y: NDArray[np.float32], rows: NDArray[np.int64], held: NDArray[np.int64]
    ) -> dict[str, torch.Tensor]:
        optimiser = torch.optim.AdamW(net.parameters(), lr=self.rate)
        loss_of = nn.BCEWithLogitsLoss()
        best, lowest, waited = _copy(net), np.inf, 0
        # What early stopping saw, for the curves of a report.
        self.history_: list[float] = []
        for epoch in range(self.epochs):
            net.train()
            shuffled = np.random.default_rng([self.seed, epoch]).permutation(rows)
            for start in range(0, len(shuffled), self.batch):
                part = shuffled[start : start + self.batch]
                optimiser.zero_grad()
                loss = loss_of(net(_tensor(x[part])), torch.from_numpy(y[part]))
                torch.autograd.backward(loss)
                optimiser.step()
            net.eval()
            with torch.inference_mode():
                now = float(loss_of(net(_tensor(x[held])), torch.from_numpy(y[held])))
            self.history_.append(now)
            waited = 0 if now < lowest else waited + 1
            if now < lowest:
                best, lowest = _copy(net), now
            if waited >= self.patience:
                break
        return best

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probability of every label, (texts, labels)."""
        x = self._features.transform(texts)
        layers = sorted({int(name.split(".")[0]) for name in self._arrays})
        for layer in layers:
            x = np.asarray(x @ self._arrays[f"{layer}.weight"].T) + self._arrays[f"{layer}.bias"]
            if layer != layers[-1]:
                x = np.maximum(x, 0)
        found: Floats = expit(x).astype(np.float64)
        return found

    def _state(self) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
        facts, arrays = self._feature_state()
        return facts, arrays | {f"net.{name}": a for name, a in self._arrays.items()}

    def _restore(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self._arrays = {name.removeprefix("net."): a for name, a in arrays.items() if name.startswith("net.")}
        self._restore_features(facts, arrays)


def _tensor(rows: Any) -> torch.Tensor:
    dense = rows.toarray() if sparse.issparse(rows) else np.asarray(rows)
    return torch.from_numpy(dense.astype(np.float32))


def _copy(net: nn.Module) -> dict[str, torch.Tensor]:
    return {name: t.detach().clone() for name, t in net.state_dict().items()}
