"""Engine that makes a table of a kind and an account. It names no kind."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from .. import errors
from ..api import ActionInfo, Billing, KindInfo, Problem, Progress, Row, RowAction, Table
from ..aws.account import Account
from ..aws.studio import ServerIdentity
from ..kinds.base import Action, Call, Facts, Item, Kind, Status
from ..pricing import RateOf, rate
from . import list_calls, unreadable
from .billing import bill
from .owners import Owners

Key = tuple[str, ...]


BACKFILL = 10
"""Finished items that one reading describes besides, newest first, so that their costs fill in."""
SETTLE = timedelta(seconds=10)
"""What moves by itself is described again after this long, even where its list looks the same."""
SAID = 3
"""Problems of one reading that are told, each in its sentence."""
_COSTS = "It may cost more than is shown: look at it in the AWS console."
SETTLED = 10
"""But so many in one reading at most, the longest unasked first."""


@dataclass(frozen=True)
class Known:
    """Describe answer, and the version it was read for."""

    version: object
    at: datetime
    item: Item


@dataclass
class Memory:
    """Cache of one kind's table between two readings, which do not overlap."""

    details: dict[Key, Known] = field(default_factory=dict)
    active: dict[Key, Item] = field(default_factory=dict)
    """Items that were active at the last reading."""
    begun: bool = False
    """There was a reading before this one."""


@dataclass(frozen=True)
class Reading:
    """Rows of one reading, and what of it could not be read."""

    rows: list[Row]
    complete: bool = True
    problem: Problem | None = None
    left_out: str = ""
    """Which ones lie behind what was read: `older ones`."""


