"""AdamW for a net held in bfloat16: float32 master weights, one linear schedule."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from cinefile.genres.training.net import TaggerNet


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
