"""Training rounds with the time left: a bar on a terminal, a line a round elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cinefile.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def watching() -> "Iterator[_Bar | _Lines]":
    """A watch for ``RatingModel.fit``."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield _Bar(display, display.add_task("training", total=None))


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
