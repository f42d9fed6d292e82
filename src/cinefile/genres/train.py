"""Train the shipped taggers, from raw files to the model folder. Needs the extra [train]."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from cinefile.errors import CinefileError
from cinefile.genres.training import corpus, ngram_part
from cinefile.genres.training.assemble import assemble, fill_unknown
from cinefile.genres.training.labelled_films import LabelledFilm
from cinefile.genres.training.loop import Examples, Omissions, Stage, TokenisedFilms, train
from cinefile.genres.training.network import TaggerNet, encoder_weights
from cinefile.genres.training.ngram_part import NgramPart
from cinefile.text.onnx_export import default_checkpoint, load_checkpoint

SOURCES = ("miad", "tmdb-api", "tmdb-5000", "the-movies-dataset", "wikipedia", "imdb27")
STAGES: Mapping[str, Stage] = {
    "sources": Stage(rate=1.5e-4, limit=104, films=64, class_weight=0.9),
    "mixture": Stage(rate=1e-4, limit=152, films=32, class_weight=1.5),
    "finish": Stage(rate=7e-5, head_rate=5e-4, limit=208, films=32, class_weight=4.5),
    "again": Stage(rate=1e-4, head_rate=6e-4, limit=256, films=48, class_weight=1.5, omit=Omissions(tokens=0.12)),
    "settle": Stage(rate=7e-5, head_rate=4.2e-4, limit=384, films=32, class_weight=1.5, omit=Omissions(tokens=0.12)),
}
# Films of the other sources beside all of MIAD's and IMDb's: per branch and stage.
EXTRA = {"mixture": 4000, "finish": 2500, "settle": 4000}
# Tokens that the shipped tagger reads; 3% of MIAD's plots are longer.
MAX_TOKENS = 384
_FEW = 800
Weights = dict[str, torch.Tensor]


def examples(films: Sequence[LabelledFilm], tokenizer: Path) -> Examples:
    """Films as the training loop takes them."""
    y, weight = corpus.targets(films)
    source = np.array([SOURCES.index(f.source) for f in films])
    return Examples(TokenisedFilms(films, tokenizer), y, weight, corpus.classes(films), source)


def stage_films(films: Sequence[LabelledFilm], stage: str, branch: int, branches: int) -> list[LabelledFilm]:
    """What one branch sees in one stage."""
    own = [f for f in films if f.source in ("miad", "imdb27")]
    others = [f for f in films if f.source not in ("miad", "imdb27")]
    order = np.random.default_rng(99).permutation(len(others))
    share = [others[i] for i in order[branch::branches]]
    if stage == "again":
        return list(films)
    if stage == "sources":
        few = np.random.default_rng([98, branch]).permutation(len(own))[:_FEW]
        return share[: len(share) // 2] + [own[i] for i in few]
    start = {"mixture": len(share) // 2, "finish": len(share) // 2 + EXTRA["mixture"], "settle": 0}[stage]
    return own + share[start : start + EXTRA[stage]]


def average(parts: Sequence[Weights]) -> Weights:
    """Mean of several nets' weights, in each array's own type."""
    return {
        name: torch.stack([p[name].float() for p in parts]).mean(0).to(value.dtype)
        if value.is_floating_point()
        else value
        for name, value in parts[0].items()
    }


def run_branch(
    data: Path, run: Path, stage: str, branch: int, branches: int, seed: int, log: Callable[[str], None]
) -> None:
    """Train one branch of one stage and leave its weights at ``<run>/<stage>-<branch>.pt``."""
    torch.set_num_threads(1)
    source = default_checkpoint()
    net = TaggerNet(source, sources=len(SOURCES))
    start = run / f"before-{stage}.pt"
    if start.exists():
        net.load_state_dict(torch.load(start, weights_only=True))
    known = corpus.load(data)
    films = stage_films(known.train, stage, branch, branches)
    made = examples(films, source / "tokenizer.json")
    if stage == "again":
        net.encoder.embeddings.word_embeddings.weight.requires_grad_(True)
    if stage == "settle":
        made = fill_unknown(made, films, net, NgramPart.load(run / "ngrams.npz"), known.validation)
    seed = 100 * seed + 10 * list(STAGES).index(stage) + branch
    train(net, made, STAGES[stage], run / f"{stage}-{branch}", seed=seed, log=log)
    torch.save(net.state_dict(), run / f"{stage}-{branch}.pt")


def run_all(
    data: Path, run: Path, target: Path, *, branches: int = 2, seed: int = 0, log: Callable[[str], None]
) -> None:
    """All stages, then the n-gram part, then the shipped folder.

    Args:
        data: folder of the public data sets.
        run: folder for checkpoints and logs.
        target: the model folder to write.
        branches: processes at a time.
        seed: of the order of films and of what is left out of them.

    Raises:
        CinefileError: a branch failed; its log is in the run folder.
    """
    run.mkdir(parents=True, exist_ok=True)
    names = list(STAGES)
    last: Weights = {}
    for stage, following in zip(names, [*names[1:], "end"], strict=True):
        log(f"Stage {stage}")
        if stage == "settle" and not (run / "ngrams.npz").exists():
            ngram_part.fit(corpus.load(data).train).save(run / "ngrams.npz")
        files = [run / f"{stage}-{b}.pt" for b in range(branches)]
        missing = [b for b, file in enumerate(files) if not file.exists()]
        command = [sys.executable, "-m", "cinefile.genres.train", str(data), str(run), stage]
        running = [subprocess.Popen([*command, str(b), str(branches), str(seed)]) for b in missing]
        codes = [process.wait() for process in running]
        if any(codes):
            raise CinefileError(f"A branch of stage {stage} failed.", f"Run again to go on; logs are in {run}.")
        # The settled branches are averaged with what they settled from: better than without on validation films.
        parts = [*files, run / f"before-{stage}.pt"] if stage == "settle" else files
        last = average([torch.load(file, weights_only=True) for file in parts])
        torch.save(last, run / f"before-{following}.pt")
    finish(data, target, last, NgramPart.load(run / "ngrams.npz"), log)


def finish(
    data: Path, target: Path, weights: Weights, part: NgramPart, log: Callable[[str], None], card: str = ""
) -> None:
    """From a trained net and the n-gram part to the shipped folder."""
    source = default_checkpoint()
    films = corpus.load(data)
    net = TaggerNet(source, sources=len(SOURCES))
    net.load_state_dict(weights)
    _, shape = load_checkpoint(source)
    heads = {"multilabel": net.multilabel, "classes": net.classes}
    arrays = {n: (h.weight.detach().numpy(), h.bias.detach().numpy()) for n, h in heads.items() if h is not None}
    log("Calibration and export")
    chosen = assemble(
        target,
        encoder_weights(net),
        shape,
        arrays,
        source / "tokenizer.json",
        part,
        films.validation,
        max_tokens=MAX_TOKENS,
        card=card,
    )
    for name, head in chosen.items():
        log(f"{name}: encoder {head['weights'][0]}, n-grams {head['weights'][1]}")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    data, run, stage, branch, branches, seed = sys.argv[1:]
    run_branch(Path(data), Path(run), stage, int(branch), int(branches), int(seed), _say)
