"""Definition of a kind of resource: a value and a few functions.

The engine (smext/inventory/reader.py) does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..api import Certainty, Column, Fact, Link, Phase, Tone
from ..aws.account import IAM_PREFIX
from ..aws.responses import InvalidTime
from ..aws.studio import ServerIdentity
from ..pricing import Component
from .signal import Signal
from .storage import Product

Item = dict[str, Any]
"""A member of a list answer, with the describe answer merged over it where there is one."""


class Answer(list[Item]):
    """Items of one list call.

    Not `whole` where there may be more of them: it was cut short, or could not be read.

    What is missing from it is then not known to be gone: a `join` never says Stopped, free or deleted for that.
    """

    whole: bool = True

    def __init__(self, items: Iterable[Item] = ()) -> None:
        super().__init__(items)
        self.unreadable = list[object]()
        """What stood in the list and is no item."""

    def take(self, list_call: ListCall, raw: Any) -> None:
        """Add a raw list entry, or put it aside where it is no item."""
        try:
            item = list_call.pick(raw)
        except Exception:
            item = None
        if isinstance(item, dict):
            self.append(item)
        else:
            self.unreadable.append(raw)


class Call(Protocol):
    """Call one declared operation: `call("DescribeEndpoint", EndpointName="e")`. Raises errors.SmextError."""

    def __call__(self, operation: str, /, **params: Any) -> Item:
        """Return the answer of one call."""


@dataclass(frozen=True)
class Status:
    """Meaning of a status: tone, activity and billing."""

    tone: Tone
    active: bool = False
    changing: bool = False
    certainty: Certainty = "none"
    why: str = ""


BILLS: frozenset[Certainty] = frozenset({"billing", "may be billing"})
"""By the hour, surely or perhaps."""
_BEGUN, _FAR = 2000, 2200
"""Years between which what AWS tells of lies."""
LARGEST: Mapping[str, int] = {"MaxResults": 100}
"""The page size of SageMaker's list calls at its largest; the default of 10 would take ten times the calls."""


@dataclass(frozen=True)
class ListCall:
    """List call: its items stand in the member `result`; at most `pages` pages are read."""

    operation: str
    result: str
    params: Callable[[datetime], Mapping[str, Any]] = lambda now: {}
    size: Mapping[str, int] = field(default_factory=lambda: LARGEST)
    """The member that asks for large pages; empty where the operation has none."""
    token: str = "NextToken"
    """The member of the request that asks for the next page."""
    next_token: str = "NextToken"
    """The member of the answer that it comes from."""
    pages: int = 20
    pick: Callable[[Item], Item] = lambda item: item
    history: bool = False
    """More pages than these hold only what is over: leaving them out hides nothing that bills."""
    optional: bool = False
    """The table stands without it: a failure is said beside the rows."""
    deep: bool = False
    """Its items have members that else a describe call tells: they serve where list and item are of one version."""
    adds: bool = True
    """False where what stands in no other list is left out: it may be gone. So it is of every `opening`."""

    def left_out(self, now: datetime) -> str:
        """Return which items are behind the pages that are read (`older ones`), by the requested order."""
        order = str(self.params(now).get("SortOrder", ""))
        return {"Descending": "older ones", "Ascending": "newer ones"}.get(order, "others")


@dataclass(frozen=True)
class Detail:
    """Describe calls of a kind; their answers are merged over the item.

    Asked for again only when `version` differs from the last time.
    """

    operations: tuple[str, ...]
    fetch: Callable[[Call, Item], Item]
    version: Callable[[Item], object]
    wanted: Callable[[Item], bool] = lambda item: False
    """For rows that are not active; active ones are always described, the others little by little.

    Without `rows`, those that are described little by little.
    """
    rows: bool = True
    """False where the list says all that a row needs: described is what somebody looks at, and what is wanted."""
    enough: Callable[[Item], bool] = lambda item: False
    """Whether an item of a deep list needs no describe call at all."""
    lasts: timedelta | None = None
    """Where the list does not show every change: active items are described again after so long."""


