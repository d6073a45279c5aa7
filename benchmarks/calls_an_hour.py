"""How many AWS calls an open panel makes in an hour on a lived-in account, with one tab, five and twenty.

Time runs faster here: every pause is so many times shorter than it is, and so are the limits of calls. The hour is
put together from what it begins with, and from the calm after that, in which jobs run and nothing changes. Nobody is near
where a page is open that nobody touches; with no tab it is the first hour after somebody left: four looks for what
deserves a warning.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from smext import budget, cadence, context, table
from smext.api import Target
from smext.aws import Account
from smext.budget import Budget
from smext.cadence import Level
from smext.idle_shutdown import Asker
from smext.keep import Keeping
from smext.kinds import registry
from smext.lookout import Lookout
from smext.poller import Poller
from smext.sandbox import Sandbox
from smext.table import Reader

from .figure import Figure

FAST_SCALE, CALM_SCALE, AWAY_SCALE = 0.1, 0.02, 0.005
"""So much faster time runs, the more the longer the pauses are."""
TABS = (5, 20)
SECONDS = 12.0
"""Watched on the clock of this machine, after every table was there."""
HOUR = 3600.0
MINUTES, LOOKS, FAST = 15.0, 4, 0.004
"""Between two looks while nobody watches, how many make an hour, and how much faster they come here."""


def measure() -> list[Figure]:
    fast = _calls(1, "panel", FAST_SCALE, 0.0)
    calm, *more = (_calls(tabs, "panel", CALM_SCALE, HOUR) for tabs in (1, *TABS))
    away = _calls(1, "away", AWAY_SCALE, HOUR)
    alone = _unwatched()
    begin = cadence.CALM / HOUR
    hour = begin * fast + (1 - begin) * calm
    return [
        Figure("calls in an hour, panel open", hour, "calls", 6_000, f"{fast:.0f} if all moved all the time"),
        Figure("its calm part", calm, "calls/h", 1_500, "jobs run, and nothing changes"),
        *(
            Figure(
                f"its calm part, {tabs} tabs",
                calls,
                "calls/h",
                calm * 1.15,
                f"{calm:.0f} with one",
                calls / calm,
            )
            for tabs, calls in zip(TABS, more, strict=True)
        ),
        Figure(
            "page open, nobody near", away, "calls/h", 300, f"warnings every {MINUTES:g} minutes among them"
        ),
        Figure("its warnings, 0 tabs", alone, "calls/h", 200, f"{LOOKS} looks, every {MINUTES:g} minutes"),
    ]


def _calls(tabs: int, level: Level, scale: float, still: float) -> float:
    """Calls an hour of the busy account while so many tabs watch in which nothing changed for so many seconds."""
    with Sandbox(scene="busy") as box, _faster(scale), patch.dict(os.environ, box.env):
        return asyncio.run(_watch(box, tabs, level, scale, still))


def _unwatched() -> float:
    """Calls of an hour in which nobody watches the busy account."""
    with Sandbox(scene="busy") as box, _faster(FAST_SCALE), patch.dict(os.environ, box.env):
        return asyncio.run(_look_out(box))


async def _look_out(box: Sandbox) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / FAST_SCALE, 200))
    with ThreadPoolExecutor(32) as details, TemporaryDirectory() as folder:
        reader = Reader(account, context.here(account, context.read_metadata()), details)
        unwatched = Poller(registry().values(), lambda: _give(reader), lambda kinds, revision: None)
        lookout = _lookout(unwatched, reader, account, folder, FAST)
        lookout.start()
        # Half a pause after the last look of the hour, which is over by then.
        await asyncio.sleep((LOOKS + 0.5) * MINUTES * 60 * FAST)
        await lookout.close()
        await unwatched.close()
    account.close()
    # This machine's look at its own settings is made once; the tags are asked for at every look.
    return len(box.control.calls) + (LOOKS - 1) * box.control.calls.count("GetResources")


async def _watch(box: Sandbox, tabs: int, level: Level, scale: float, still: float) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / scale, 200))
    with ThreadPoolExecutor(32) as details, TemporaryDirectory() as folder:
        reader = Reader(account, context.here(account, context.read_metadata()), details)
        moved = asyncio.Event()
        watched = Poller(
            registry().values(), lambda: _give(reader), lambda kinds, revision: moved.set(), scale=scale
        )
        lookout = _lookout(watched, reader, account, folder, scale)
        watched.watch(level)
        while not watched.summary().ready:
            await moved.wait()
            moved.clear()
        for state in watched._states.values():
            state.moved -= still * scale
        watched.watch("panel" if level == "away" else level)
        watched.refresh()
        await asyncio.sleep(1.0)  # each pause is that of something that was still for so long
        watched._leases = {level: time.monotonic() + SECONDS}
        for state in watched._states.values():
            state.due = state.read + watched._pause(state)
        lookout.start()
        before, begin, since = len(box.control.calls), time.monotonic(), [0] * tabs
        while time.monotonic() - begin < SECONDS:
            for tab in range(tabs):
                watched.watch(level)
                since[tab] = watched.tables(since[tab]).revision
            await asyncio.sleep(0.1)
        calls, lasted = len(box.control.calls) - before, time.monotonic() - begin
        await lookout.close()
        await watched.close()
    account.close()
    return calls * HOUR * scale / lasted


def _lookout(watched: Poller, reader: Reader, account: Account, folder: str, scale: float) -> Lookout:
    return Lookout(
        watched,
        lambda: _give(reader),
        Keeping(account),
        Asker(account),
        Path(folder) / "bench.json",
        lambda warnings, revision: None,
        minutes=MINUTES,
        scale=scale,
    )


async def _give(reader: Reader) -> Reader:
    return reader


@contextmanager
def _faster(scale: float) -> Iterator[None]:
    rates = {name: rate / scale for name, rate in budget.OPERATION_RATES.items()}
    with (
        patch.object(table, "SETTLE", table.SETTLE * scale),
        patch.object(budget, "OPERATION_RATES", rates),
    ):
        yield
