"""A token bucket per client: bursts are fine, a flood is not."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic


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
