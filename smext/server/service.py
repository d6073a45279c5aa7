"""One account and region at work: its poller, and all that the routes ask of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter

from .. import disk, errors
from ..alerts import rules
from ..alerts.exemptions import Exemptions
from ..alerts.idle_shutdown import IdleShutdownCache
from ..alerts.monitor import Monitor, Warned
from ..api import (
    ActionRequest,
    ActionResult,
    Context,
    Idle,
    ItemDetail,
    LogPage,
    Outputs,
    Problem,
    Target,
    Warnings,
)
from ..aws import studio
from ..aws.account import Account
from ..aws.responses import InvalidTime
from ..diagnostics import context
from ..inventory import logs, unreadable
from ..inventory.owners import Owners
from ..inventory.poller import HURRY, Poller
from ..inventory.protection import Protection
from ..inventory.reader import Reader, parse_key
from ..kinds import registry
from ..kinds.base import Facts, Item, Kind
from ..launch.rejections import job_failures
from ..pricing import rate_cache
from ..pricing.prices import Prices
from ..runs import artifacts, notebook_file
from ..runs.record import read_record
from .launch_service import Launches
from .settings import Settings

T = TypeVar("T")
PROMPT = 1.5
"""Seconds after which a page is told what is waited for."""


class Service:
    """What the handlers ask of one target. Raises errors.SmextError."""

    def __init__(
        self,
        account: Account,
        targets: Sequence[Target],
        changed: Callable[[list[str], int], None],
        settings: Settings,
        *,
        version: str,
        root: Path | None = None,
        own: Callable[[], Awaitable[Idle | None]] | None = None,
        warned: Warned = lambda warnings, revision: None,
    ) -> None:
        """`root` is the folder that this server shows; `own` tells whether it idles."""
        self.account, self.settings, self.limits = account, settings, settings.limits()
        self._targets, self._version = targets, version
        self._describers = ThreadPoolExecutor(max_workers=32, thread_name_prefix="smext-describe")
        # What an endpoint on this machine says is no price for anybody else: not kept.
        self._prices = Prices(account, None if account.local else rate_cache.folder())
        self._idle_shutdown = IdleShutdownCache(account)
        self._protection = Protection(account, settings.protected_accounts)
        self._describing: asyncio.Task[Context] | None = None
        self._described: Context | None = None
        """The last answer, which stands while another one is awaited."""
        self._reader: Reader | None = None
        self._making = asyncio.Lock()
        self.poller = Poller(registry().values(), self.reader, changed, scale=settings.cadence_scale, own=own)
        self.monitor = Monitor(
            self.poller,
            self.reader,
            Exemptions(account, settings.keep),
            self._idle_shutdown,
            disk.folder("warnings") / f"{quote(account.target.id, safe='')}.json",
            warned,
            minutes=settings.warn_minutes,
            scale=settings.cadence_scale,
        )
        self.launches = Launches(account, self.limits, root, self._prices, self.poller.refresh)

    async def reader(self) -> Reader:
        """Return the reader of tables, made when it is first asked for."""
        async with self._making:
            if self._reader is None:
                here = await self.account.run(studio.server_identity, self.account, studio.read_metadata())
                self._reader = Reader(
                    self.account,
                    here,
                    self._describers,
                    progress=lambda live: artifacts.row_progress(self.account, live),
                    read_only=self.limits.read_only,
                    rate=self._prices.rate,
                    owners=Owners(self.account),
                    protected=self._protection.on,
                )
            return self._reader

    async def context(self) -> Context:
        """Where this is and as whom, within PROMPT seconds: who asks again hears what came meanwhile."""
        if self._describing is None:
            self._describing = asyncio.get_running_loop().create_task(self._describe(""))
        describing = self._describing
        await asyncio.wait({describing}, timeout=PROMPT)
        if describing.done():
            self._describing = None
            self._described = describing.result()
        if self._described is None:
            return await self._describe(self.account.credentials.waiting or "Waiting for AWS to answer …")
        return self._described

    async def _describe(self, waiting: str) -> Context:
        return await self.account.run(
            context.describe,
            self.account,
            self._targets,
            read_only=self.limits.read_only,
            protected=self._protection.on,
            warn_minutes=self.settings.warn_minutes,
            version=self._version,
            waiting=waiting,
        )

    def refresh(self) -> None:
        """Ask AWS anew, with the credentials that are there now."""
        if self.account.refused:
            self.account.renew()
        self.poller.refresh()

    async def warnings(
        self, thresholds: rules.Thresholds, offset: timedelta, since: datetime | None, *, peek: bool = False
    ) -> Warnings:
        """Return what deserves a warning; whoever only peeks does not keep the tables fresh by it."""
        return await self.monitor.ask(thresholds, offset, since, peek=peek)

    async def close(self) -> None:
        """End the poller, the monitor and the price calls."""
        if self._describing is not None:
            self._describing.cancel()
        self._prices.close()
        await self.monitor.close()
        await self.poller.close()
        self._describers.shutdown(wait=False, cancel_futures=True)
        self.account.close()

    # --- one item -------------------------------------------------------------------------------

    async def detail(self, kind_name: str, key: str) -> ItemDetail:
        """Return all that is known of one item. Raises errors.NotFound."""
        kind, reader = _kind(kind_name), await self.reader()
        return await self.account.run(self._detail, kind, reader, key)

    async def act(self, kind_name: str, key: str, action_name: str, request: ActionRequest) -> ActionResult:
        """Do what was confirmed, to an item that still allows it."""
        self.limits.refuse_if_read_only("Nothing was changed")
        kind, reader = _kind(kind_name), await self.reader()
        result = await self.account.run(self._act, kind, reader, key, action_name, request)
        self.poller.refresh(kind.name, hurry=HURRY)
        return result

    async def logs(self, kind_name: str, key: str, cursor: str) -> LogPage:
        """Return the log after `cursor`. Raises errors.NotFound for a kind without logs."""
        kind, reader = _kind(kind_name), await self.reader()
        if kind.logs is None:
            raise errors.NotFound(f"A {kind.singular} has no log.")
        row = self.poller.row(kind.name, key)
        item: Item = dict(zip(kind.key_members, parse_key(key), strict=False))
        if row is None:
            item = await self.account.run(reader.item, kind, parse_key(key))
        over = not (row.active if row else unreadable.status(kind, item).active)
        with unreadable.reading(kind, item, "log's place"):
            source = kind.logs(item)
        return await self.account.run(logs.page, self.account, source, cursor, over=over)

    async def outputs(self, kind_name: str, key: str) -> Outputs:
        """List what a job has left in S3."""
        prefixes = await self._prefixes(kind_name, key)
        return await self.account.run(artifacts.outputs, self.account, prefixes)

    async def open_output(self, kind_name: str, key: str, uri: str) -> tuple[Any, int]:
        """Body (read it in a thread) and size in bytes."""
        prefixes = await self._prefixes(kind_name, key)
        return await self.account.run(artifacts.open_output, self.account, prefixes, uri)

    async def notebook(self, kind_name: str, key: str) -> tuple[dict[str, Any], str | None, str, bool]:
        """Return the run's notebook as it is now: nbformat JSON, path of its source, job's name, whether partial."""
        kind, reader = _kind(kind_name), await self.reader()

        def read() -> tuple[dict[str, Any], str | None, str, bool]:
            item = reader.item(kind, parse_key(key))
            with unreadable.reading(kind, item, "description"):
                facts, active = kind.facts(item, reader.here), kind.status(item).active
                prefixes = kind.outputs(item).prefixes if kind.outputs else []
            body = artifacts.notebook(self.account, facts.live, prefixes)
            try:
                content = notebook_file.read(body)
            except errors.Invalid as error:
                raise artifacts.broken(facts.name, error.message) from error
            return content, facts.notebook, facts.name, active

        return await self.account.run(read)

    # --- blocking parts -------------------------------------------------------------------------

    async def _prefixes(self, kind_name: str, key: str) -> list[str]:
        kind, reader = _kind(kind_name), await self.reader()
        if kind.outputs is None:
            raise errors.NotFound(f"A {kind.singular} has no outputs.")
        item = await self.account.run(reader.item, kind, parse_key(key))
        with unreadable.reading(kind, item, "outputs' place"):
            return list(kind.outputs(item).prefixes)

    def _detail(self, kind: Kind, reader: Reader, key: str) -> ItemDetail:
        """Read what can be read of an item; what cannot is said beside it."""
        item = reader.item(kind, parse_key(key))
        row, unread = reader.readable(kind, item, _now())
        problems = [unreadable.problem(kind, [unread])] if unread else []

        def attempt(what: str, read: Callable[[], T], otherwise: T) -> T:
            try:
                with unreadable.reading(kind, item, what):
                    return read()
            except errors.SmextError as error:
                problems.append(error.problem())
                return otherwise

        # Where they cannot be read, the row says so.
        facts = unreadable.known(
            lambda: kind.facts(item, reader.here), Facts(name=row.name, status=row.status)
        )
        live, run = facts.live, facts.run
        progress = (
            attempt("progress", lambda: artifacts.run_progress(self.account, live), None) if live else None
        )
        record = attempt("record", lambda: read_record(self.account, _record(run)), None) if run else None
        given = attempt("parameters", lambda: _parameters(kind, item), dict[str, Any]())
        more, unread_facts = unreadable.facts(kind, item)
        if unread_facts:
            problems.append(unreadable.not_read(kind, item, "facts", unread_facts).problem())
        shutdown = self._idle_shutdown.ask(reader.here) if facts.here else None
        problems += attempt("reason", lambda: self._explained(kind, item, facts.reason), [])
        return ItemDetail(
            row=row,
            facts=[
                fact for fact in [*more, *([shutdown.fact] if shutdown else [])] if fact.value is not None
            ],
            phases=attempt("phases", lambda: list(kind.phases(item) if kind.phases else []), []),
            run=progress,
            parameters=record.parameters if record else given,
            request=_as_json({k: v for k, v in item.items() if k != "ResponseMetadata"}),
            has_notebook=facts.live is not None,
            notebook_source=facts.notebook,
            problems=problems,
        )

    def _explained(self, kind: Kind, item: Item, reason: str) -> list[Problem]:
        why = job_failures.explained(kind.name, item, reason, self.account.region, self.limits)
        return [why] if why else []

    def _act(
        self, kind: Kind, reader: Reader, key: str, action_name: str, request: ActionRequest
    ) -> ActionResult:
        action = next((a for a in kind.actions if a.name == action_name), None)
        if action is None:
            raise errors.NotFound(f"A {kind.singular} has no such action: {action_name}")
        item = reader.item(kind, parse_key(key))
        with unreadable.reading(kind, item, "description"):
            facts, allowed = kind.facts(item, reader.here), action.allowed(item)
        twice = action.danger and (facts.here or self._protection.on())
        if not request.confirmed or (twice and not request.confirmed_twice):
            raise errors.Invalid(
                f"{action.label} was not confirmed: {facts.name}", advice="Confirm it, then try again."
            )
        if not allowed:
            raise errors.Conflict(
                f"{action.label} is not possible while it is {facts.status}: {facts.name}",
                advice="Somebody may have been faster; press Refresh.",
            )
        action.run(reader.call(kind, (*action.operations, *kind.detail.operations)), item)
        return ActionResult(message=action.done.format(name=facts.name))


def _kind(name: str) -> Kind:
    kind = registry().get(name)
    if kind is None:
        raise errors.NotFound(f"There is no such kind of resource: {name}")
    return kind


def _record(run: str) -> str:
    return f"{run.rstrip('/')}/record.json"


def _parameters(kind: Kind, item: Item) -> dict[str, Any]:
    """Return what a job was given. Raises ValueError where it has other names than texts."""
    given = dict(kind.parameters(item)) if kind.parameters else {}
    return TypeAdapter(dict[str, Any]).validate_python(given)


def _as_json(value: Any) -> Any:
    """Return times as text, and so everything else that JSON does not know."""
    return json.loads(json.dumps(value, default=_text))


def _text(value: Any) -> str:
    if isinstance(value, InvalidTime):
        return "no time of our calendar"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _now() -> datetime:
    return datetime.now(timezone.utc)