@dataclass(frozen=True)
class Meter:
    """Hourly meter: `count` machines of a type at the rate of a component."""

    component: Component
    instance_type: str | None
    count: float = 1


@dataclass(frozen=True)
class Volume:
    """Storage that bills by the month whether anything runs or not; `gigabytes` None is unknown."""

    product: Product
    gigabytes: float | None


@dataclass(frozen=True)
class Facts:
    """Facts of one item; the engine makes the row of it."""

    name: str
    status: str
    detail_status: str = ""
    reason: str = ""
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    deadline: datetime | None = None
    """When AWS ends it by itself, at the latest."""
    meters: Sequence[Meter] = ()
    volumes: Sequence[Volume] = ()
    billed_from: datetime | None = None
    billed_seconds: float | None = None
    """Once AWS says it (spot); else the time from billed_from to ended or now."""
    certainty: Certainty | None = None
    """Where it is not the status that tells."""
    why: str = ""
    cells: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)
    subtitle: str = ""
    owner: str | None = None
    shared: bool = False
    """Others than its owner use it, too: it is nobody else's alone."""
    here: bool = False
    notebook: str | None = None
    live: str | None = None
    """s3:// place where the runner leaves its progress."""
    run: str | None = None
    """s3:// place of the run, with its record."""
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Action:
    """Action on an item, and what is lost or stays."""

    name: str
    label: str
    operations: tuple[str, ...]
    run: Callable[[Call, Item], object]
    allowed: Callable[[Item], bool]
    done: str
    """Said when AWS has taken it: `Stopping {name}.`"""
    lost: str = ""
    stays: str = ""
    danger: bool = False


@dataclass(frozen=True)
class LogSource:
    """Log group and stream prefix of an item (AWS docs: logging-cloudwatch.html)."""

    group: str
    prefix: str = ""
    recent_seconds: int | None = None
    """Of a log without end, only so much of its past."""


@dataclass(frozen=True)
class OutputPlace:
    """Places of an item's outputs: s3:// prefixes, and single objects."""

    prefixes: Sequence[str] = ()


@dataclass(frozen=True)
class Kind:
    """Kind of resource. What is None it cannot do."""

    name: str
    label: str
    singular: str
    list_calls: tuple[ListCall, ...]
    key_members: tuple[str, ...]
    """The members of an item that identify it, in order."""
    status_of: Callable[[Item], str]
    statuses: Mapping[str, Status]
    facts: Callable[[Item, ServerIdentity], Facts]
    columns: tuple[Column, ...]
    detail: Detail
    opening: tuple[ListCall, ...] = ()
    """Asked beside the list calls at the first reading, to save describe calls.

    They add nothing of their own, since an index may lag behind; where one fails, everything is described.
    """
    arn: str = ""
    """The member with its own ARN, of what Studio tags with who started it."""
    join: Callable[[Sequence[Answer]], list[Item]] | None = None
    """Makes one list of the answers of all list calls; else the first mention of a key wins.

    Each answer tells by `whole` whether what is missing from it is known to be missing.
    """
    actions: tuple[Action, ...] = ()
    logs: Callable[[Item], LogSource] | None = None
    outputs: Callable[[Item], OutputPlace] | None = None
    phases: Callable[[Item], list[Phase]] | None = None
    more: Callable[[Item], list[Fact]] | None = None
    parameters: Callable[[Item], Mapping[str, Any]] | None = None
    resources: Callable[[Item], Sequence[str]] = lambda item: ()
    """The ends of its ARNs that do not stand in the item: `space/DOMAIN/NAME`."""
    signals: tuple[Signal, ...] = ()
    """What tells whether anybody uses an item."""
    own: Callable[[ServerIdentity], Item | None] = lambda here: None
    """What this very server runs on, as far as its key: looked for by itself where the lists are not whole."""
    partial: bool = False
    """The lists leave items out: an active one that is missing from them is looked for by its key."""
    service: str = "sagemaker"
    status_shapes: tuple[str, ...] = ()
    """botocore enums whose every value must stand in `statuses`."""
    bills: str = ""
    """What bills, in a few words, and by what."""
    ends: str = ""
    """How its bill ends where no action of smext does it."""

    def key(self, item: Item) -> tuple[str, ...]:
        """Return the values of `key_members`; an empty text for a missing one."""
        return tuple(str(item.get(member) or "") for member in self.key_members)

    def status(self, item: Item) -> Status:
        """Return the meaning of an item's status; an unknown one is active and may be billing."""
        value = self.status_of(item)
        return self.statuses.get(value) or Status(
            "neutral", active=True, certainty="may be billing", why=f"unknown status {value or '(none)'}"
        )

    @property
    def may_bill(self) -> bool:
        """True if a status of it may bill by the hour, so that a total is `at least` where it cannot be seen."""
        return any(status.certainty in BILLS for status in self.statuses.values())

    @property
    def operations(self) -> tuple[str, ...]:
        """Operations that reading this kind takes."""
        listed = (list_call.operation for list_call in (*self.list_calls, *self.opening))
        return tuple(dict.fromkeys([*listed, *self.detail.operations]))

    def permission(self, operation: str) -> str:
        """Return the IAM action of an operation."""
        return f"{IAM_PREFIX.get(self.service, self.service)}:{operation}"


