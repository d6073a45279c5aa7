"""How many AWS calls an open panel makes in an hour on a lived-in account, and how many with five and twenty tabs.

What a reading of each kind takes is counted at the sandbox, and the hour is put together from the pauses between readings
by the product's own rule: neither is a matter of this machine's speed. What the budget of calls would hold back is
counted, too. With tabs, and with nobody, time runs faster: every pause is so many times shorter than it is, and so are
the limits of calls.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from smext.alerts.exemptions import Exemptions
from smext.alerts.idle_shutdown import IdleShutdownCache
from smext.alerts.monitor import Monitor
from smext.api import Row, Target
from smext.aws import rate_limit, studio
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.inventory import cadence
from smext.inventory import reader as table
from smext.inventory.cadence import Level
from smext.inventory.poller import IDLE, Poller
from smext.inventory.reader import Reader
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox

from .figure import Figure

FAST_SCALE = 0.1
"""So much faster time runs where tabs are counted."""
SETTLED = 6
"""Readings of a kind before the one that is counted: what is over is described a few at a time."""
IDLE_CALLS = 3600.0 / IDLE
"""What idles is asked for in one call."""
TABS = (5, 20)
SECONDS = 12.0
"""Watched on the clock of this machine, after every table was there."""
HOUR = 3600.0
MINUTES, LOOKS, FAST = 15.0, 4, 0.004
"""Between two looks while nobody watches, how many make an hour, and how much faster they come here."""


@dataclass(frozen=True)
class Cost:
    """One kind's rows, and the calls of one reading of them."""

    rows: list[Row]
    calls: int


def measure() -> list[Figure]:
    busy = _costs("busy")
    # The same account once its jobs have ended; what they took is counted on.
    still = [Cost([row for row in cost.rows if not row.changing], cost.calls) for cost in busy]
    alone = _unwatched()
    one, *more = (_watched(tabs) for tabs in (1, *TABS))
    running = sum(row.changing for cost in busy for row in cost.rows)
    return [
        Figure(
            "calls/h, panel open, nothing moves",
            _hour("panel", still, HOUR) + IDLE_CALLS,
            "calls",
            1_500,
            "nothing runs",
        ),
        Figure(
            "calls/h, panel open, all runs on",
            _hour("panel", busy, HOUR) + IDLE_CALLS,
            "calls",
            1_500,
            f"{running} things run, and nothing changes",
        ),
        Figure(
            "calls/h, panel open, just changed",
            _hour("panel", busy, 0.0) + IDLE_CALLS,
            "calls",
            6_500,
            "all of them changed at its start, and nothing later",
        ),
        Figure(
            "calls/h, page open, nobody near",
            _hour("away", busy, HOUR) + alone,
            "calls",
            300,
            f"warnings every {MINUTES:g} minutes among them",
        ),
        Figure("its warnings, 0 tabs", alone, "calls", 200, f"{LOOKS} looks, every {MINUTES:g} minutes"),
        *(
            Figure(f"calls of {tabs} tabs", calls, "calls/h", one * 1.15, f"{one:.0f} of one", calls / one)
            for tabs, calls in zip(TABS, more, strict=True)
        ),
        Figure(
            "end of a job that runs long is seen",
            cadence.pause("panel", _one_job(busy), HOUR, hurried=False, moving=2),
            "s",
            10,
            "of the only one, at the latest",
        ),
    ]


def _one_job(costs: list[Cost]) -> list[Row]:
    return [next(row for cost in costs for row in cost.rows if row.changing)]


def _hour(level: Level, costs: list[Cost], still: float) -> float:
    """Calls of an hour in which nothing changes, and nothing had for so many seconds."""
    moving = sum(cadence.moving(cost.rows) for cost in costs)
    total = 0
    for cost in costs:
        passed = 0.0
        while passed < HOUR:
            total += cost.calls
            passed += cadence.pause(level, cost.rows, still + passed, hurried=False, moving=moving)
    return total


