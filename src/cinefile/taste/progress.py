"""How training tells whoever watches where it is."""

from typing import Protocol


class Watch(Protocol):
    """Told after every round of training."""

    def round(self, done: int, total: int, note: str = "") -> None:
        """``done`` of ``total`` rounds are finished; ``note`` says how it goes."""


class Silent:
    """Nobody watches."""

    def round(self, done: int, total: int, note: str = "") -> None:
        """Nothing to do."""
