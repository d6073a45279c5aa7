"""How many AWS calls an open panel makes in an hour on a lived-in account, with one tab, five and twenty.

Time runs faster here: every pause is SCALE times as long as it is, and so are the limits of calls. The hour is
put together from what it begins with, and from the calm after that, in which jobs run and nothing changes. With no tab it
is the first hour after somebody left: four looks for what deserves a warning.
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

from smext import budget, context, poller, table
from smext.api import Target
from smext.aws import Account
from smext.budget import Budget
from smext.idle_shutdown import Asker
from smext.keep import Keeping
from smext.kinds import registry
from smext.lookout import Lookout
from smext.poller import Poller
from smext.sandbox import Sandbox
from smext.table import Reader

from .figure import Figure

SCALE = 0.1
TABS = (5, 20)
SECONDS = 20.0
"""Watched on the clock of this machine, after every table was there."""
MINUTES, LOOKS, FAST = 15.0, 4, 0.004
"""Between two looks while nobody watches, how many make an hour, and how much faster they come here."""


def measure() -> list[Figure]:
    fast = _calls(1, poller.CALM)
    calm, *more = (_calls(tabs, 0.0) for tabs in (1, *TABS))
    alone = _unwatched()
    begin = poller.CALM / 3600
    hour = begin * fast + (1 - begin) * calm
    return [
        Figure(
            "calls in an hour, panel open", hour, "calls", 12_000, f"{fast:.0f} if all moved all the time"
        ),
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
        Figure("its warnings, 0 tabs", alone, "calls/h", 200, f"{LOOKS} looks, every {MINUTES:g} minutes"),
    ]


def _calls(tabs: int, calm: float) -> float:
    """Calls an hour of the busy account while so many tabs have the panel open, in that calm after seconds."""
    with Sandbox(scene="busy") as box, _faster(calm), patch.dict(os.environ, box.env):
        return asyncio.run(_watch(box, tabs))


def _unwatched() -> float:
    """Calls of an hour in which nobody watches the busy account."""
    with Sandbox(scene="busy") as box, _faster(0.0), patch.dict(os.environ, box.env):
        return asyncio.run(_look_out(box))


async def _look_out(box: Sandbox) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / SCALE, 200))
    with ThreadPoolExecutor(32) as details, TemporaryDirectory() as folder:
        reader = Reader(account, context.here(account, context.read_metadata()), details)
        unwatched = Poller(registry().values(), lambda: _give(reader), lambda kinds, revision: None)
        lookout = Lookout(
            unwatched,
            lambda: _give(reader),
            Keeping(account),
            Asker(account),
            Path(folder) / "bench.json",
            lambda warnings, revision: None,
            minutes=MINUTES,
            scale=FAST,
        )
        lookout.start()
        # Half a pause after the last look of the hour, which is over by then.
        await asyncio.sleep((LOOKS + 0.5) * MINUTES * 60 * FAST)
        await lookout.close()
        await unwatched.close()
    account.close()
    # This machine's look at its own settings is made once; the tags are asked for at every look.
    return len(box.control.calls) + (LOOKS - 1) * box.control.calls.count("GetResources")


async def _watch(box: Sandbox, tabs: int) -> float:
    account = Account(Target(id="bench", label="bench"), budget=Budget(10 / SCALE, 200))
    with ThreadPoolExecutor(32) as details:
        reader = Reader(account, context.here(account, context.read_metadata()), details)
        moved = asyncio.Event()
        watched = Poller(
            registry().values(), lambda: _give(reader), lambda kinds, revision: moved.set(), scale=SCALE
        )
        watched.watch("panel")
        while not watched.summary().ready:
            await moved.wait()
            moved.clear()
        before, begin, since = len(box.control.calls), time.monotonic(), [0] * tabs
        while time.monotonic() - begin < SECONDS:
            for tab in range(tabs):
                watched.watch("panel")
                since[tab] = watched.tables(since[tab]).revision
            await asyncio.sleep(SCALE)
        calls, lasted = len(box.control.calls) - before, time.monotonic() - begin
        await watched.close()
    account.close()
    return calls * 3600 * SCALE / lasted


async def _give(reader: Reader) -> Reader:
    return reader


@contextmanager
def _faster(calm: float) -> Iterator[None]:
    rates = {name: rate / SCALE for name, rate in budget.OPERATION_RATES.items()}
    with (
        patch.object(table, "SETTLE", table.SETTLE * SCALE),
        patch.object(budget, "OPERATION_RATES", rates),
        patch.object(poller, "CALM", calm),
    ):
        yield
