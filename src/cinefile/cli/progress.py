"""Progress bars of long commands: on stderr, only on a terminal, and gone when the command is done."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.cli import output
from cinefile.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Display


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
def reading(quiet: bool = False) -> Iterator[Progress]:
    """Show how much of the files has been read, with rows, rows a second and time left, unless quiet is wanted."""
    if quiet:
        yield Silent()
        return
    with _bar("BarColumn", "TaskProgressColumn", _NOTE, "TimeRemainingColumn") as bar:
        yield bar or Silent()


@contextmanager
def downloading() -> Iterator[Progress]:
    """Show how many bytes have arrived, how fast, and the time left."""
    with _bar("BarColumn", "DownloadColumn", "TransferSpeedColumn", "TimeRemainingColumn") as bar:
        yield bar or Silent()


@contextmanager
def training() -> Iterator[Progress]:
    """Show the rounds of training: a bar, or a line for each round where there is no terminal."""
    with _bar(_NOTE, "BarColumn", "MofNCompleteColumn", "TimeRemainingColumn") as bar:
        yield bar or _Lines()


_NOTE = "{task.fields[note]}"


@contextmanager
def _bar(*columns: str) -> "Iterator[_Bar | None]":
    with display("{task.description}", *columns) as found:
        yield _Bar(found) if found else None


class _Bar:
    def __init__(self, display: "Display") -> None:
        self._display = display
        self._task = display.add_task("starting", total=None, note="")

    def begin(self, name: str, total: int | None = None) -> None:
        """See Progress."""
        self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=total or None, note="")

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """See Progress."""
        # Rich takes no total for "leave it as it is".
        self._display.update(self._task, completed=done, total=total, note=note)


# In a report the page's style sheet does this.
_STYLE = (
    "<style>text{font:13px sans-serif;fill:#444}line{stroke:#ccc}.edge{stroke:#444}"
    "path,polyline{fill:none;stroke:#2a6fdb;stroke-width:2}circle{fill:#2a6fdb}</style>"
)


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


class _Lines:
    """A line for every round, with the time left."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, name: str, total: int | None = None) -> None:
        """See Progress."""
        self._start, self._total = time.monotonic(), total

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """See Progress."""
        self._total = total or self._total or done
        left = (time.monotonic() - self._start) / max(done, 1) * (self._total - done)
        output.say(f"round {done} of {self._total}  {note}  {left:.0f} s left")
