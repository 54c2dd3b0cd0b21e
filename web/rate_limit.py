"""A token bucket for each customer, so that one cannot crowd out the others."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much is let through: ``burst`` requests at once, then ``per_second``."""

    burst: float
    per_second: float


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: float


class RateLimiter:
    """Buckets by key, kept for this process; the longest unused go when there are too many."""

    def __init__(self, allowance: Allowance, *, clock: Callable[[], float] = time.monotonic, capacity: int = 10_000) -> None:
        self._allowance = allowance
        self._clock = clock
        self._capacity = capacity
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one token of ``key``: 0.0 if there was one, else the seconds until there is."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._allowance.burst, now)
            if len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        earned = (now - bucket.filled_at) * self._allowance.per_second
        bucket.level = min(self._allowance.burst, bucket.level + earned)
        bucket.filled_at = now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0.0
        return (1 - bucket.level) / self._allowance.per_second
