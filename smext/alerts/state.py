"""State of a target's warnings on disk: the thresholds asked for last, and the ids of what was said."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from .. import disk
from .rules import Thresholds

MINUTES_OF_A_DAY = 1440
MOST = 1000
"""Ids that are kept."""


@dataclass(frozen=True)
class AlertState:
    thresholds: Thresholds = field(default_factory=Thresholds)
    offset: timedelta = timedelta(0)
    """What is added to UTC for the time on the user's wall."""
    said: frozenset[str] = frozenset()
    """Ids of warnings at the last look."""


def load(file: Path) -> AlertState:
    """Read the state; a missing or broken file gives the defaults."""
    found = disk.read(file)
    if not isinstance(found, dict):
        return AlertState()
    thresholds, said = found.get("thresholds"), found.get("said")
    minutes = _number(found.get("tz_offset"), -MINUTES_OF_A_DAY, MINUTES_OF_A_DAY)
    return AlertState(
        _thresholds(thresholds) if isinstance(thresholds, dict) else Thresholds(),
        timedelta(minutes=minutes or 0.0),
        frozenset(filter(lambda one: isinstance(one, str), said)) if isinstance(said, list) else frozenset(),
    )


def save(file: Path, state: AlertState) -> None:
    """Write the state, at most MOST ids."""
    value = {
        "thresholds": asdict(state.thresholds),
        "tz_offset": state.offset / timedelta(minutes=1),
        "said": sorted(state.said)[:MOST],
    }
    disk.write(file, value)


def _thresholds(saved: dict[str, Any]) -> Thresholds:
    read = {one.name: _number(saved.get(one.name), 0.0, 1e6) for one in fields(Thresholds)}
    return Thresholds(**{name: value for name, value in read.items() if value is not None})


def _number(value: object, least: float, most: float) -> float | None:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
    return float(value) if known else None  # type: ignore[arg-type]
