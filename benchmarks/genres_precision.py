"""What do eight bits cost? A tagger against itself with its encoder in float32, on MIAD's test part.

    CINEFILE_GENRE_WEIGHTS=RUN/before-end.pt CINEFILE_GENRE_TAGGER=FOLDER python -m benchmarks genres_precision

The weights are those that `cinefile train starter-genres --run RUN --out FOLDER` leaves and made the folder of; without
FOLDER it is the shipped one. N-gram table, blend, calibration and thresholds are the folder's on both sides. Writes
benchmarks/results/genres-precision.json.
"""

import os
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import _results
from cinefile.evaluation import classification_metrics as metrics
from cinefile.evaluation.genre_protocols import miad_split, probabilities
from cinefile.genres import SHIPPED_FOLDER
from cinefile.genres.models.shipped import KIND, ShippedTagger
from cinefile.genres.training import corpus
from cinefile.modelfiles import ModelFolder
from cinefile.text.onnx_export import default_checkpoint, load_checkpoint, write_encoder


def main(full: bool) -> None:
    """Run it; `full` takes all films instead of 400."""
    films = miad_split(_results.data_folder(), 0.2).test[: None if full else 400]
    y, _ = corpus.targets(films)
    folder = Path(os.environ.get("CINEFILE_GENRE_TAGGER", SHIPPED_FOLDER))
    with tempfile.TemporaryDirectory() as scratch:
        twin = _full_precision(folder, Path(os.environ["CINEFILE_GENRE_WEIGHTS"]), Path(scratch) / "twin")
        exact = probabilities(ShippedTagger(twin), films)
    small = probabilities(ShippedTagger(folder), films)
    figures = {
        name: {"macro AUC": metrics.macro_auc(p, y), "flattened AUC": metrics.flattened_auc(p, y)}
        for name, p in (("float32", exact), ("int8", small))
    }
    document = {
        "tagger": "shipped" if folder == SHIPPED_FOLDER else folder.name,
        "films": len(films),
        **figures,
        "macro AUC lost": figures["float32"]["macro AUC"] - figures["int8"]["macro AUC"],
        "macro AUC lost, 95% interval": metrics.interval(
            lambda r: metrics.macro_auc(exact[r], y[r]) - metrics.macro_auc(small[r], y[r]), len(y), draws=300
        ),
        "mean difference of a probability": float(np.abs(exact - small).mean()),
        "greatest difference of a probability": float(np.abs(exact - small).max()),
    }
    _results.write("genres-precision", document, "python -m benchmarks genres_precision" + (" --full" if full else ""))


def _full_precision(folder: Path, weights: Path, target: Path) -> Path:
    import torch

    state = {name: t.float().numpy() for name, t in torch.load(weights, weights_only=True).items()}
    encoder = {name.removeprefix("encoder."): a for name, a in state.items() if name.startswith("encoder.")}
    heads = {head: (state[f"{head}.weight"], state[f"{head}.bias"]) for head in ("multilabel", "classes")}
    small = ModelFolder(folder, kind=KIND)
    source = default_checkpoint()
    return write_encoder(
        target,
        encoder,
        load_checkpoint(source)[1],
        source / "tokenizer.json",
        heads=heads,
        kind=KIND,
        facts=small.facts,
        arrays=small.arrays(),
        quantise=False,
    )
