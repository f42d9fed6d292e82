"""The stacked autoencoder for ratings: as published, and done right beside it.

A person's row of stars goes through layers of 200, 100 and 200 units and comes out as predicted stars of all films
(the network of the MovieLens 25M study that cinefile starts from; the idea is Sedhain et al., "AutoRec", WWW 2015).
Training takes the extra [train]; predicting is a few NumPy products.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit

from cinefile.errors import InputError, MissingExtraError
from cinefile.progress import Progress
from cinefile.taste.content_features import FilmFeatures
from cinefile.taste.rating_model import RatingModel, RunOptions
from cinefile.taste.ratings import Floats, Ints, RatingTable, masked

if TYPE_CHECKING:
    import torch


@dataclass
class AutoencoderModel(RatingModel):
    """The network done right: stars centred per film, mini-batches, dropout, best epoch by held-out ratings.

    Args:
        hidden: units of the inner layers.
        epochs: passes over all people.
        learning_rate: of RMSprop.
        weight_decay: of RMSprop.
        batch: people per step.
        clear_gradients: start every step with gradients of zero; the published code did not.
        dropout: share of a person's stars hidden from the input while training.
        validation: share of the ratings held out to choose the epoch; 0 chooses it by the training error.
        centred: take each film's mean off the stars, so that a film not rated is neutral.
        seed: of weights, batches and dropout.
    """

    kind = "autoencoder"
    additive = False
    hidden: tuple[int, ...] = (200, 100, 200)
    epochs: int = 60
    learning_rate: float = 1e-3
    weight_decay: float = 1e-5
    batch: int = 64
    clear_gradients: bool = True
    dropout: float = 0.3
    validation: float = 0.05
    centred: bool = True
    seed: int = 0

    def _fit(self, table: RatingTable, features: FilmFeatures | None, options: RunOptions) -> None:
        try:
            import torch
        except ImportError:
            raise MissingExtraError("train", "Training an autoencoder") from None
        sums = np.bincount(table.stars.indices, table.stars.data, minlength=len(table.film_ids))
        shrunk = (sums + 3.0 * table.mean) / (self.counts + 3.0)
        self.offset = (shrunk if self.centred else np.zeros_like(shrunk)).astype(np.float32)
        rng = np.random.default_rng(self.seed)
        held = rng.random(table.stars.nnz) < self.validation
        learn, check = masked(table.stars, ~held), masked(table.stars, held)
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            sizes = [len(table.film_ids), *self.hidden, len(table.film_ids)]
            layers = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
            self._train(layers, learn, check, rng, options.progress)

    def _train(
        self,
        layers: "list[torch.nn.Linear]",
        learn: sp.csr_matrix,
        check: sp.csr_matrix,
        rng: np.random.Generator,
        progress: Progress,
    ) -> None:
        import torch

        weights_of = [weights for layer in layers for weights in layer.parameters()]
        optimiser = torch.optim.RMSprop(weights_of, lr=self.learning_rate, weight_decay=self.weight_decay)
        curve: list[float] = []
        best = np.inf
        for epoch in range(1, self.epochs + 1):
            order = rng.permutation(learn.shape[0])
            total = 0.0
            for first in range(0, len(order), self.batch):
                target, seen = self._dense(learn[order[first : first + self.batch]])
                rows, mask = torch.from_numpy(target), torch.from_numpy(seen)
                if self.clear_gradients:
                    optimiser.zero_grad()
                shown = torch.nn.functional.dropout(rows, self.dropout)
                for layer in layers[:-1]:
                    shown = torch.sigmoid(layer(shown))
                gaps = (layers[-1](shown) - rows) * mask
                loss = (gaps**2).sum() / mask.sum().clamp(min=1)
                loss.backward()
                optimiser.step()
                total += float((gaps.detach() ** 2).sum())
            weights = {}
            for n, layer in enumerate(layers):
                weights[f"weight_{n}"] = layer.weight.detach().numpy().T.copy()
                weights[f"bias_{n}"] = layer.bias.detach().numpy().copy()
            error = self._error(weights, learn, check) if check.nnz else float(np.sqrt(total / learn.nnz))
            curve.append(error)
            if error < best:
                best, self.layers = error, weights
            progress.advance(epoch, self.epochs, f"error {error:.4f}")
        self.curve = curve

    def _dense(self, people: sp.csr_matrix) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Rows for the network, zero where nothing is rated, and ones where something is."""
        rows = np.zeros(people.shape, dtype=np.float32)
        seen = np.zeros(people.shape, dtype=np.float32)
        row = np.repeat(np.arange(people.shape[0]), np.diff(people.indptr))
        rows[row, people.indices] = people.data - self.offset[people.indices]
        seen[row, people.indices] = 1.0
        return rows, seen

    def _error(self, weights: Mapping[str, NDArray[Any]], learn: sp.csr_matrix, check: sp.csr_matrix) -> float:
        total = 0.0
        for first in range(0, learn.shape[0], 512):
            out, held = self._run(weights, learn[first : first + 512]), check[first : first + 512]
            row = np.repeat(np.arange(held.shape[0]), np.diff(held.indptr))
            total += float(((np.clip(out[row, held.indices], *self.range) - held.data) ** 2).sum())
        return float(np.sqrt(total / check.nnz))

    def _run(self, weights: Mapping[str, NDArray[Any]], people: sp.csr_matrix) -> Floats:
        shown, _ = self._dense(people)
        last = len(self.hidden)
        for n in range(last):
            shown = expit(shown @ weights[f"weight_{n}"] + weights[f"bias_{n}"])
        out: Floats = shown @ weights[f"weight_{last}"] + weights[f"bias_{last}"] + self.offset
        return out

    def _stars(self, people: sp.csr_matrix) -> Floats:
        return self._run(self.layers, people)

    def _contributions(self, person: sp.csr_matrix, films: Ints) -> tuple[Floats, Floats]:
        raise InputError(
            "An autoencoder's stars are no sum over the person's ratings.", "Ask the factor model for reasons."
        )

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"offset": self.offset, **self.layers}

    def _restore(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        self.hidden = tuple(self.hidden)
        self.offset = arrays["offset"]
        self.layers = {name: array for name, array in arrays.items() if name.startswith(("weight_", "bias_"))}


@dataclass
class PublishedAutoencoderModel(AutoencoderModel):
    """The network exactly as published: one person per step, gradients never cleared, weight decay 0.4.

    The epoch with the least training error is restored, for there was no validation split.
    """

    kind = "autoencoder-published"
    epochs: int = 100
    weight_decay: float = 0.4
    batch: int = 1
    clear_gradients: bool = False
    dropout: float = 0.0
    validation: float = 0.0
    centred: bool = False
