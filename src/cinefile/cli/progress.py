"""Progress bars of long commands: on stderr, only on a terminal, and gone when the command is done."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress as Display
    from rich.progress import TaskID

    from cinefile.catalogue.ingest import Progress


@contextmanager
def display(*columns: str) -> "Iterator[Display | None]":
    """What a command draws its bar on, or None where stderr is no terminal.

    Args:
        columns: from left to right, formats of text or names of Rich's columns.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    drawn = [column if "{" in column else getattr(progress, column)() for column in columns]
    with progress.Progress(*drawn, console=Console(stderr=True), transient=True) as found:
        yield found


@contextmanager
def bar(quiet: bool = False) -> "Iterator[Progress | None]":
    """A build's progress, rows, rows a second and time left; None where there is no terminal or quiet is wanted."""
    if quiet:
        yield None
        return
    columns = ("BarColumn", "TaskProgressColumn", "{task.fields[rows]}", "TimeRemainingColumn")
    with display("{task.description}", *columns) as found:
        yield _Bar(found) if found else None


class _Bar:
    def __init__(self, display: "Display") -> None:
        self._display = display
        self._task = display.add_task("starting", total=None, rows="")

    def begin(self, name: str, size: int) -> None:
        """See Progress."""
        self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=size or None, rows="")

    def advance(self, bytes_read: int, rows: int) -> None:
        """See Progress."""
        task = self._display.tasks[-1]
        rate = rows / task.elapsed if task.elapsed else 0
        self._display.update(self._task, completed=bytes_read, rows=f"{rows:,} rows, {rate:,.0f}/s")

    def step(self, text: str) -> None:
        """See Progress."""
        self._display.update(self._task, description=text)


# In a report the page's style sheet does this.
_STYLE = (
    "<style>text{font:13px sans-serif;fill:#444}line{stroke:#ccc}.edge{stroke:#444}"
    "path,polyline{fill:none;stroke:#2a6fdb;stroke-width:2}circle{fill:#2a6fdb}</style>"
)


@contextmanager
def watching() -> "Iterator[_RoundsBar | _Lines]":
    """A watch for ``RatingModel.fit``."""
    with display("{task.description}", "BarColumn", "MofNCompleteColumn", "TimeRemainingColumn") as found:
        yield _RoundsBar(found, found.add_task("training", total=None)) if found else _Lines()


def curve_picture(errors: Sequence[float], model: Path) -> str | None:
    """Write the error after each round as SVG beside a model's folder; None where there is nothing to draw."""
    if len(errors) < 2:
        return None
    from cinefile.reports.charts import line

    points = list(enumerate(errors, start=1))
    chart = str(line("Error on held-out ratings", {"error": points}, "round", "RMSE, stars", from_zero=False))
    file = model.with_name(model.name + ".curve.svg")
    alone = chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<desc", f"{_STYLE}<desc", 1)
    file.write_text(alone, encoding="utf-8")
    return str(file)


class _RoundsBar:
    def __init__(self, display: "Display", task: "TaskID") -> None:
        self._display, self._task = display, task

    def round(self, done: int, total: int, note: str = "") -> None:
        self._display.update(self._task, completed=done, total=total, description=f"training  {note}")


class _Lines:
    def __init__(self) -> None:
        self._start = time.monotonic()

    def round(self, done: int, total: int, note: str = "") -> None:
        left = (time.monotonic() - self._start) / done * (total - done)
        output.say(f"round {done} of {total}  {note}  {left:.0f} s left")