@dataclass(frozen=True)
class Reader:
    """Reader of one account's tables. Blocking: call it in a worker thread."""

    account: Account
    here: ServerIdentity
    details: ThreadPoolExecutor
    """Threads for describe calls; not those that the reader itself runs in."""
    progress: Callable[[str], Progress | None] = lambda live: None
    """What the runner left at an s3:// place."""
    read_only: bool = False
    rate: RateOf = rate
    """This account's prices; the dated table alone where nothing else is given."""
    owners: Owners | None = None
    """Tells whose a thing is where it does not tell itself."""
    protected: Callable[[], bool] = lambda: False
    """Nothing is stopped here in passing."""

    def read(self, kind: Kind, memory: Memory, now: datetime, first: Callable[[list[Row]], None]) -> Reading:
        """Read all rows; `first` gets them before they are described, where that takes calls.

        Raises errors.SmextError where the lists themselves cannot be read.
        """
        try:
            return self._read(kind, memory, now, first)
        except errors.SmextError:
            raise
        except Exception as error:
            logging.getLogger(__name__).exception("Reading %s failed", kind.name)
            raise errors.SmextError(
                f"Could not read {kind.label.lower()}: {type(error).__name__}: {error}",
                advice="This is a defect of smext: the server's log has the details.",
            ) from error

    def _read(self, kind: Kind, memory: Memory, now: datetime, first: Callable[[list[Row]], None]) -> Reading:
        listed = list_calls.ask(self.account, self.details, kind, now, opening=not memory.begun)
        merged = unreadable.merge(kind, listed.adding)
        found = merged.found
        _learn(kind, memory, found, listed.deep, now)
        own = self._own(kind, found) if not listed.complete else []
        missing = [key for key in memory.active if kind.partial and key not in found]
        found |= {key: memory.active[key] for key in missing}
        needed = list(dict.fromkeys([*own, *missing, *_needed(kind, memory, found, now)]))
        if needed and not memory.begun:
            first([row for row, _ in (self.readable(kind, item, now) for item in found.values())])
        problems = [*listed.problems, *self._describe(kind, memory, found, needed, now)]
        memory.details = {key: known for key, known in memory.details.items() if key in found}
        described = {key: _known(kind, memory, key, item) for key, item in found.items()}
        memory.active = {key: item for key, item in described.items() if unreadable.status(kind, item).active}
        memory.begun = True
        if self.owners and kind.arn:
            self.owners.learn(str(item.get(kind.arn) or "") for item in memory.active.values())
        made = list(self.details.map(lambda item: self.readable(kind, item, now), described.values()))
        unread = [*merged.unreadable, *(each for _, each in made if each)]
        rows = {
            row.key: row
            for row in [
                *(unreadable.row(kind, each) for each in merged.unreadable),
                *(row for row, _ in made),
            ]
        }
        return Reading(
            sorted(rows.values(), key=_order),
            listed.complete and not unread,
            _together([*problems, *([unreadable.problem(kind, unread)] if unread else [])]),
            listed.left_out,
        )

    def _own(self, kind: Kind, found: dict[Key, Item]) -> list[Key]:
        """Return the key of the machine this server runs on, added to `found`, where it must be described."""
        item = kind.own(self.here)
        if item is None:
            return []
        key = kind.key(item)
        return [key] if kind.detail.wanted(found.setdefault(key, item)) else []

    def item(self, kind: Kind, key: Key) -> Item:
        """Describe one item by its key. Raises errors.SmextError."""
        if len(key) != len(kind.key_members):
            raise errors.NotFound(f"Could not find this {kind.singular}: its key is not whole.")
        item: Item = dict(zip(kind.key_members, key, strict=True))
        with unreadable.reading(kind, item, "description"):
            return item | kind.detail.fetch(self.call(kind, kind.detail.operations), item)

    def row(self, kind: Kind, item: Item, now: datetime) -> Row:
        """Make the row of a described item. Raises whatever a function of the kind raises for it."""
        return self._row(kind, item, now)

    def call(self, kind: Kind, operations: Sequence[str]) -> Call:
        """Return a function that calls the declared operations and nothing else: the IAM policy rests on it."""

        def call(operation: str, /, **params: Any) -> Item:
            if operation not in operations:
                raise AssertionError(f"{kind.name} does not declare {operation}")
            return self.account.call(kind.service, operation, **params)

        return call

    def _describe(
        self, kind: Kind, memory: Memory, found: dict[Key, Item], keys: list[Key], now: datetime
    ) -> list[Problem]:
        """Describe items into the memory, and remove from `found` those that are gone."""
        call = self.call(kind, kind.detail.operations)

        def fetch(key: Key) -> Problem | None:
            item = found[key]
            try:
                with unreadable.reading(kind, item, "description", _COSTS):
                    described = kind.detail.fetch(call, item)
                    if kind.key({**item, **described}) != key:
                        raise ValueError("it is that of something else")
                    memory.details[key] = Known(kind.detail.version(item), now, described)
            except errors.NotFound:
                found.pop(key, None)  # gone between the list and now
            except errors.SmextError as error:
                return error.problem()
            return None

        return [problem for problem in self.details.map(fetch, keys) if problem]

    def readable(self, kind: Kind, item: Item, now: datetime) -> tuple[Row, unreadable.UnreadableItem | None]:
        """Make the row of an item, or one that says why the item cannot be read."""
        try:
            return self._row(kind, item, now), None
        except Exception as error:
            unread = unreadable.UnreadableItem(item, unreadable.said(error))
            return unreadable.row(kind, unread), unread

    def _row(self, kind: Kind, item: Item, now: datetime) -> Row:
        status, facts = kind.status(item), kind.facts(item, self.here)
        owner, mine = self._whose(kind, item, facts)
        billing = bill(facts, status.certainty, status.why, self.account.region, now, self.rate)
        return Row(
            key="/".join(quote(part, safe="") for part in kind.key(item)),
            kind=kind.name,
            name=facts.name,
            status=facts.status,
            detail_status=facts.detail_status if facts.detail_status != facts.status else "",
            tone=status.tone,
            active=status.active,
            changing=status.changing,
            reason=facts.reason,
            created=facts.created,
            started=facts.started,
            ended=facts.ended,
            deadline=facts.deadline,
            cells={**facts.cells, **_monthly(kind, billing)},
            billing=billing,
            actions=[]
            if self.read_only
            else [self._action(a, facts) for a in kind.actions if _allows(a, item)],
            links=list(facts.links),
            owner=owner,
            mine=mine,
            here=facts.here,
            notebook=facts.notebook,
            progress=self._progress(facts.live) if facts.live and status.active else None,
            subtitle=facts.subtitle,
        )

    def _progress(self, live: str) -> Progress | None:
        """Return the run's progress, or None where it cannot be read."""
        return unreadable.known(lambda: self.progress(live), None)

    def _whose(self, kind: Kind, item: Item, facts: Facts) -> tuple[str | None, bool | None]:
        """Return the owner, and True where that is the current user; None is unknown."""
        if facts.owner or not (self.owners and kind.arn):
            mine = facts.here or self.here.owns(facts.owner)
            return facts.owner, mine or (None if facts.shared else mine)
        profile = self.owners.of(str(item.get(kind.arn) or ""))
        if profile is None:
            return None, facts.here or None
        return profile.name, facts.here or self.here.owns(profile.name, profile.domain)

    def _action(self, action: Action, facts: Facts) -> RowAction:
        return RowAction(
            name=action.name,
            label=action.label,
            danger=action.danger,
            lost=action.lost,
            stays=action.stays,
            ask_twice=action.danger and (facts.here or self.protected()),
        )


