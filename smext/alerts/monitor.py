"""Monitor of one account's warnings: answers clients, and looks by itself while nobody watches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ..api import CostWarning, Problem, RowRef, Table, Warnings
from ..inventory.poller import Poller
from ..inventory.reader import Reader
from ..inventory.total import hides
from ..kinds import registry
from . import rules, state
from .exemptions import Exemptions
from .idle_shutdown import IdleShutdownCache
from .state import AlertState

MINUTE = 60.0
IDLE_SECONDS = 5.0
"""An answer waits so long for what idles, where that is being asked: the better word comes first."""

Warned = Callable[[list[CostWarning], int], None]
"""Told what is new, and the revision of the tables."""


class Monitor:
    """Monitor that looks every `minutes` while nobody watches, and reports new warnings."""

    def __init__(
        self,
        poller: Poller,
        reader: Callable[[], Awaitable[Reader]],
        exemptions: Exemptions,
        idle_shutdown: IdleShutdownCache,
        file: Path,
        warned: Warned,
        *,
        minutes: float,
        scale: float = 1.0,
    ) -> None:
        """Make a monitor; 0 `minutes` turns it off, `file` stores its state."""
        self._poller, self._reader, self._exemptions = poller, reader, exemptions
        self._idle_shutdown, self._warned = idle_shutdown, warned
        self._file, self._turn = file, asyncio.Lock()
        self._known: AlertState | None = None
        self._seconds = minutes * MINUTE * scale
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the background task once; its first look is after the first pause."""
        if self._task is None and self._seconds > 0:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Cancel the background task and wait for its end."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def ask(
        self, thresholds: rules.Thresholds, offset: timedelta, since: datetime | None, *, peek: bool
    ) -> Warnings:
        """Return the warnings for a client's thresholds. Raises errors.SmextError.

        Asking is looking: the tables are kept for him as for a status bar; not so for one who peeks.
        """
        if not peek:
            self._poller.watch("glance")
        await self._poller.idle_known(IDLE_SECONDS)
        tables = self._poller.tables(0)
        snapshot = await self._snapshot(tables.tables, thresholds, offset, since)
        found = rules.warnings(snapshot)
        # What he is told now is nothing new to him later.
        said, known = frozenset(warning.id for warning in found), await self._recall()
        # Of what was not read nothing is known yet.
        await self._remember(
            AlertState(thresholds, offset, said if tables.summary.ready else said | known.said)
        )
        problems = [unseen.problem for unseen in tables.summary.unseen]
        unknown = self._exemptions.problem
        return Warnings(
            warnings=found,
            kept=[RowRef(kind=kind, key=key) for kind, key in sorted(snapshot.kept)],
            kept_unknown=unknown,
            until_monday_usd=rules.until_monday(snapshot),
            until_monday_at_least=snapshot.at_least,
            unchecked=_once([*problems, *filter(None, [self._poller.idle_problem, unknown])]),
            ready=tables.summary.ready,
        )

    # --- while nobody watches -------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            if self._poller.watched:
                continue  # whoever watches asks for himself
            try:
                await self._look()
            except Exception:
                logging.getLogger(__name__).exception("Looking for warnings failed")

    async def _look(self) -> None:
        begun = _now()
        await self._poller.look()
        tables = self._poller.tables(0).tables
        read = [table for table in tables if table.as_of and table.as_of >= begun]
        missed = [t for t in tables if registry()[t.kind].may_bill and t not in read]
        if missed:
            why = "; ".join(sorted({table.problem.message for table in missed if table.problem}))
            logging.getLogger(__name__).debug("Not looked at: %s", why or "no answer")
        if not read:
            return
        known = await self._recall()
        snapshot = await self._snapshot(tables, known.thresholds, known.offset, None)
        fresh = replace(snapshot, tables=[table for table in tables if table not in missed])
        found = rules.warnings(fresh)
        new = [warning for warning in found if warning.id not in known.said]
        # Of what could not be read, what was said holds on: it is not new when it can be read again.
        said = frozenset(warning.id for warning in found)
        await self._remember(replace(known, said=said | known.said if missed else said))
        if new and not self._poller.watched:
            self._warned(new, self._poller.revision)

    async def _recall(self) -> AlertState:
        async with self._turn:
            if self._known is None:
                self._known = await asyncio.to_thread(state.load, self._file)
            return self._known

    async def _remember(self, known: AlertState) -> None:
        async with self._turn:
            if known != self._known:
                self._known = known
                await asyncio.to_thread(state.save, self._file, known)

    async def _snapshot(
        self, tables: Sequence[Table], thresholds: rules.Thresholds, offset: timedelta, since: datetime | None
    ) -> rules.Snapshot:
        kinds, reader = registry(), await self._reader()
        return rules.Snapshot(
            tables=tables,
            labels={name: kind.label for name, kind in kinds.items()},
            singulars={name: kind.singular for name, kind in kinds.items()},
            now=_now(),
            offset=offset,
            since=since,
            kept=await self._exemptions.kept(self._poller.candidates()),
            idle_shutdown=await reader.account.run(self._idle_shutdown.ask, reader.here),
            hidden=any(hides(kinds[table.kind], table) for table in tables),
            hourly=frozenset(name for name, kind in kinds.items() if kind.may_bill),
            thresholds=thresholds,
        )


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """Keep one problem of each cause."""
    return list({problem.cause or problem.message: problem for problem in reversed(problems)}.values())[::-1]


def _now() -> datetime:
    return datetime.now(timezone.utc)
