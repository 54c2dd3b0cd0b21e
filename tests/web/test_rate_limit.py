from __future__ import annotations

from web.rate_limit import Allowance, RateLimiter


def test_a_burst_then_the_steady_rate() -> None:
    """The burst goes through, then a token comes back with time; another key has its own."""
    now = [0.0]
    limiter = RateLimiter(Allowance(burst=2, per_second=0.5), clock=lambda: now[0])
    assert [limiter.wait("a"), limiter.wait("a"), limiter.wait("a")] == [0.0, 0.0, 2.0]
    assert limiter.wait("b") == 0.0
    now[0] = 2.0
    assert limiter.wait("a") == 0.0 and limiter.wait("a") == 2.0


def test_memory_is_bounded() -> None:
    """The longest unused keys are forgotten when there are too many."""
    limiter = RateLimiter(Allowance(burst=1, per_second=0.001), clock=lambda: 0.0, capacity=2)
    assert [limiter.wait(key) for key in "abc"] == [0.0, 0.0, 0.0]
    assert limiter.wait("a") == 0.0 and limiter.wait("c") > 0
