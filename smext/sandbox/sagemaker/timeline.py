"""Timetable of actions on the virtual clock."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import datetime

from ..clock import Clock

Action = Callable[[datetime], None]


class Timetable:
    """Actions by due time. Nothing runs by itself: every request runs what has fallen due."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self._due: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._at: float | None = None

    def now(self) -> float:
        """Return the virtual second of the running action, else the clock's."""
        return self.clock.ticks() if self._at is None else self._at

    def at(self, ticks: float, action: Action) -> None:
        """Schedule an action for a virtual second."""
        with self.lock:
            heapq.heappush(self._due, (ticks, next(self._order), action))

    def settle(self) -> None:
        """Run all due actions, each with the moment at which it fell due."""
        with self.lock:
            now = self.clock.ticks()
            while self._due and self._due[0][0] <= now:
                self._at, _, action = heapq.heappop(self._due)
                try:
                    action(self.clock.stamp(self._at))
                finally:
                    self._at = None

    def advance(self, seconds: float) -> None:
        """Step the clock ahead and run what falls due."""
        with self.lock:
            self.settle()
            self.clock.advance(seconds)
            self.settle()
