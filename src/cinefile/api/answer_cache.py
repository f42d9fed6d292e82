"""Answers kept as bytes. A catalogue does not change while it is open, so the same question has the same answer."""

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LONGEST_QUESTION = 512
_LARGEST_ANSWER = 256 * 1024
# Not kept: what belongs to a person or carries long texts.
_KEPT = ("/api/films", "/api/people", "/api/releases", "/api/genres/summary", "/api/decades")


@dataclass(frozen=True)
class CachedAnswer:
    """A kept answer: its two ASGI messages, and the route that gave it."""

    start: Message
    body: Message
    route: str


class AnswerCache:
    """ASGI middleware that answers repeated GET requests from memory, least recently used out first.

    Args:
        app: the application.
        size: most answers to keep; 0 keeps none.
    """

    def __init__(self, app: ASGIApp, size: int) -> None:
        self.app = app
        self.size = size
        self._kept: OrderedDict[tuple[str, bytes], CachedAnswer] = OrderedDict()
        self._generation = 0

    def clear(self) -> None:
        """Forget all answers; those being worked out are not kept either."""
        self._kept.clear()
        self._generation += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or ask the application and keep what it says."""
        if scope["type"] != "http" or scope["method"] != "GET" or not self.size:
            await self.app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"])
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            scope["kept_route"] = kept.route
            await send(kept.start)
            await send(kept.body)
            return
        if not scope["path"].startswith(_KEPT) or len(key[0]) + len(key[1]) > _LONGEST_QUESTION:
            await self.app(scope, receive, send)
            return
        generation, messages = self._generation, list[Message]()

        async def keep(message: Message) -> None:
            messages.append(message)
            await send(message)

        await self.app(scope, receive, keep)
        if generation == self._generation and _complete(messages):
            self._kept[key] = CachedAnswer(messages[0], messages[1], getattr(scope.get("route"), "path", ""))
            if len(self._kept) > self.size:
                self._kept.popitem(last=False)


def _complete(messages: list[Message]) -> bool:
    """Whether these are a good answer in one piece."""
    return (
        len(messages) == 2
        and messages[0].get("status") == 200
        and not messages[1].get("more_body", False)
        and len(messages[1].get("body", b"")) <= _LARGEST_ANSWER
    )
