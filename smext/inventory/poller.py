"""One poller for all tabs: works only while somebody watches, one reading of a kind at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ..api import Idle, Problem, Row, Summary, Table, Tables
from ..errors import SmextError
from ..kinds.base import Kind
from . import cadence
from .cadence import Level
from .idle import Candidate, Found, look, mark
from .reader import Memory, Reader, Reading, parse_key
from .total import summarize

LEASE = 90.0
"""Seconds that one look keeps the poller working."""
HURRY = 60.0
"""Seconds of close watching after something was started or stopped from here."""
WORST = 300.0
"""Seconds between tries, at most, while a kind cannot be read."""
IDLE = 300.0
"""Seconds between two looks at what idles, while a panel is open."""
IDLE_DENIED = 3600.0
IDLE_STANDS = 900.0
"""Seconds that what was found to idle is believed without being asked again."""
LASTING = {
    "denied",
    "unsupported",
    "outdated",
    "no-credentials",
    "no-region",
    "expired",
    "clock",
    "misconfigured",
}
"""Problems that waiting does not mend soon."""


@dataclass
class State:
    """Table of one kind, and when it is read next."""

    kind: Kind
    table: Table
    memory: Memory = field(default_factory=Memory)
    due: float = 0.0
    read: float = 0.0
    """When it was read last, or was tried to."""
    failures: int = 0
    flight: asyncio.Task[None] | None = None
    moved: float = field(default_factory=time.monotonic)
    """When its rows were last different."""
    hurry: float = 0.0
    """Until then something was just done to it: read it often."""


@dataclass
class Idleness:
    """Known idle resources, and when they are asked for next."""

    own: Callable[[], Awaitable[Idle | None]] | None
    found: Found = field(default_factory=dict)
    problem: Problem | None = None
    due: float = 0.0
    flight: asyncio.Task[None] | None = None
    until: float = 0.0
    """So long what was found stands: who looks away does not learn that it is used again."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """It was said once what idles, or why that is not known."""

    @property
    def standing(self) -> Found:
        """Known idle resources until IDLE_STANDS after the last look; empty after that."""
        return self.found if time.monotonic() < self.until else {}

    async def with_own(self, rows: Iterable[Row]) -> Found:
        """Return the found ones, with this server's own verdict on the machine it runs on."""
        here = [(row.kind, row.key) for row in rows if row.here and row.active]
        said = await self.own() if self.own and here else None
        others = {key: idle for key, idle in self.found.items() if key not in here}
        return {**others, **{key: said for key in here if said}}