NEWEST: Mapping[str, str] = {"SortBy": "CreationTime", "SortOrder": "Descending"}
"""The order of every list that takes one, since many have another by default: what is cut is what is oldest."""


def newest(operation: str, result: str, sort_by: str = "CreationTime") -> ListCall:
    """Make a list call of all items, the newest first."""
    return ListCall(operation, result, lambda now: {**NEWEST, "SortBy": sort_by})


def recent(operation: str, result: str) -> ListCall:
    """Make a list call of the newest 100 jobs."""
    return ListCall(operation, result, lambda now: NEWEST, pages=1, history=True)


def created_within(operation: str, result: str, days: float) -> ListCall:
    """Make a list call of jobs created within `days`, for a kind whose jobs take no longer."""

    def params(now: datetime) -> dict[str, Any]:
        after = now - timedelta(days=days)
        return {**NEWEST, "CreationTimeAfter": after}

    return ListCall(operation, result, params, pages=5)


def running(operation: str, result: str, longest_days: float) -> ListCall:
    """Make a list call of the jobs in progress, within the longest run that AWS allows.

    Filtered pages may be empty and still go on (botocore: ListTrainingJobs.StatusEquals).
    """

    def params(now: datetime) -> dict[str, Any]:
        after = now - timedelta(days=longest_days)
        return {**NEWEST, "StatusEquals": "InProgress", "CreationTimeAfter": after}

    return ListCall(operation, result, params, pages=5, optional=True)


def calling(operation: str, member: str) -> Callable[[Call, Item], Item]:
    """Return a function that calls an operation with one member of the item, such as its name."""
    return lambda call, item: call(operation, **{member: item[member]})


def moment(value: object) -> datetime | None:
    """Return a time of an answer, or None. Raises ValueError for a year outside of 2000 to 2199."""
    if isinstance(value, InvalidTime) or (isinstance(value, datetime) and not _BEGUN <= value.year < _FAR):
        raise ValueError("a time in it is none of our days")
    return value if isinstance(value, datetime) else None


def machines(instance_type: str | None, count: int | None = 1) -> str:
    """Format a machine count: `ml.m5.xlarge`, `2 × ml.m5.xlarge`."""
    name = instance_type or "unknown type"
    return name if count in (None, 1) else f"{count} × {name}"