def _costs(scene: str) -> list[Cost]:
    with Sandbox(scene=scene) as box, patch.dict(os.environ, box.env), ThreadPoolExecutor(32) as details:
        account = Account(Target(id="bench", label="bench"), budget=Budget(1000, 1000), call_seconds=60.0)
        reader = Reader(account, studio.server_identity(account, studio.read_metadata()), details)
        with patch.object(rate_limit, "OPERATION_RATES", {}):
            costs = [_cost(box, reader, kind) for kind in registry().values()]
        account.close()
        return costs


def _cost(box: Sandbox, reader: Reader, kind: Kind) -> Cost:
    memory = table.Memory()
    for _ in range(SETTLED):
        reader.read(kind, memory, datetime.now(timezone.utc), lambda rows: None)
    before = len(box.control.calls)
    reading = reader.read(kind, memory, datetime.now(timezone.utc), lambda rows: None)
    return Cost(reading.rows, len(box.control.calls) - before)


def _watched(tabs: int) -> float:
    """Calls an hour of the busy account while so many tabs watch what has just changed."""
    with Sandbox(scene="busy") as box, _faster(FAST_SCALE), patch.dict(os.environ, box.env):
        return asyncio.run(_watch(box, tabs, FAST_SCALE))


def _unwatched() -> float:
    """Calls of an hour in which nobody watches the busy account."""
    with Sandbox(scene="busy") as box, _faster(FAST_SCALE), patch.dict(os.environ, box.env):
        return asyncio.run(_look_out(box))


async def _look_out(box: Sandbox) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / FAST_SCALE, 200))
    with ThreadPoolExecutor(32) as details, TemporaryDirectory() as folder:
        reader = Reader(account, studio.server_identity(account, studio.read_metadata()), details)
        unwatched = Poller(registry().values(), lambda: _give(reader), lambda kinds, revision: None)
        monitor = _monitor(unwatched, reader, account, folder, FAST)
        monitor.start()
        # Half a pause after the last look of the hour, which is over by then.
        await asyncio.sleep((LOOKS + 0.5) * MINUTES * 60 * FAST)
        await monitor.close()
        await unwatched.close()
    account.close()
    # This machine's look at its own settings is made once; the tags are asked for at every look.
    return len(box.control.calls) + (LOOKS - 1) * box.control.calls.count("GetResources")


async def _watch(box: Sandbox, tabs: int, scale: float) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / scale, 200))
    with ThreadPoolExecutor(32) as details, TemporaryDirectory() as folder:
        reader = Reader(account, studio.server_identity(account, studio.read_metadata()), details)
        moved = asyncio.Event()
        watched = Poller(
            registry().values(), lambda: _give(reader), lambda kinds, revision: moved.set(), scale=scale
        )
        monitor = _monitor(watched, reader, account, folder, scale)
        watched.watch("panel")
        while not watched.summary().ready:
            await moved.wait()
            moved.clear()
        monitor.start()
        before, begin, since = len(box.control.calls), time.monotonic(), [0] * tabs
        while time.monotonic() - begin < SECONDS:
            for tab in range(tabs):
                watched.watch("panel")
                since[tab] = watched.tables(since[tab]).revision
            await asyncio.sleep(0.1)
        calls, lasted = len(box.control.calls) - before, time.monotonic() - begin
        await monitor.close()
        await watched.close()
    account.close()
    return calls * HOUR * scale / lasted


def _monitor(watched: Poller, reader: Reader, account: Account, folder: str, scale: float) -> Monitor:
    return Monitor(
        watched,
        lambda: _give(reader),
        Exemptions(account),
        IdleShutdownCache(account),
        Path(folder) / "bench.json",
        lambda warnings, revision: None,
        minutes=MINUTES,
        scale=scale,
    )


async def _give(reader: Reader) -> Reader:
    return reader


@contextmanager
def _faster(scale: float) -> Iterator[None]:
    rates = {name: rate / scale for name, rate in rate_limit.OPERATION_RATES.items()}
    with (
        patch.object(table, "SETTLE", table.SETTLE * scale),
        patch.object(rate_limit, "OPERATION_RATES", rates),
    ):
        yield
