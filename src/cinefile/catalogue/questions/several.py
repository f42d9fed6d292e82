"""Answers that are a list of something, and can be used as one."""

import dataclasses
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Several(Generic[T]):
    """Mixin of answers that begin with a list: `for film in lib.similar(…)`, `len(…)` and `[0]` mean that list."""

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __getitem__(self, place: int) -> T:
        return self._items()[place]

    def _items(self) -> tuple[T, ...]:
        answer: Any = self
        items: tuple[T, ...] = getattr(answer, dataclasses.fields(answer)[0].name)
        return items
