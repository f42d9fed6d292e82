"""Size and speed of the shipped tagger, beside sentence-transformers encoding the same plots in the same run.

    python -m benchmarks genres_speed

Both sides get two threads and the same plots of MIAD's test part, cut at 256 tokens. Rounds alternate, so that a busy
machine slows both; the ratio is of the best rounds. Latency is from Python, warm, for plots of 150 words; cold start is
the whole `cinefile tag` process. Writes benchmarks/results/genres-speed.json.
"""

import subprocess
import sys
import time

import numpy as np

from benchmarks import _results
from cinefile.evaluation.genre_protocols import miad_split, size
from cinefile.genres import SHIPPED_FOLDER
from cinefile.genres.models.shipped import ShippedTagger


def main(full: bool) -> None:
    """Run it; `full` takes more plots."""
    import torch
    from sentence_transformers import SentenceTransformer

    from cinefile.text.onnx_export import default_checkpoint

    torch.set_num_threads(2)
    plots = [f.plot for f in miad_split(_results.data_folder(), 0.2).test[: 512 if full else 192]]
    tagger, peer = (
        ShippedTagger(SHIPPED_FOLDER, threads=2),
        SentenceTransformer(str(default_checkpoint()), device="cpu"),
    )
    peer.max_seq_length = 256
    tagger.predict_proba(plots[:8])
    peer.encode(plots[:8])
    ours, theirs = [], []
    for _ in range(5 if full else 3):
        started = time.perf_counter()
        tagger.predict_proba(plots)
        ours.append(len(plots) / (time.perf_counter() - started))
        started = time.perf_counter()
        peer.encode(plots, batch_size=32)
        theirs.append(len(plots) / (time.perf_counter() - started))
    long = [" ".join(p.split()[:150]) for p in plots if len(p.split()) >= 150][:60]
    single = []
    for plot in long * 2:
        started = time.perf_counter()
        tagger.predict_proba([plot])
        single.append(1000 * (time.perf_counter() - started))
    cold = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "cinefile", "tag", long[0]], check=True, capture_output=True)
        cold.append(time.perf_counter() - started)
    document = {
        "plots": len(plots),
        "threads": 2,
        "plots_per_second": max(ours),
        "sentence_transformers_plots_per_second": max(theirs),
        "ratio": max(ours) / max(theirs),
        "ratio_by_round": [a / b for a, b in zip(ours, theirs, strict=True)],
        "one_plot_150_words_ms": {"p50": float(np.median(single)), "p95": float(np.percentile(single, 95))},
        "cold_start_seconds": {"best": min(cold), "median": float(np.median(cold))},
        "megabytes": size(tagger.folder),
    }
    _results.write("genres-speed", document, "python -m benchmarks genres_speed" + (" --full" if full else ""))
