"""How often a kind is read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from smext.api import Billing, Row
from smext.inventory.cadence import CALM, LEVELS, Level, moving, pause

NOW = datetime.now(timezone.utc)


def row(**given: Any) -> Row:
    known: dict[str, Any] = {
        "key": "k",
        "kind": "gadget",
        "name": "k",
        "status": "S",
        "tone": "neutral",
        "active": False,
        "changing": False,
        "created": NOW - timedelta(days=9),
        "billing": Billing(certainty="none"),
    }
    return Row(**{**known, **given})


MOVING, STANDING, OVER = row(active=True, changing=True), row(active=True), row()


@pytest.mark.parametrize("still", [0.0, 60.0, CALM])
def test_what_moves_is_read_every_two_seconds(still: float) -> None:
    assert pause("panel", [STANDING, MOVING], still, hurried=False) == 2.0


@pytest.mark.parametrize("still", [CALM + 1, 10_000.0])
def test_a_job_that_runs_long_is_read_every_few_seconds(still: float) -> None:
    pauses = [pause("panel", [MOVING], still, hurried=False, moving=calls) for calls in (1, 2, 4, 8, 1000)]
    assert pauses == [5.0, 9.0, 18.0, 36.0, 60.0]


def test_all_that_runs_shares_eight_hundred_calls_an_hour() -> None:
    kinds = [[MOVING], [MOVING] * 2, [STANDING, MOVING], [STANDING], []]
    calls = [moving(rows) for rows in kinds]
    assert calls == [2, 3, 2, 0, 0]
    each = [pause("panel", rows, 10_000.0, hurried=False, moving=sum(calls)) for rows in kinds[:3]]
    assert sum(count * 3600 / seconds for count, seconds in zip(calls, each, strict=False)) == pytest.approx(
        800
    )


def test_what_stands_is_read_within_two_minutes() -> None:
    pauses = [pause("panel", [STANDING], still, hurried=False) for still in (0, 120, 240, 10_000)]
    assert pauses == [30.0, 40.0, 80.0, 120.0]


def test_what_nothing_happened_in_for_a_day_is_read_within_five_minutes() -> None:
    for rows in ([], [OVER]):
        assert pause("panel", rows, 10_000, hurried=False) == 300.0
    young = row(ended=NOW - timedelta(hours=3))
    assert pause("panel", [young], 10_000, hurried=False) == 120.0


@pytest.mark.parametrize("rows", [[MOVING], [STANDING], [OVER]])
def test_whoever_is_farther_away_has_less_read(rows: list[Row]) -> None:
    for still in (0.0, 10_000.0):
        pauses = [pause(level, rows, still, hurried=False) for level in LEVELS]
        assert pauses == sorted(pauses)
        assert pauses[-1] >= 300.0


@pytest.mark.parametrize("level", LEVELS)
def test_what_was_just_done_from_here_is_followed_closely(level: Level) -> None:
    assert pause(level, [OVER], 10_000, hurried=True) == 2.0