def info(kind: Kind) -> KindInfo:
    """Return the description of a kind that the frontend needs."""
    actions = [ActionInfo(name=a.name, label=a.label, danger=a.danger) for a in kind.actions]
    operations = dict.fromkeys([*kind.operations, *(o for a in kind.actions for o in a.operations)])
    return KindInfo(
        name=kind.name,
        label=kind.label,
        singular=kind.singular,
        columns=list(kind.columns),
        actions=actions,
        has_logs=kind.logs is not None,
        has_outputs=kind.outputs is not None,
        permissions=[kind.permission(operation) for operation in operations],
    )


def as_table(kind: Kind, found: Reading | errors.SmextError, now: datetime) -> Table:
    """Make a table of one reading, or of its failure, without an earlier one."""
    if isinstance(found, errors.SmextError):
        return Table(kind=kind.name, revision=1, problem=found.problem())
    return Table(
        kind=kind.name,
        revision=1,
        rows=found.rows,
        as_of=now,
        problem=found.problem,
        complete=found.complete,
        left_out=found.left_out,
    )


def parse_key(key: str) -> Key:
    """Parse a Row.key into its parts."""
    return tuple(unquote(part) for part in key.split("/"))


def _learn(
    kind: Kind, memory: Memory, found: dict[Key, Item], told: Sequence[list[Item]], now: datetime
) -> None:
    """Cache what deep lists tell: as a description where it is enough, else as a part of one."""
    for item in _all(told):
        with contextlib.suppress(Exception):  # what cannot be read tells nothing, and is described
            key, version = kind.key(item), kind.detail.version(item)
            # What no other list confirms may be old: believed at the first reading, asked for soon after.
            confirmed = found.get(key) is not item or not memory.begun
            if key not in found or version != kind.detail.version(found[key]) or not confirmed:
                continue
            if kind.detail.enough(item):
                memory.details[key] = Known(version, now, item)
            else:
                found[key] = {**item, **found[key]}


def _all(answers: Sequence[list[Item]]) -> Iterator[Item]:
    for answer in answers:
        yield from answer


def _needed(kind: Kind, memory: Memory, found: Mapping[Key, Item], now: datetime) -> list[Key]:
    """Return the keys to describe: new and changed items, and a limited number of the others."""
    new, settling, over = list[Key](), list[tuple[datetime, Key]](), list[Key]()
    for key, item in found.items():
        # Of some kinds only the detail tells the status.
        status, known = unreadable.status(kind, _known(kind, memory, key, item)), memory.details.get(key)
        current = known is not None and known.version == kind.detail.version(item)
        wanted = kind.detail.wanted(item)
        if not kind.detail.rows:
            over += [key] if wanted and not current else []
        elif status.active or wanted or key in memory.active:
            if known is None or not current:
                new.append(key)
            elif now - known.at >= _lasts(kind, status):
                settling.append((known.at, key))
        elif known is None:
            over.append(key)
    oldest = [key for _, key in sorted(settling)[:SETTLED]]
    return [*new, *oldest, *(over[:BACKFILL] if memory.begun else [])]


def _lasts(kind: Kind, status: Status) -> timedelta:
    """Return how long a description is valid while the list shows no change."""
    return SETTLE if status.changing else kind.detail.lasts or timedelta.max


def _known(kind: Kind, memory: Memory, key: Key, item: Item) -> Item:
    """Merge an item with its cached detail; where the detail is older, the list wins."""
    known = memory.details.get(key)
    if known is None:
        return item
    return {**item, **known.item} if known.version == kind.detail.version(item) else {**known.item, **item}


def _monthly(kind: Kind, billing: Billing) -> dict[str, float]:
    """Fill the column `usd_per_month`, which the kind itself cannot: it knows no prices."""
    shown = any(column.name == "usd_per_month" for column in kind.columns)
    return {"usd_per_month": billing.usd_per_month} if shown and billing.usd_per_month is not None else {}


def _allows(action: Action, item: Item) -> bool:
    """Return True if the action is allowed; False for an item that cannot be read."""
    return unreadable.known(lambda: action.allowed(item), False)


def _together(problems: Sequence[Problem]) -> Problem | None:
    """Return the first problem, with the messages of the others."""
    said = list(dict.fromkeys(problem.message for problem in problems))
    return problems[0].model_copy(update={"message": " ".join(said[:SAID])}) if problems else None


def _order(row: Row) -> tuple[bool, float, str]:
    """Return a sort key: active rows first, then the newest."""
    return (not row.active, -(row.created.timestamp() if row.created else 0.0), row.name)