class Poller:
    """Tables of one account, kept up to date while somebody watches."""

    def __init__(
        self,
        kinds: Iterable[Kind],
        reader: Callable[[], Awaitable[Reader]],
        changed: Callable[[list[str], int], None],
        *,
        scale: float = 1.0,
        own: Callable[[], Awaitable[Idle | None]] | None = None,
    ) -> None:
        """Make a poller; `own` tells whether this very server idles, `scale` multiplies every pause."""
        self._states = {kind.name: State(kind, Table(kind=kind.name, revision=0)) for kind in kinds}
        self._make_reader, self._changed, self._scale = reader, changed, scale
        self._reader: Reader | None = None
        self._leases: dict[Level, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._closed = False
        self._idleness = Idleness(own)
        # Its own threads: those of the account are for the calls that a reading makes.
        self._threads = ThreadPoolExecutor(max_workers=len(self._states) + 1, thread_name_prefix="smext-poll")
        # Grows over restarts too: a tab that stayed open must not be ahead of a new server.
        self.revision = int(time.time() * 1000)

    def watch(self, level: Level) -> None:
        """Renew a watcher's lease of LEASE seconds and start polling."""
        fresh = level not in self._levels()
        self._leases[level] = time.monotonic() + LEASE
        if fresh:
            # A slower watcher, or a look while there was none, may have set the next reading far off.
            for state in self._states.values():
                state.due = min(state.due, state.read + self._pause(state))
        self._go()

    @property
    def watched(self) -> bool:
        """True while somebody is near and watches."""
        return any(level != "away" for level in self._levels())

    async def look(self) -> None:
        """Read once every kind that may bill by the hour, without a watcher."""
        loop, states = asyncio.get_running_loop(), [s for s in self._states.values() if s.kind.may_bill]
        for state in states:
            if not _flying(state) and not self._closed:
                state.flight = loop.create_task(self._read(state))
        flights = [state.flight for state in states if state.flight]
        if flights:
            await asyncio.wait(flights)

    async def idle_known(self, seconds: float) -> None:
        """Wait for the first idle answer, at most `seconds`, where a panel is open that has it asked."""
        if "panel" in self._levels() and self.summary().ready:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._idleness.answered.wait(), seconds)

    def refresh(self, kind: str | None = None, *, hurry: float = 0.0) -> None:
        """Read one kind or all now and reset back-off; with `hurry`, read often for so many seconds."""
        for state in self._states.values() if kind is None else [self._states[kind]]:
            state.due = 0.0
            state.failures = 0
            state.hurry = max(state.hurry, time.monotonic() + hurry)
        self._go()

    def tables(self, since: int) -> Tables:
        """Return the tables with a newer revision than `since` (0: all), and the summary."""
        newer = [s.table for s in self._states.values() if s.table.revision > since or since == 0]
        return Tables(revision=self.revision, tables=newer, summary=self.summary(), now=_now())

    def row(self, kind: str, key: str) -> Row | None:
        """Return a row by its key, or None. Raises KeyError for an unknown kind."""
        return next((row for row in self._states[kind].table.rows if row.key == key), None)

    def candidates(self) -> list[Candidate]:
        """Return the active rows, each with its item."""
        return [candidate for state in self._states.values() for candidate in _candidates(state)]

    def summary(self) -> Summary:
        """Return the total over all tables."""
        return summarize((state.kind, state.table) for state in self._states.values())

    @property
    def idle_problem(self) -> Problem | None:
        """Reason why it is not known what is idle, or None."""
        return self._idleness.problem

    @property
    def resting(self) -> bool:
        """True while nobody watches and no reading is running."""
        return self._task is None or self._task.done()

    async def close(self) -> None:
        """Cancel what is running; nothing starts any more."""
        # First: a task that is woken just as it is cancelled may miss the cancelling.
        self._closed = True
        flights = [self._task, self._idleness.flight, *(s.flight for s in self._states.values())]
        tasks = [task for task in flights if task and not task.done()]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._threads.shutdown(wait=False, cancel_futures=True)

    # --- the loop -------------------------------------------------------------------------------

    def _go(self) -> None:
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._levels():
            self._wake.clear()
            now = time.monotonic()
            for state in self._states.values():
                if state.due <= now and not _flying(state):
                    state.flight = asyncio.get_running_loop().create_task(self._read(state))
            if self._may_look_for_idle() and self._idleness.due <= now:
                self._idleness.flight = asyncio.get_running_loop().create_task(self._look_for_idle())
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._next(now))

    def _next(self, now: float) -> float:
        ends = [end for end in self._leases.values() if end > now]
        dues = [state.due for state in self._states.values() if not _flying(state)]
        dues += [self._idleness.due] if self._may_look_for_idle() else []
        return max(0.01, min([*ends, *dues, now + 5.0]) - now)

    def _levels(self) -> list[Level]:
        now = time.monotonic()
        return [level for level, end in self._leases.items() if end > now and not self._closed]

    async def _read(self, state: State) -> None:
        if state.table.as_of is None and not state.table.loading:
            self._put(state, loading=True)
        loop = asyncio.get_running_loop()

        def first(rows: list[Row]) -> None:
            loop.call_soon_threadsafe(self._first, state, rows)

        try:
            if self._reader is None:
                self._reader = await self._make_reader()
            reading = await loop.run_in_executor(
                self._threads, self._reader.read, state.kind, state.memory, _now(), first
            )
        except SmextError as error:
            self._failed(state, error.problem(since=_since(state, error)))
        except Exception as error:
            problem = Problem(
                code="failed",
                message=f"Could not read {state.kind.label.lower()}: {type(error).__name__}: {error}",
                advice="This is a defect of smext: the server's log has the details.",
            )
            self._failed(state, problem)
            logging.getLogger(__name__).exception("Reading %s failed", state.kind.name)
        else:
            self._arrived(state, reading)
        finally:
            self._wake.set()

    def _first(self, state: State, rows: list[Row]) -> None:
        if state.table.as_of is None:
            self._put(state, rows=rows, loading=True)

    def _arrived(self, state: State, reading: Reading) -> None:
        state.failures = state.failures + 1 if reading.problem else 0
        as_of = _now()
        rows = mark(reading.rows, self._idleness.standing)
        if not _same(state.table.rows, rows):
            state.moved = time.monotonic()
        same = _same(state.table.rows, rows) and state.table.complete == reading.complete
        if same and state.table.problem == reading.problem and not state.table.loading and state.table.as_of:
            # Nothing that a view would draw otherwise: the age moves on, the revision does not.
            state.table = state.table.model_copy(update={"as_of": as_of, "rows": rows})
        else:
            self._put(
                state,
                rows=rows,
                as_of=as_of,
                problem=reading.problem,
                complete=reading.complete,
                left_out=reading.left_out,
                loading=False,
            )
        state.read = time.monotonic()
        state.due = state.read + self._pause(state)

    def _failed(self, state: State, problem: Problem) -> None:
        state.failures += 1
        if (
            state.table.problem is None
            or state.table.problem.message != problem.message
            or state.table.loading
        ):
            self._put(state, problem=problem, loading=False)
        state.read = time.monotonic()
        state.due = state.read + self._pause(state)

    def _pause(self, state: State) -> float:
        """Return the seconds until the next reading, with jitter so that many servers do not call in step."""
        now, levels = time.monotonic(), self._levels()
        level: Level = next((each for each in cadence.LEVELS if each in levels), "away")
        still = (now - state.moved) / self._scale
        moving = sum(cadence.moving(each.table.rows) for each in self._states.values())
        pause = cadence.pause(level, state.table.rows, still, hurried=state.hurry > now, moving=moving)
        if state.failures:
            lasting = state.table.problem is not None and state.table.problem.code in LASTING
            pause = WORST if lasting else min(WORST, max(pause, 2.0) * 2 ** min(state.failures, 8))
        return pause * self._scale * random.uniform(0.9, 1.1)

    # --- what idles -----------------------------------------------------------------------------

    def _may_look_for_idle(self) -> bool:
        """Return True if metrics may be asked for (they are charged): a panel is open and all tables are read."""
        flight = self._idleness.flight
        resting = flight is None or flight.done()
        return resting and "panel" in self._levels() and self.summary().ready

    async def _look_for_idle(self) -> None:
        idleness, reader = self._idleness, self._reader
        idleness.due = time.monotonic() + IDLE * self._scale
        candidates = self.candidates()
        try:
            if reader is not None:
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._threads, look, reader.account, candidates, _now())
                idleness.found, idleness.problem = found, None
        except SmextError as error:
            idleness.found, idleness.problem = {}, error.problem()
            if error.code in LASTING:
                idleness.due = time.monotonic() + IDLE_DENIED * self._scale
        idleness.found = await idleness.with_own([row for s in self._states.values() for row in s.table.rows])
        idleness.until = time.monotonic() + IDLE_STANDS * self._scale
        idleness.answered.set()
        for state in self._states.values():
            rows = mark(state.table.rows, idleness.found)
            if any(new is not old for new, old in zip(rows, state.table.rows, strict=True)):
                self._put(state, rows=rows)
        self._wake.set()

    def _put(self, state: State, **changes: object) -> None:
        self.revision += 1
        state.table = state.table.model_copy(update={**changes, "revision": self.revision})
        self._changed([state.kind.name], self.revision)


def _candidates(state: State) -> list[Candidate]:
    items = ((row, state.memory.active.get(parse_key(row.key))) for row in state.table.rows)
    return [Candidate(state.kind, item, row) for row, item in items if item is not None]


def _same(old: list[Row], new: list[Row]) -> bool:
    """Compare rows, ignoring what only the clock changes."""
    return len(old) == len(new) and all(_still(a) == _still(b) for a, b in zip(old, new, strict=True))


def _still(row: Row) -> Row:
    return row.model_copy(update={"billing": row.billing.model_copy(update={"accrued_usd": None})})


def _since(state: State, error: SmextError) -> datetime:
    last = state.table.problem
    return last.since if last and last.since and last.code == error.code else _now()


def _flying(state: State) -> bool:
    return state.flight is not None and not state.flight.done()


def _now() -> datetime:
    return datetime.now(timezone.utc)
