"""Buckets fill steadily, are emptied by requests, and are bounded in number."""

from cinefile.web.security import RateLimit, cost_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_waiting_is_asked_for():
    clock = Clock()
    limit = RateLimit(rate=2, burst=4, clock=clock)
    assert [limit.take("a", 1) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    clock.now = 0.5
    assert limit.take("a", 1) == 0
    assert limit.take("a", 1) == 0.5


def test_refused_requests_cost_nothing_and_a_bucket_never_overflows():
    clock = Clock()
    limit = RateLimit(rate=1, burst=3, clock=clock)
    assert limit.take("a", 3) == 0
    assert [limit.take("a", 3) for _ in range(3)] == [3, 3, 3]
    clock.now = 1000
    assert limit.take("a", 3) == 0
    assert limit.take("a", 1) == 1


def test_clients_do_not_share():
    limit = RateLimit(rate=1, burst=1, clock=Clock())
    assert limit.take("a", 1) == 0
    assert limit.take("b", 1) == 0
    assert limit.take("a", 1) > 0


def test_memory_is_bounded():
    limit = RateLimit(rate=1, burst=1, clients=100, clock=Clock())
    for i in range(1000):
        limit.take(str(i), 1)
    assert len(limit._buckets) == 100


def test_work_is_dearer_than_a_look_up():
    assert cost_of("/api/films/1", b"") < cost_of("/api/films/1/similar", b"k=10")
    assert cost_of("/api/films/1/similar", b"k=10") < cost_of("/api/films/1/similar", b"k=100&diversity=0.5")
    assert cost_of("/static/theme.js", b"") == 0
