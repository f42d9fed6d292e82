"""How long work reports its progress to whoever waits for it."""

from typing import Protocol


class Progress(Protocol):
    """Told about a build as it goes; the command line shows a bar, other callers need none."""

    def begin(self, name: str, size: int) -> None:
        """A data set is being read: its name, and the bytes of its files."""

    def advance(self, bytes_read: int, rows: int) -> None:
        """Bytes and rows of the data set read so far."""

    def step(self, text: str) -> None:
        """Something without a measure has begun: "matching", "writing"."""


class Silence:
    """Shows nothing."""

    def begin(self, name: str, size: int) -> None:
        """See Progress."""

    def advance(self, bytes_read: int, rows: int) -> None:
        """See Progress."""

    def step(self, text: str) -> None:
        """See Progress."""
