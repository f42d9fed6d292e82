"""Values worked out once and kept."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """Keeps values under keys. Threads wait for the value that they ask for, not for others that are being made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: dict[object, threading.RLock] = {}
        self._values: dict[object, Any] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The value of a key, made when it is first asked for; an error while making it is raised and not kept."""
        if key not in self._values:
            with self._lock:
                making = self._making.setdefault(key, threading.RLock())
            with making:
                if key not in self._values:
                    self._values[key] = make()
        value: T = self._values[key]
        return value

    def peek(self, key: object) -> Any:
        """The value of a key if it has been made, else None."""
        return self._values.get(key)

    def clear(self) -> None:
        """Forget all values."""
        self._values.clear()
