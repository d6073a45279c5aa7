"""Launches on their way in this process: how far each is, and a way to call it back before there is a job."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from .. import errors
from ..api import LaunchProgress

Phase = Literal["checking", "packing", "uploading", "creating"]
REMEMBERED_SECONDS = 600.0
"""How long it is known of a launch that it is over."""


class LaunchState:
    """How far one launch is. Thread-safe; what is called back raises at its next step."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._phase: Phase = "checking"
        self._sent = self._total = 0
        self._cancelled = False

    def enter(self, phase: Phase) -> None:
        """Begin the next step; there is no cancelling from `creating` on. Raises errors.Cancelled."""
        with self._lock:
            self._go_on()
            self._phase = phase

    def expect(self, count: int) -> None:
        """So many bytes more will be sent; fewer where it is negative."""
        with self._lock:
            self._total += count

    def sent(self, count: int) -> None:
        """So many bytes more are sent; fewer, where a part is sent again. Raises errors.Cancelled."""
        with self._lock:
            self._sent += count
            self._go_on()

    def check(self) -> None:
        """Raise errors.Cancelled where the launch was cancelled."""
        with self._lock:
            self._go_on()

    @property
    def cancelled(self) -> bool:
        """Whether the launch was cancelled."""
        with self._lock:
            return self._cancelled

    def cancel(self) -> None:
        """Cancel the launch, unless its job is being created."""
        with self._lock:
            self._cancelled = self._cancelled or self._phase != "creating"

    def seen(self) -> LaunchProgress:
        """Return how far the launch is."""
        with self._lock:
            return LaunchProgress(
                name=self._name,
                phase=self._phase,
                sent_bytes=max(0, min(self._sent, self._total)),
                total_bytes=self._total,
                can_cancel=self._phase != "creating" and not self._cancelled,
            )

    def _go_on(self) -> None:
        if self._cancelled:
            raise errors.Cancelled(
                f"Cancelled before there was a job: {self._name}",
                advice="Nothing runs. What was sent of the files is not sent again by the next launch.",
            )


_lock = threading.Lock()
_ways: dict[str, LaunchState] = {}
_over: dict[str, float] = {}
_turns: dict[str, tuple[threading.Lock, int]] = {}
"""Whose turn it is, by name, and how many hold or want it."""


@contextmanager
def tracked(name: str) -> Iterator[LaunchState]:
    """Only one launch of a name at a time: the next one waits for its end."""
    with _turn(name):
        way = LaunchState(name)
        with _lock:
            _ways[name] = way
        try:
            yield way
        finally:
            with _lock:
                del _ways[name]
                _forget()
                _over[name] = time.monotonic()


def progress(name: str) -> LaunchProgress:
    """How far the launch of this name is. Never raises."""
    with _lock:
        way, over = _ways.get(name), name in _over
    if way is not None:
        return way.seen()
    return LaunchProgress(name=name, phase="over" if over else "waiting")


def cancel(name: str) -> LaunchProgress:
    """Call it back, unless its job is being created. Never raises; the launch itself then raises errors.Cancelled."""
    with _lock:
        way = _ways.get(name)
    if way is not None:
        way.cancel()
    return progress(name)


@contextmanager
def _turn(name: str) -> Iterator[None]:
    with _lock:
        lock, count = _turns.get(name) or (threading.Lock(), 0)
        _turns[name] = (lock, count + 1)
    try:
        with lock:
            yield
    finally:
        with _lock:
            count = _turns[name][1] - 1
            if count:
                _turns[name] = (lock, count)
            else:
                del _turns[name]


def _forget() -> None:
    now = time.monotonic()
    for name in [name for name, at in _over.items() if now - at > REMEMBERED_SECONDS]:
        del _over[name]
