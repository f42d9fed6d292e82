"""Middleware of the HTTP interface: a limit on the size of request bodies, and metrics for Prometheus."""

import logging
import time

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
