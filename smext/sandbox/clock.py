"""Virtual clock of the sandbox, with a speed factor and steps."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone


class Clock:
    """Clock that runs `speed` times as fast as the wall clock; its timestamps are wall-clock UTC.

    Lengths of a timeline are virtual seconds; the times in answers stay real, so that an age or a cost
    that a client computes against its own clock is never negative.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._lock = threading.Lock()
        self._anchor_ticks = 0.0
        self._anchor_real = time.time()

    def ticks(self) -> float:
        """Return the virtual seconds since the start."""
        with self._lock:
            return self._ticks_at(time.time())

    def now(self) -> datetime:
        """Return wall-clock UTC, in milliseconds like AWS's answers."""
        return _utc(time.time())

    def advance(self, seconds: float) -> None:
        """Step virtual time ahead; what falls due in the step gets this moment as its timestamp."""
        with self._lock:
            real = time.time()
            self._anchor_ticks = self._ticks_at(real) + seconds
            self._anchor_real = real

    def stamp(self, ticks: float) -> datetime:
        """Return the wall-clock time of the virtual second `ticks`."""
        with self._lock:
            behind = max(0.0, ticks - self._anchor_ticks) / self.speed
            return _utc(min(time.time(), self._anchor_real + behind))

    def _ticks_at(self, real: float) -> float:
        return self._anchor_ticks + max(0.0, real - self._anchor_real) * self.speed


def _utc(seconds: float) -> datetime:
    moment = datetime.fromtimestamp(seconds, tz=timezone.utc)
    return moment - timedelta(microseconds=moment.microsecond % 1000)
