"""The network of the shipped tagger and its optimiser, both held in bfloat16 for training."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cinefile.genres.training.labelled_films import IMDB27_LABELS, MIAD_LABELS


class TaggerNet(nn.Module):
    """Encoder, pooling and heads.

    Args:
        checkpoint: folder of a BERT-like model in the Hugging Face layout.
        labels: size of the multi-label head.
        classes: size of the one-of-N head; 0 for none.
        sources: number of label sources. Each but the first gets an offset per label, which takes up how readily that
            source hands a genre out, so that the shared weights need not; it is dropped when the model is exported.
    """

    def __init__(
        self,
        checkpoint: str | Path,
        labels: int = len(MIAD_LABELS),
        classes: int = len(IMDB27_LABELS),
        sources: int = 1,
    ) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder: Any = AutoModel.from_pretrained(
            str(checkpoint), attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.encoder.pooler = None
        self.encoder.to(torch.bfloat16)
        # Half of all weights are word vectors; left as they are, a step costs half and rare words keep their place.
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        size = int(self.encoder.config.hidden_size)
        self.multilabel = nn.Linear(size, labels)
        self.classes = nn.Linear(size, classes) if classes else None
        self.offsets = nn.Parameter(torch.zeros(sources, labels))

    def pooled(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Mean of the token vectors that are not padding, (films, size), float32."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weight = mask.unsqueeze(-1).float()
        means: Tensor = (hidden * weight).sum(1) / weight.sum(1)
        return means

    def forward(self, ids: Tensor, mask: Tensor, source: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Logits of both heads, (films, labels) and (films, classes)."""
        vectors = self.pooled(ids, mask)
        logits = self.multilabel(vectors)
        if source is not None:
            logits = logits + self.offsets[source] * (source > 0).unsqueeze(1)
        return logits, self.classes(vectors) if self.classes is not None else None


def encoder_weights(net: TaggerNet) -> dict[str, NDArray[np.float32]]:
    """The encoder's arrays under their Hugging Face names, float32."""
    return {name: t.detach().cpu().float().numpy() for name, t in net.encoder.state_dict().items()}


class MasterAdamW:
    """Steps float32 copies of the weights and writes them back, since bfloat16 cannot hold small steps.

    Args:
        net: the net.
        rate: peak learning rate of the encoder.
        head_rate: that of the heads and offsets.
        steps: length of the schedule: a linear rise over the first `warmup` share, then linear to a twentieth.
        decay: weight decay of matrices.
    """

    def __init__(
        self, net: TaggerNet, rate: float, head_rate: float, steps: int, warmup: float = 0.06, decay: float = 0.01
    ) -> None:
        heads = {id(p) for p in (*net.multilabel.parameters(), net.offsets)}
        heads |= {id(p) for p in net.classes.parameters()} if net.classes is not None else set()
        dense = [p for p in net.parameters() if p.requires_grad]
        self._pairs = [(p, p.detach().float().clone().requires_grad_()) for p in dense]
        groups = [
            {
                "params": [m for p, m in self._pairs if id(p) not in heads and p.dim() > 1],
                "lr": rate,
                "weight_decay": decay,
            },
            {
                "params": [m for p, m in self._pairs if id(p) not in heads and p.dim() < 2],
                "lr": rate,
                "weight_decay": 0.0,
            },
            {"params": [m for p, m in self._pairs if id(p) in heads], "lr": head_rate, "weight_decay": decay},
        ]
        self._adam = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._adam, lambda step: _linear(step, steps, warmup))

    def step(self, clip: float = 1.0) -> None:
        """One update from the gradients in the net, which it clears."""
        for weight, master in self._pairs:
            master.grad = None if weight.grad is None else weight.grad.float()
            weight.grad = None
        nn.utils.clip_grad_norm_(self._masters(), clip)
        self._adam.step()
        self._schedule.step()
        with torch.no_grad():
            for weight, master in self._pairs:
                weight.copy_(master)

    def _masters(self) -> Iterable[Tensor]:
        return (m for _, m in self._pairs if m.grad is not None)

    def state(self) -> dict[str, Any]:
        """Everything a resumed run needs."""
        masters = [m.detach() for _, m in self._pairs]
        return {"adam": self._adam.state_dict(), "masters": masters, "schedule": self._schedule.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self._adam.load_state_dict(state["adam"])
        self._schedule.load_state_dict(state["schedule"])
        with torch.no_grad():
            for (weight, master), saved in zip(self._pairs, state["masters"], strict=True):
                master.copy_(saved)
                weight.copy_(saved)


def _linear(step: int, steps: int, warmup: float) -> float:
    rise = max(1, int(steps * warmup))
    if step < rise:
        return (step + 1) / rise
    return max(0.05, (steps - step) / max(1, steps - rise))
