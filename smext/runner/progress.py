"""progress.json: progress of the run, for whoever watches from outside."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any, Callable

from .live_files import Live
from .throttle import Throttle

PREPARING = "preparing"
RUNNING = "running"
COMPLETED = "completed"
FAILED = "failed"
STOPPED = "stopped"

# Of a cell; "pending" is also a cell that was interrupted.
PENDING = "pending"
DONE = "done"

NAME = "progress.json"


@dataclass
class Cell:
    """Code cell with source, counted from 1; seconds until now if it is running."""

    index: int
    label: str
    status: str = PENDING
    seconds: float | None = None


@dataclass(frozen=True)
class RunError:
    """Error that ended the run; `cell` is None if it did not come to the cells."""

    cell: int | None
    ename: str
    evalue: str
    summary: str


class Progress:
    """State of the run, written to the live directory: a new phase at once, cells at intervals."""

    def __init__(self, live: Live, clock: Callable[[], float] = time.monotonic) -> None:
        self._live = live
        self._throttle = Throttle(clock)
        self._changed = False
        self._started = _now()
        self._ended: str | None = None
        self._begun = 0.0
        self.job = ""
        self.status = PREPARING
        self.phase = ""
        self.cells: list[Cell] = []
        self.current: Cell | None = None
        self.error: RunError | None = None

    def enter(self, phase: str, status: str | None = None) -> None:
        """Begin a phase, and write it at once."""
        self.phase = phase
        self.status = status or self.status
        self.write()

    def start(self, cell: Cell) -> None:
        """Begin a cell."""
        self.phase = ""
        self.current = cell
        cell.status = RUNNING
        self._begun = time.monotonic()
        self._changed = True
        self.heartbeat()

    def heartbeat(self) -> None:
        """Write the duration of the current cell, if that is due: the run is alive."""
        if not self._throttle.due(self._changed):
            return
        if self.current is not None and self.current.status == RUNNING:
            self.current.seconds = self._elapsed()
        self.write()

    def end(self, cell: Cell, status: str) -> None:
        """End a cell; an interrupted one stays the current one, where the run was stopped."""
        cell.status = status
        cell.seconds = self._elapsed()
        if status == DONE:
            self.current = None
        # The next cell, or the end of the run, follows at once.
        self._changed = True

    def fail(self, problem: RunError) -> None:
        """Set the error; written with the next write."""
        self.error = problem
        self.current = None

    def finish(self, status: str) -> None:
        """Set the final status and write it."""
        self.status = status
        self.phase = ""
        self._ended = _now()
        self.write()

    def catch_up(self) -> None:
        """Write what is new, due or not."""
        if self._changed:
            self.write()

    def write(self) -> None:
        """Write progress.json now."""
        self._throttle.run(self._write)

    def _write(self) -> None:
        self._changed = False
        self._live.write(NAME, json.dumps(self._content(), ensure_ascii=False).encode("utf-8", "replace"))

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._begun, 2)

    def _content(self) -> dict[str, Any]:
        current = self.current
        return {
            "version": 1,
            "job": self.job,
            "status": self.status,
            "phase": self.phase,
            "done": sum(cell.status == DONE for cell in self.cells),
            "total": len(self.cells),
            "current": None if current is None else {"index": current.index, "label": current.label},
            "cells": [vars(cell) for cell in self.cells],
            "error": None if self.error is None else asdict(self.error),
            "started": self._started,
            "updated": _now(),
            "ended": self._ended,
        }


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
