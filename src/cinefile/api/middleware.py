"""Middleware of the HTTP interface: the limit on a request's body, and counters for Prometheus."""

import logging
import time
from bisect import bisect_left
from collections import defaultdict

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
    """The counters."""

    def __init__(self) -> None:
        self._requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self.answers_from_memory = 0

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests[route, method if method in _METHODS else "other", status] += 1
        self._buckets[route][bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[route] += seconds

    def text(self) -> str:
        """All counters in Prometheus' text format, version 0.0.4."""
        lines = ["# HELP cinefile_requests_total Requests answered.", "# TYPE cinefile_requests_total counter"]
        for (route, method, status), count in sorted(self._requests.items()):
            lines.append(f'cinefile_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}')
        lines += ["# HELP cinefile_request_seconds Time until the answer was sent."]
        lines += ["# TYPE cinefile_request_seconds histogram"]
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
                total += count
                lines.append(f'cinefile_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
            lines.append(f'cinefile_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'cinefile_request_seconds_count{{route="{route}"}} {total}')
        lines += ["# HELP cinefile_answers_from_memory_total Requests answered without asking the catalogue."]
        lines += ["# TYPE cinefile_answers_from_memory_total counter"]
        lines += [f"cinefile_answers_from_memory_total {self.answers_from_memory}", ""]
        return "\n".join(lines)


class MetricsMiddleware:
    """ASGI middleware that counts, and that answers HEAD as GET without the body."""

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
            scope["method"] = "GET"

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
            self.metrics.answers_from_memory += kept is not None
            route = kept or getattr(scope.get("route"), "path", None) or "none"
            seconds = time.perf_counter() - started
            self.metrics.count(route, method, status, seconds)
            if log.isEnabledFor(logging.INFO):
                # The route and not the path: titles and user ids that people ask for are nobody's business.
                log.info("%s %s %s %.1f ms", method, route, status, 1000 * seconds)
