"""What protects the page: headers on every answer, and a rate limit per client."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from time import monotonic
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RateLimit:
    """Buckets that fill steadily and are emptied by requests.

    Args:
        rate: tokens per second that a bucket regains.
        burst: tokens that a full bucket holds.
        clients: buckets kept; the longest unused is forgotten first, so memory is bounded.
        clock: seconds; for tests.
    """

    def __init__(
        self, rate: float, burst: float, clients: int = 10_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self.rate = rate
        self.burst = burst
        self.clients = clients
        self.clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> (tokens, when)

    def take(self, client: str, cost: float) -> float:
        """Take `cost` tokens; the answer is 0, or the seconds to wait when there are too few (then none is taken)."""
        now = self.clock()
        tokens, since = self._buckets.pop(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        enough = tokens >= cost
        self._buckets[client] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > self.clients:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (cost - tokens) / self.rate


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Tokens that a request takes from its client's bucket, by the start of the path: one where a model or a search runs.
# A look-up takes a fiftieth, which is about what it costs, so that reading pages is never what trips the limit.
LOOK_UP = 0.02
COSTS: Sequence[tuple[str, float]] = (
    ("/static/", 0),
    ("/health", 0),
    ("/for-you/import", 20),
    ("/inside", 5),
    ("/for-you/", 1),
    ("/tag", 1),
    ("/search", 1),
    ("/api/recommendations", 1),
    ("/api/genres", 1),
    ("/api/search", 1),
    ("/api/exports", 20),
)
# Similar films run a model for each film asked about; a diverse list compares ten times as many films with each other.
_SIMILAR, _DIVERSE = 1.0, 6.0


def cost_of(path: str, query: bytes) -> float:
    """Tokens that a request takes.

    Args:
        path: of the request.
        query: what follows the question mark.
    """
    if path.endswith("/similar"):
        return _DIVERSE if b"diversity" in query else _SIMILAR
    return next((cost for start, cost in COSTS if path.startswith(start)), LOOK_UP)


class Guard:
    """Headers and rate limit around an application.

    Args:
        app: the application.
        refusal: makes the answer to one request too many, given the seconds to wait.
        limit: the clients' buckets; None switches rate limiting off.
    """

    def __init__(
        self, app: ASGIApp, refusal: Callable[[Request, int], Response], limit: RateLimit | None = None
    ) -> None:
        self.app = app
        self.refusal = refusal
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if "location" in headers:  # every redirect stays here, whatever host the request named
                    headers["location"] = urlsplit(headers["location"])._replace(scheme="", netloc="").geturl()
            await send(message)

        if self.limit is not None:
            wait = self.limit.take(_client(scope), cost_of(path, scope.get("query_string", b"")))
            if wait > 0:
                answer = self.refusal(Request(scope), int(wait) + 1)
                await answer(scope, receive, send_with_headers)
                return
        await self.app(scope, receive, send_with_headers)


def _client(scope: Scope) -> str:
    address = scope["client"][0] if scope.get("client") else ""
    # One household usually holds a whole /64 of IPv6.
    return ":".join(address.split(":")[:4]) if ":" in address else address
