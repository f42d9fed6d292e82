"""The bars that long commands draw: on stderr, only on a terminal, and gone when the command is done."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Display

    from cinefile.catalogue.build import Progress


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
