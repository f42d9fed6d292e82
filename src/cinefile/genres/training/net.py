"""The student: a transformer encoder with masked mean pooling and two linear heads, held in bfloat16 for training.

Needs the extra [train]. Attention is the plain matrix form: on CPUs PyTorch's fused kernel is three times slower in the
backward pass at these lengths. Dropout is left to the token dropping of `batches.py`, which also shortens the texts.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cinefile.genres.labels import IMDB27_LABELS, MIAD_LABELS


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
