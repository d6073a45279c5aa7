"""Throttle for what is written while the notebook runs."""

from __future__ import annotations

import os
import time
from typing import Callable

LIVE_SECONDS = 1.0
"""Whoever watches sees the end of a cell about so late."""
_SHARE = 0.03
"""Of the time, spent on writing."""
_SLOW = 5
"""Times as long, what is not urgent waits: each version of a file may be uploaded, and uploads cost."""


def every() -> float:
    """Return the seconds between two writes, from SMEXT_LIVE_SECONDS."""
    return float(os.environ.get("SMEXT_LIVE_SECONDS") or LIVE_SECONDS)


class Throttle:
    """Throttle of some work: at most once in an interval, which grows with the time the work takes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._every = every()
        self._last = self._next = float("-inf")

    def due(self, urgent: bool = True) -> bool:
        """Return True if the work may be done now; what is not urgent waits _SLOW times as long."""
        now = self._clock()
        return now >= self._next and (urgent or now >= self._last + _SLOW * self._every)

    def run(self, work: Callable[[], object]) -> None:
        """Do the work now, due or not."""
        begun = self._clock()
        work()
        self._last = self._clock()
        self._next = self._last + max(self._every, (self._last - begun) / _SHARE)

    def hurry(self) -> None:
        """Make the next work due at once."""
        self._last = self._next = float("-inf")
