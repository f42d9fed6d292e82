"""The training loop: masked losses, checkpoints that a stopped run resumes from, a log and its curves.

Batches hold texts of nearly equal length, with the random omissions that make the model sturdy.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from cinefile.errors import InputError
from cinefile.genres.training.labelled_films import LabelledFilm
from cinefile.genres.training.network import MasterAdamW, TaggerNet
from cinefile.text.encoder import heading

_LOGGED = 20


@dataclass(frozen=True)
class Omissions:
    """What is left out at random while training.

    Attributes:
        heading: share of films without their title and year, as most plots that people paste come without.
        year: share of the rest without the year.
        tokens: share of plot tokens that is dropped; stands in for dropout.
    """

    heading: float = 0.15
    year: float = 0.1
    tokens: float = 0.1


class TokenisedFilms:
    """Films as token ids; heading and plot apart, so that either can be left out.

    Args:
        films: what to tokenise.
        tokenizer: the model folder's ``tokenizer.json``.
    """

    def __init__(self, films: Sequence[LabelledFilm], tokenizer: Path) -> None:
        self._tokenizer = tokenizer
        encoder = Tokenizer.from_file(str(tokenizer))
        encoder.no_truncation()
        encoder.no_padding()
        self.start, self.end = encoder.token_to_id("[CLS]"), encoder.token_to_id("[SEP]")

        def ids(texts: list[str]) -> list[NDArray[np.int32]]:
            encoded = encoder.encode_batch(texts, add_special_tokens=False)
            return [np.array(e.ids, dtype=np.int32) for e in encoded]

        self._full = ids([heading(f.title, f.year) for f in films])
        self._no_year = ids([heading(f.title, None) for f in films])
        self._plots = ids([f.plot for f in films])

    def __len__(self) -> int:
        return len(self._plots)

    def others(self, films: Sequence[LabelledFilm]) -> "TokenisedFilms":
        """Other films by the same tokenizer."""
        return TokenisedFilms(films, self._tokenizer)

    def length(self, row: int, limit: int) -> int:
        """Number of tokens of a row, cut at `limit`."""
        return min(limit, len(self._full[row]) + len(self._plots[row]) + 2)

    def row(
        self, row: int, limit: int, omit: Omissions | None = None, rng: np.random.Generator | None = None
    ) -> NDArray[np.int32]:
        """Token ids of one film, at most `limit`; with omissions when a generator is given."""
        head, plot = self._full[row], self._plots[row]
        if omit is not None and rng is not None:
            chance = rng.random()
            if chance < omit.heading:
                head = head[:0]
            elif chance < omit.heading + (1 - omit.heading) * omit.year:
                head = self._no_year[row]
            if len(plot) > 10:
                plot = plot[rng.random(len(plot)) >= omit.tokens]
        body = np.concatenate([head, plot])[: limit - 2]
        return np.concatenate([[self.start], body, [self.end]]).astype(np.int32)


def pad(rows: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of unequal length as (ids, mask), both (rows, longest), the longest rounded up to a multiple of 16.

    PyTorch keeps prepared kernels and memory for every shape it meets: with every length let in, a run
    grows to 7 GB.
    """
    longest = -(-max(len(r) for r in rows) // 16) * 16
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


def batches(
    lengths: NDArray[np.int64], films: int, tokens: int, rng: np.random.Generator | None = None
) -> Iterator[NDArray[np.int64]]:
    """Row numbers batch by batch, rows of like length together.

    Args:
        lengths: tokens per row.
        films: most rows in a batch.
        tokens: most rows x longest in a batch.
        rng: shuffles rows and batches; None keeps them sorted by length.
    """
    keys = lengths if rng is None else lengths * rng.uniform(0.9, 1.1, len(lengths))
    order, found = np.argsort(-keys, kind="stable"), []
    start = 0
    while start < len(order):
        longest = int(lengths[order[start : start + films]].max())
        stop = start + max(1, min(films, tokens // longest))
        found.append(order[start:stop])
        start = stop
    if rng is not None:
        found = [found[i] for i in rng.permutation(len(found))]
    yield from found


@dataclass(frozen=True)
class Stage:
    """Hyperparameters of one stage."""

    epochs: int = 1
    rate: float = 1e-4
    head_rate: float = 1e-3
    limit: int = 128
    films: int = 32
    tokens: int = 4096
    class_weight: float = 1.0
    omit: Omissions = field(default_factory=Omissions)


@dataclass(frozen=True)
class Examples:
    """Tokenised films with what they teach, arrays of one row per film.

    Attributes:
        films: the tokens.
        y: multi-label targets, (films, labels).
        weight: loss weights, (films, labels).
        classes: class numbers or -1, (films,).
        source: source numbers, (films,).
    """

    films: TokenisedFilms
    y: NDArray[np.float32]
    weight: NDArray[np.float32]
    classes: NDArray[np.int64]
    source: NDArray[np.int64]


def predict(net: TaggerNet, films: TokenisedFilms, limit: int, tokens: int = 8192) -> tuple[NDArray[np.float32], ...]:
    """Logits of both heads and pooled vectors, each (films, size), in the films' order."""
    net.eval()
    lengths = np.array([films.length(i, limit) for i in range(len(films))])
    parts: list[tuple[NDArray[np.int64], list[NDArray[np.float32]]]] = []
    with torch.inference_mode():
        for rows in batches(lengths, 64, tokens):
            ids, mask = pad([films.row(int(i), limit) for i in rows])
            device = net.offsets.device
            vectors = net.pooled(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
            heads = [net.multilabel(vectors)] + ([net.classes(vectors)] if net.classes is not None else [])
            parts.append((rows, [t.cpu().numpy() for t in (*heads, vectors)]))
    net.train()
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    return tuple(np.concatenate([p[k] for _, p in parts])[order] for k in range(len(parts[0][1])))


def train(
    net: TaggerNet,
    data: Examples,
    stage: Stage,
    folder: Path,
    *,
    seed: int = 0,
    check: Callable[[TaggerNet], dict[str, float]] | None = None,
    every: int | None = 200,
    log: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int, str], None] = lambda done, of, note: None,
) -> TaggerNet:
    """Train through all epochs of a stage; a run that was stopped goes on from its last checkpoint in `folder`.

    The loss goes into ``log.jsonl`` every twenty steps; `cinefile.genres.training.loop` draws it.

    Args:
        check: called at each checkpoint on the net; what it returns goes into ``log.jsonl``. Where it has a
            ``score``, the weights of the highest one are gone back to at the end.
        every: steps between checkpoints; None for one an epoch.
        log: takes one line a checkpoint.
        progress: takes steps done, steps of all, and the loss in words, with every line of the log.

    Raises:
        InputError: `folder` holds a run of other settings or other data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    lengths = np.array([data.films.length(i, stage.limit) for i in range(len(data.films))])
    plan = [
        rows
        for epoch in range(stage.epochs)
        for rows in batches(lengths, stage.films, stage.tokens, np.random.default_rng([seed, epoch]))
    ]
    optimiser = MasterAdamW(net, stage.rate, stage.head_rate, len(plan))
    every = every or -(-len(plan) // stage.epochs)
    _claim(folder / "stage.json", asdict(stage) | {"seed": seed, "steps": len(plan), "films": len(data.films)})
    saved, best, done, highest = folder / "checkpoint.pt", folder / "best.pt", 0, -np.inf
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.restore(state["optimiser"])
        done, highest = state["step"], state["highest"]
    started, seen = time.monotonic(), 0
    losses: list[float] = []
    net.train()
    for step in range(done, len(plan)):
        rows = plan[step]
        rng = np.random.default_rng([seed, 1, step])
        tokens = [data.films.row(int(i), stage.limit, stage.omit, rng) for i in rows]
        loss = _loss(net, data, stage, rows, tokens)
        torch.autograd.backward(loss)
        optimiser.step()
        seen += sum(map(len, tokens))
        losses.append(float(loss.detach()))
        checkpoint = (step + 1) % every == 0 or step + 1 == len(plan)
        if not checkpoint and (step + 1) % _LOGGED:
            continue
        line = {"step": step + 1, "of": len(plan), "loss": float(np.mean(losses)), "tokens": seen}
        line |= {"seconds": round(time.monotonic() - started, 1)} | (check(net) if check and checkpoint else {})
        with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        progress(step + 1, len(plan), f"loss {line['loss']:.4f}")
        losses = []
        if checkpoint:
            log(json.dumps(line))
            if line.get("score", -np.inf) > highest:
                highest = line["score"]
                torch.save(net.state_dict(), best)
            state = {"net": net.state_dict(), "optimiser": optimiser.state(), "step": step + 1, "highest": highest}
            torch.save(state, saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)
    if best.exists():
        net.load_state_dict(torch.load(best, weights_only=True))
    return net


def _claim(file: Path, settings: dict[str, Any]) -> None:
    document = json.loads(json.dumps(settings))
    if file.exists() and json.loads(file.read_text(encoding="utf-8")) != document:
        raise InputError(f"{file.parent} holds a run of other settings or data.", "Name another folder, or empty it.")
    file.write_text(json.dumps(document), encoding="utf-8")


def _loss(
    net: TaggerNet, data: Examples, stage: Stage, rows: NDArray[np.int64], tokens: list[NDArray[np.int32]]
) -> torch.Tensor:
    device = net.offsets.device

    def here(array: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(array).to(device)

    ids, mask = map(here, pad(tokens))
    logits, class_logits = net(ids, mask, here(data.source[rows]))
    y, weight = here(data.y[rows]), here(data.weight[rows])
    loss = functional.binary_cross_entropy_with_logits(logits, y, weight, reduction="sum") / len(rows)
    classes = here(data.classes[rows])
    known = classes >= 0
    if class_logits is not None and known.any():
        wrong = functional.cross_entropy(class_logits[known], classes[known], reduction="sum")
        loss = loss + stage.class_weight * wrong / len(rows)
    return loss


def draw(folder: Path) -> Path:
    """Write ``curves.png`` beside a run's log and return its path.

    A stopped run repeats the steps after its last checkpoint: of these, the later lines count.
    """
    from matplotlib.figure import Figure

    text = (folder / "log.jsonl").read_text(encoding="utf-8")
    lines = {line["step"]: line for line in map(json.loads, text.splitlines())}
    steps = sorted(lines)
    checked = [n for n in lines[steps[-1]] if n not in ("step", "of", "loss", "tokens", "seconds", "score")]
    figure = Figure(figsize=(7, 2.6 * (1 + len(checked))), layout="constrained")
    plots = figure.subplots(1 + len(checked), sharex=True, squeeze=False)[:, 0]
    for axes, name in zip(plots, ("loss", *checked), strict=True):
        known = [s for s in steps if name in lines[s]]
        axes.plot(known, [lines[s][name] for s in known], marker="" if name == "loss" else "o")
        axes.set_ylabel("training loss" if name == "loss" else name)
    plots[-1].set_xlabel("step")
    figure.savefig(folder / "curves.png", dpi=120)
    return folder / "curves.png"
