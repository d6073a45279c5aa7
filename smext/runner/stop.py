"""SIGTERM handling at each stage of a run."""

from __future__ import annotations

import os
import signal
import time
from types import FrameType
from typing import Callable

from .failure import Stopped

# SageMaker kills the container 120 s after SIGTERM: the kernel gets 30 s, copying ends at 90 s.
GRACE_SECONDS = 30.0
DEADLINE_SECONDS = 90.0


class StopSignal:
    """Handler that raises Stopped while the run is prepared; later it calls `notify`, or only keeps the time."""

    def __init__(self) -> None:
        self.asked: float | None = None
        self.raises = True
        self.notify: Callable[[], object] | None = None
        self.grace = float(os.environ.get("SMEXT_STOP_SECONDS") or GRACE_SECONDS)

    def install(self) -> None:
        """Handle SIGTERM and SIGINT from now on."""
        signal.signal(signal.SIGTERM, self._handle)
        signal.signal(signal.SIGINT, self._handle)

    @property
    def deadline(self) -> float | None:
        """Time by which all must be written, on the monotonic clock; None while nobody asked to stop."""
        return None if self.asked is None else self.asked + DEADLINE_SECONDS

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        if self.asked is not None:
            return
        self.asked = time.monotonic()
        if self.raises:
            raise Stopped
        if self.notify is not None:
            self.notify()
