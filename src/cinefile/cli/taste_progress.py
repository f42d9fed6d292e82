"""Training rounds with the time left: a bar on a terminal, a line a round elsewhere; and their errors as a picture."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.cli import output
from cinefile.cli.progress import display

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# In a report the page's style sheet does this.
_STYLE = (
    "<style>text{font:13px sans-serif;fill:#444}line{stroke:#ccc}.edge{stroke:#444}"
    "path,polyline{fill:none;stroke:#2a6fdb;stroke-width:2}circle{fill:#2a6fdb}</style>"
)


@contextmanager
def watching() -> "Iterator[_Bar | _Lines]":
    """A watch for ``RatingModel.fit``."""
    with display("{task.description}", "BarColumn", "MofNCompleteColumn", "TimeRemainingColumn") as found:
        yield _Bar(found, found.add_task("training", total=None)) if found else _Lines()


def curve_picture(errors: Sequence[float], model: Path) -> str | None:
    """Write the error after each round as SVG beside a model's folder; None where there is nothing to draw."""
    if len(errors) < 2:
        return None
    from cinefile.reports.charts.line import line

    points = list(enumerate(errors, start=1))
    chart = str(line("Error on held-out ratings", {"error": points}, "round", "RMSE, stars", from_zero=False))
    file = model.with_name(model.name + ".curve.svg")
    alone = chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<desc", f"{_STYLE}<desc", 1)
    file.write_text(alone, encoding="utf-8")
    return str(file)


class _Bar:
    def __init__(self, display: "Progress", task: "TaskID") -> None:
        self._display, self._task = display, task

    def round(self, done: int, total: int, note: str = "") -> None:
        self._display.update(self._task, completed=done, total=total, description=f"training  {note}")


class _Lines:
    def __init__(self) -> None:
        self._start = time.monotonic()

    def round(self, done: int, total: int, note: str = "") -> None:
        left = (time.monotonic() - self._start) / done * (total - done)
        output.say(f"round {done} of {total}  {note}  {left:.0f} s left")
