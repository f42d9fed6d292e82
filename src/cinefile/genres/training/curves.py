"""A picture of a run: its loss and what was checked at its checkpoints, from ``log.jsonl``. Needs matplotlib."""

import json
from pathlib import Path


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
