"""How to download, and who is told about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Progress(Protocol):
    """Told about a download as it goes."""

    def begin(self, name: str) -> None:
        """A file is about to be downloaded."""

    def advance(self, done: int, total: int | None) -> None:
        """Bytes here so far, of how many; None where the server does not say."""


class Silence:
    """Shows nothing."""

    def begin(self, name: str) -> None:
        """See Progress."""

    def advance(self, done: int, total: int | None) -> None:
        """See Progress."""


@dataclass(frozen=True)
class Options:
    """How to download.

    Attributes:
        timeout: seconds without a byte after which a connection counts as cut.
        pause: seconds before the second try, doubled each time.
        progress: shown how far it is.
        sleep: waits some seconds.
    """

    timeout: float = 30.0
    pause: float = 1.0
    progress: Progress = field(default_factory=Silence)
    sleep: Callable[[float], None] = time.sleep
