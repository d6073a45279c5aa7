"""Polling intervals of a kind: short while something changes, long while nothing does or nobody is near.

Every call is an event in the account's trail, which others pay for, and a share of the account's limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from ..api import Row

Level = Literal["panel", "glance", "away"]
LEVELS: tuple[Level, ...] = ("panel", "glance", "away")
"""The closest first; `away` is a page that is open and that nobody has touched for a while."""
CALM = 600.0
"""Seconds without any change after which what moves by itself is read less often:"""
CALM_PAUSE = 5.0
CALM_MOST = 60.0
"""Between so many seconds, the longer the more of it there is,"""
CALM_CALL = 4.5
"""at so many seconds a call: 800 an hour, which all that moves shares."""
STILL = 3.0
"""What does not move by itself is read when it was still for this much longer,"""
STILL_MOST = 120.0
"""but after so many seconds."""
QUIET = 10.0
"""So many times longer is the pause of a kind in which nothing runs and nothing happened for a day."""
QUIET_MOST = 600.0
"""But no longer than so many seconds, where somebody is near."""


@dataclass(frozen=True)
class Cadence:
    """Seconds between two readings of a kind, while it is changing and while it is steady."""

    changing: float
    steady: float


CADENCES: Mapping[Level, Cadence] = {
    "panel": Cadence(2.0, 30.0),
    "glance": Cadence(15.0, 300.0),
    # What may bill is read for warnings all the same.
    "away": Cadence(300.0, 1800.0),
}


def moving(rows: Iterable[Row]) -> int:
    """Count the calls of a reading that changing rows cause: the list call, and a describe call for each."""
    changing = sum(row.changing for row in rows)
    return changing and changing + 1


def pause(level: Level, rows: Sequence[Row], still: float, *, hurried: bool, moving: int = 0) -> float:
    """Return the seconds until the next reading of rows that have not changed for `still` seconds.

    hurried: something was just done to them from here; moving: the calls for all that moves, of every kind.
    """
    cadence = CADENCES[level]
    if hurried:
        return CADENCES["panel"].changing
    if any(row.changing for row in rows):
        calm = min(CALM_MOST, max(CALM_PAUSE, CALM_CALL * moving)) if still > CALM else 0.0
        return max(cadence.changing, calm)
    if _quiet(rows):
        return max(cadence.steady, min(cadence.steady * QUIET, QUIET_MOST))
    return max(cadence.steady, min(still / STILL, STILL_MOST))


def _quiet(rows: Iterable[Row]) -> bool:
    """Return True if nothing is active, and nothing was created or ended within a day."""
    lately = datetime.now(timezone.utc) - timedelta(days=1)
    return not any(
        row.active or max(filter(None, [row.created, row.ended]), default=lately) > lately for row in rows
    )
