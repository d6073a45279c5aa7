"""Rate limits: the account's own budget of calls, and AWS's limits learned from its throttling."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

# ListTrainingJobs is reported as 2 requests/s for the whole account, not adjustable: half is left to others over time.
OPERATION_RATES = {"ListTrainingJobs": 1.0}
OPERATION_BURST = 2
"""So many at once of these: jobs and warm pools are there in the first picture."""
TOGETHER = 3
"""So many operations of a service throttled within a second: it is the service, not the operation."""


class TokenBucket:
    """Token bucket: at most `rate` calls a second over time, `burst` at once. Thread-safe."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._tokens, self._at = burst, time.monotonic()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Take one token; return the seconds to wait before it may be used."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
            self._at = now
            self._tokens -= 1
            return max(0.0, -self._tokens / self.rate)


class AdaptiveRate:
    """Adaptive rate of an operation or service, learned from its throttling. Thread-safe.

    Unknown at first. Then what was answered in the last second, a little less after each further refusal, a little
    more after each quiet second, until nothing is felt of it any more.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._rate: float | None = None
        self._next = self._changed = 0.0
        self._answered: deque[float] = deque(maxlen=256)
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Return the seconds to wait before the next call."""
        with self._lock:
            now = time.monotonic()
            if self._rate is None:
                return 0.0
            if now - self._changed > 1.0:
                self._rate, self._changed = self._rate + 0.5, now
                if self._rate > self._most:
                    self._rate = None
                    return 0.0
            self._next = max(self._next, now) + 1 / self._rate
            return self._next - now

    def answered(self) -> None:
        """Count a call that was not throttled."""
        with self._lock:
            self._answered.append(time.monotonic())

    def refused(self) -> None:
        """Lower the rate after a throttled call."""
        with self._lock:
            now = time.monotonic()
            if self._rate is None:
                lately = sum(now - at < 1.0 for at in self._answered)
                self._rate, self._next = min(max(4.0, 0.95 * lately), self._most), now
            elif now - self._changed > 0.5:
                # Once for all calls that were under way together.
                self._rate = max(0.5, 0.7 * self._rate)
            self._changed = now


@dataclass
class Budget:
    """Budget of one account: `rate` calls a second, `burst` at once, and less for some operations."""

    rate: float = 10.0
    burst: float = 250.0
    _all: TokenBucket = field(init=False)
    _each: dict[str, TokenBucket] = field(init=False)
    _rates: dict[tuple[str, str], AdaptiveRate] = field(init=False)
    _refusals: deque[tuple[float, str, str]] = field(default_factory=lambda: deque(maxlen=64))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._all = TokenBucket(self.rate, self.burst)
        self._each = {name: TokenBucket(rate, OPERATION_BURST) for name, rate in OPERATION_RATES.items()}
        self._rates = defaultdict(lambda: AdaptiveRate(max(self.rate, self.burst)))

    def wait(self, service: str, operation: str) -> None:
        """Block this thread until the operation may be called."""
        delay = max(self._all.reserve(), *(rate.reserve() for rate in self._rates_of(service, operation)))
        if operation in self._each:
            delay = max(delay, self._each[operation].reserve())
        if delay > 0:
            time.sleep(delay)

    def answered(self, service: str, operation: str) -> None:
        """Count a call that was not throttled."""
        for rate in self._rates_of(service, operation):
            rate.answered()

    def refused(self, service: str, operation: str) -> None:
        """Lower the rate of the operation, or of the service where several operations are throttled at once."""
        now = time.monotonic()
        self._refusals.append((now, service, operation))
        lately = {each for at, of, each in list(self._refusals) if of == service and now - at < 1.0}
        alone, together = self._rates_of(service, operation)
        (together if len(lately) >= TOGETHER else alone).refused()

    def _rates_of(self, service: str, operation: str) -> tuple[AdaptiveRate, AdaptiveRate]:
        with self._lock:
            return self._rates[service, operation], self._rates[service, ""]
