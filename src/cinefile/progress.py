"""How long work reports its progress to whoever waits for it: one protocol for reading, downloading and training."""

from typing import Protocol


class Progress(Protocol):
    """Told about work as it goes; the command line shows a bar, other callers need none."""

    def begin(self, name: str, total: int | None = None) -> None:
        """A piece of work begins: what it is called, and its size (bytes, rounds) where that is known."""

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """So much of it is done; its size if it became known since, and a word on how it goes."""


class Silent:
    """Shows nothing."""

    def begin(self, name: str, total: int | None = None) -> None:
        """See Progress."""

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """See Progress."""
