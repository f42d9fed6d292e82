"""Learn the table of a static encoder from a sentence encoder. Needs the extra [train].

The teacher's vectors of texts are projected to their leading directions; token vectors are then fitted so that the sum
over a text's tokens points where the teacher's vector does (cosine, Adam). Tokens start from what the teacher makes of
each token alone, weighted by rarity (Tulkens and van Dongen, "Model2Vec", 2024; Arora, Liang and Ma, "A simple but
tough-to-beat baseline for sentence embeddings", ICLR 2017).
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cinefile.modelfiles import write_folder
from cinefile.similar.int8_products import quantise
from cinefile.similar.vector_building import PLOT_DIMENSIONS, plot_basis
from cinefile.text.encoder import PlotEncoder
from cinefile.text.plot_encoders import MAX_TOKENS, CachingEncoder
from cinefile.text.static_encoder import KIND, token_counts

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SHORTEST, _LONGEST = 25, 200  # letters of a sentence: about the length of a query
_BATCH = 256
_RARITY = 1e-3  # a token of frequency p starts with weight a / (a + p)
_CARD = """# Text encoder

A vector of {dimensions} figures for each of {tokens:,} tokens; the vector of a text is their sum, scaled to length 1.
Learned from {teacher} ({terms}) by `cinefile train starter-encoder` on {plots:,} plots and {sentences:,}
sentences of them. Cosine with the teacher, projected to as many dimensions, on texts held out: {held_plots:.3f} on
plots, {held_sentences:.3f} on sentences. What it does for search and similar films: docs/experiments-similar.md.
Learned numbers; no texts. English.
"""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """Settings of the distillation.

    Attributes:
        dimensions: of a vector.
        sentences: how many sentences to learn from beside the plots.
        epochs: times through all texts.
        dropout: share of the tokens left out of a text each time, against learning texts by heart.
        learning_rate: of Adam at the start; falls to 0 in a straight line.
        held_out: share of the texts to judge by.
        seed: of all draws.
    """

    dimensions: int = PLOT_DIMENSIONS
    sentences: int = 5000
    epochs: int = 5
    dropout: float = 0.3
    learning_rate: float = 5e-3
    held_out: float = 0.04
    seed: int = 0


class Teacher(PlotEncoder, Protocol):
    """An encoder that can be learned from; `terms` name its licence."""

    terms: str
    tokenizer_file: Path

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of each text, without the special ones."""
        ...

    def token_vectors(self) -> Floats:
        """(tokens, d) what it makes of each token alone."""
        ...


def distil(
    plots: Sequence[str], teacher: Teacher, out: Path, recipe: Recipe, say: Callable[[str], None]
) -> dict[str, Any]:
    """Learn a table from plots and write the encoder's folder.

    Args:
        plots: texts; empty ones are left out.
        teacher: whose vectors to come close to; they are kept in the cache folder.
        out: the folder.
        recipe: settings.
        say: told of the progress.

    Returns:
        The facts of the folder.
    """
    rng = np.random.default_rng(recipe.seed)
    texts = sorted({p for p in plots if p})
    sentences = _sentences(texts, recipe.sentences, rng)
    say(
        f"Vectors of {len(texts):,} plots and {len(sentences):,} sentences by {teacher.name}, kept in the cache folder."
    )
    cache = CachingEncoder(teacher)
    targets = np.vstack([cache.encode(texts), cache.encode(sentences)])
    basis = plot_basis(targets[: len(texts)], recipe.dimensions)
    targets = _unit(targets @ basis)
    ids = teacher.token_ids([*texts, *sentences])
    held = rng.random(len(ids)) < recipe.held_out
    start = _start(teacher.token_vectors() @ basis, [ids[i] for i in np.flatnonzero(~held)])
    table = _fit(start, ids, targets, np.flatnonzero(~held), recipe, rng, say)
    codes, scales = quantise(table)
    made = codes * scales[:, None]
    is_plot = np.arange(len(ids)) < len(texts)
    facts = {
        **asdict(recipe),
        "teacher": teacher.name,
        "terms": teacher.terms,
        "max_tokens": MAX_TOKENS,
        "tokens": len(table),
        "plots": len(texts),
        "sentences": len(sentences),
        "held_plots": _agreement(made, ids, targets, np.flatnonzero(held & is_plot)),
        "held_sentences": _agreement(made, ids, targets, np.flatnonzero(held & ~is_plot)),
        "fingerprint": hashlib.sha256(codes.tobytes()).hexdigest()[:12],
    }
    write_folder(
        out,
        kind=KIND,
        facts=facts,
        arrays={"codes": codes, "scales": scales},
        card=_CARD.format_map(facts),
        extra=partial(_copy, teacher.tokenizer_file),
    )
    return facts


def _copy(file: Path, folder: Path) -> None:
    shutil.copyfile(file, folder / file.name)


def _sentences(texts: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    found = sorted({s.strip() for t in texts for s in _SENTENCE.split(t) if _SHORTEST < len(s) < _LONGEST})
    return [found[i] for i in rng.choice(len(found), min(count, len(found)), replace=False)]


def _start(alone: Floats, ids: Sequence[Sequence[int]]) -> Floats:
    frequency = np.bincount(np.concatenate([np.asarray(i, np.int64) for i in ids]), minlength=len(alone))
    rarity = _RARITY / (_RARITY + frequency / max(frequency.sum(), 1))
    weighted = (alone - alone.mean(axis=0)) * rarity[:, None]
    return np.asarray(0.3 * weighted / np.linalg.norm(weighted, axis=1).mean(), np.float32)


def _fit(
    start: Floats,
    ids: Sequence[Sequence[int]],
    targets: Floats,
    rows: NDArray[np.intp],
    recipe: Recipe,
    rng: np.random.Generator,
    say: Callable[[str], None],
) -> Floats:
    import torch

    torch.manual_seed(recipe.seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), freeze=False, mode="sum", sparse=True)
    adam = torch.optim.SparseAdam(bag.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * -(-len(rows) // _BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, total_iters=steps)
    wanted = torch.from_numpy(targets)
    for epoch in range(recipe.epochs):
        order, total = rng.permutation(rows), 0.0
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            flat = torch.tensor(np.concatenate([np.asarray(ids[i], np.int64) for i in batch]))
            ends = np.cumsum([0, *(len(ids[i]) for i in batch[:-1])])
            kept = torch.from_numpy((rng.random(len(flat)) >= recipe.dropout).astype(np.float32))
            made = torch.nn.functional.normalize(bag(flat, torch.from_numpy(ends), per_sample_weights=kept), dim=1)
            loss = 1 - (made * wanted[batch]).sum(1).mean()
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()  # type: ignore[no-untyped-call]
            schedule.step()
            total += loss.item() * len(batch)
        say(f"Epoch {epoch + 1} of {recipe.epochs}: cosine {1 - total / len(order):.4f}")
    return np.asarray(bag.weight.detach().numpy(), np.float32)


def _agreement(table: Floats, ids: Sequence[Sequence[int]], targets: Floats, rows: NDArray[np.intp]) -> float:
    """Mean cosine with the teacher."""
    made = _unit(token_counts([ids[i] for i in rows], len(table)) @ table)
    return round(float((made * targets[rows]).sum(axis=1).mean()), 4)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
