"""The bar that shows how far a build is: rows, rows a second, time left. On stderr, and only on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Display

    from cinefile.catalogue.build import Progress


@contextmanager
def bar(quiet: bool = False) -> "Iterator[Progress | None]":
    """A progress that draws on the terminal, or None where there is none or quiet is wanted."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield _Bar(display)


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
