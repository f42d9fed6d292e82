"""Middleware of the HTTP interface: the limit on a body, counters for Prometheus, and answers kept as bytes."""

import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cinefile.api.problems import problem


class BodyLimit:
    """ASGI middleware that refuses larger bodies with 413: at once when the length is announced, else while reading.

    Args:
        app: the application.
        most: bytes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        detail = f"The body of a request may have {self.most:,} bytes at most."
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced[:20]) > self.most:
            await problem(Request(scope), 413, detail)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise HTTPException(413, detail)
            return message

        await self.app(scope, counted, send)


log = logging.getLogger("cinefile.api")
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The metrics of one application, in a registry of its own.

    Labels hold route templates, methods and statuses only: no path, query or address is ever kept.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "cinefile_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "cinefile_request_seconds",
            "Time until the answer was sent.",
            ("route",),
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self._from_memory = Counter(
            "cinefile_answers_from_memory",
            "Requests answered without asking the catalogue.",
            registry=self._registry,
        )

    def count(self, route: str, method: str, status: int, seconds: float, *, from_memory: bool = False) -> None:
        """Count one request.

        Args:
            route: template of the route, such as `/api/films/{film}`.
            method: HTTP method; an unknown one is counted as "other".
            status: HTTP status of the answer.
            seconds: time until the answer was sent.
            from_memory: whether the answer was a kept one.
        """
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if from_memory:
            self._from_memory.inc()

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)


class MetricsMiddleware:
    """ASGI middleware that counts requests, and that answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, method, status = time.perf_counter(), scope["method"], 500
        if method == "HEAD":
            # A copy: the server reads its own scope to know that an answer to HEAD has no body.
            scope = {**scope, "method": "GET"}

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif method == "HEAD" and message.get("body"):
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            kept = scope.get("kept_route")
            route = kept or getattr(scope.get("route"), "path", None) or "none"
            seconds = time.perf_counter() - started
            self.metrics.count(route, method, status, seconds, from_memory=kept is not None)
            if log.isEnabledFor(logging.INFO):
                # The route and not the path: titles and user ids that people ask for are nobody's business.
                log.info("%s %s %s %.1f ms", method, route, status, 1000 * seconds)


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
