"""The library that a server answers from, exchanged when a new catalogue has been renamed into the old one's place."""

import asyncio
import logging
import time
from collections.abc import Callable

from cinefile.errors import CinefileError
from cinefile.library import Library

_LOOK_EVERY = 2.0
log = logging.getLogger("cinefile.api")


class Holder:
    """Holds the open library; looks for a new catalogue every two seconds while requests come in.

    Args:
        library: open; closed by `close`.
        on_change: called after a new catalogue has been opened.
    """

    def __init__(self, library: Library, on_change: Callable[[], None]) -> None:
        self.library = library
        self._on_change = on_change
        self._next_look = time.monotonic() + _LOOK_EVERY
        self._exchange: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Start an exchange in the background if the file has changed. Cheap enough for every request."""
        if time.monotonic() < self._next_look or (self._exchange is not None and not self._exchange.done()):
            return
        self._next_look = time.monotonic() + _LOOK_EVERY
        if self.library.replaced():
            self._exchange = asyncio.get_running_loop().create_task(self._reopen())

    async def _reopen(self) -> None:
        # The old library is left to the garbage collector: requests may still be reading from it.
        try:
            self.library = await asyncio.to_thread(_opened, self.library)
        except CinefileError as error:
            log.warning("The new catalogue cannot be opened, the old one stays in use: %s", error)
            return
        self._on_change()
        log.info("A new catalogue is in use: %s", self.library.path)

    def close(self) -> None:
        """Let go of the catalogue."""
        self.library.close()


def _opened(old: Library) -> Library:
    new = Library(old.path)
    new.warm()
    return new
