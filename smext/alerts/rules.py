"""Rules for warnings: a pure function of the tables, the time and some thresholds.

Nothing is said of what surely is somebody else's, or of what is marked to be kept; and an unknown price is
never a small one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log
from typing import Literal

from ..api import CostWarning, Row, RowRef, Table
from ..inventory.total import summed
from .idle_shutdown import IdleShutdown

HOUR = timedelta(hours=1)
CHEAP, DEAR = 0.1, 5.0
"""USD per hour between which patience falls."""
SHORTEST = 1 / 12
"""Of the patience with what is cheap, that with what is dear: two hours of 24."""
WITH_LIMIT = 2.0
"""So much more patience with what ends by itself."""
NO_PRICE = 1.0
"""USD per hour that something without a price is taken for, where it is about patience alone."""
WEEKEND = (4, 15)
MONDAY = 9
"""From Friday 15:00 until Monday 09:00."""


@dataclass(frozen=True)
class Thresholds:
    """Limits from which on something is worth a warning."""

    usd_per_hour: float = 10.0
    """All together."""
    idle_hours: float = 2.0
    long_hours: float = 24.0
    """How long what costs $0.10 an hour or less may run."""
    near_limit: float = 0.9
    """Part of its time limit that a job has used."""
    weekend_usd: float = 5.0
    since_usd: float = 0.5

    def patience(self, usd_per_hour: float) -> timedelta:
        """Return how long something may run before it is warned of, the shorter the dearer.

        Falls with a power of the rate from `long_hours` at $0.10 to a twelfth of it at $5, so that a factor in
        price is a factor in time: 24 h at $0.10, 14 h at $0.23, 5.6 h at $1, 2 h from $5 on. What is spoken of
        has cost from $2.40 to $10 by then.
        """
        at = min(max(usd_per_hour, CHEAP), DEAR) / CHEAP
        steepness: float = log(1 / SHORTEST) / log(DEAR / CHEAP)
        return self.long_hours * HOUR / float(at**steepness)


@dataclass(frozen=True)
class Snapshot:
    """Input of the rules: tables, time, exemptions, thresholds."""

    tables: Sequence[Table]
    labels: Mapping[str, str]
    """Of each kind, for people: `Endpoints`."""
    singulars: Mapping[str, str]
    now: datetime
    offset: timedelta = timedelta(0)
    """What is added to UTC for the time on the user's wall."""
    since: datetime | None = None
    """When the user last looked."""
    kept: frozenset[tuple[str, str]] = frozenset()
    """Kind and key of what is marked to be kept."""
    idle_shutdown: IdleShutdown | None = None
    """Of this very space, where it is known."""
    hidden: bool = False
    """Something that may bill could not be seen."""
    hourly: frozenset[str] = frozenset()
    """Kinds of which something may bill by the hour."""
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def rows(self) -> list[Row]:
        """Rows that may be this user's."""
        return [row for table in self.tables for row in table.rows if row.mine is not False]

    @property
    def billing(self) -> list[Row]:
        """Rows that bill now and are not exempt, the dearest first."""
        rows = [r for r in self.rows if r.billing.certainty == "billing" and (r.kind, r.key) not in self.kept]
        return sorted(rows, key=lambda row: (-(row.billing.usd_per_hour or 0.0), row.name))

    @property
    def at_least(self) -> bool:
        """True where any sum may be too low: something is unpriced, may be billing, or was not seen."""
        perhaps = (r for r in self.rows if r.billing.certainty == "may be billing")
        unpriced = any(row.billing.usd_per_hour is None for row in self.billing)
        return self.hidden or unpriced or any((r.kind, r.key) not in self.kept for r in perhaps)

    def local(self, time: datetime) -> datetime:
        """Convert UTC to the user's local time."""
        return time + self.offset


def warnings(snapshot: Snapshot) -> list[CostWarning]:
    """Return all warnings, the gravest first.

    The id of the same thing stays the same, so that it can be snoozed.
    """
    idle = [warning for row in snapshot.billing if (warning := _idle(snapshot, row))]
    spoken_of = {(ref.kind, ref.key) for warning in idle for ref in warning.rows}
    running = [
        warning
        for row in snapshot.billing
        if (row.kind, row.key) not in spoken_of and (warning := _long(snapshot, row))
    ]
    limits = [warning for row in snapshot.billing if (warning := _limit(snapshot, row))]
    single = [_rate(snapshot), _weekend(snapshot), _since(snapshot), _shutdown(snapshot)]
    found = [*filter(None, single), *limits, *idle, *running]
    return sorted(found, key=lambda warning: _LEVELS.index(warning.level))


_LEVELS = ("error", "warning", "info")
_USE = "use"
"""Running long and idling are one warning: what it says grows with what is known, and is said and put off once."""


def until_monday(snapshot: Snapshot) -> float | None:
    """Return USD from now until Monday 09:00 if nothing changes; None where nothing is known."""
    to_come = (_to_come(row, snapshot.now, _monday(snapshot)) for row in snapshot.billing)
    return summed(to_come, at_least=snapshot.at_least)


def _rate(snapshot: Snapshot) -> CostWarning | None:
    usd = summed((row.billing.usd_per_hour for row in snapshot.billing), at_least=snapshot.at_least)
    if usd is None or usd < snapshot.thresholds.usd_per_hour:
        return None
    title = f"{_at_least(snapshot)}{_money(usd)}/h is billing now"
    why = f": above {_money(snapshot.thresholds.usd_per_hour)}/h"
    return _of_all(snapshot, "rate", "error", title, why, usd)


def _weekend(snapshot: Snapshot) -> CostWarning | None:
    local = snapshot.local(snapshot.now)
    day, hour = WEEKEND
    begun = (local.weekday() == day and local.hour >= hour) or local.weekday() > day
    monday, usd = _monday(snapshot), until_monday(snapshot)
    if (
        usd is None
        or (not begun and monday - snapshot.now > MONDAY * HOUR)
        or usd < snapshot.thresholds.weekend_usd
    ):
        return None
    name = f"weekend:{snapshot.local(monday):%Y-%m-%d}"
    title = f"Over the weekend this will cost {_at_least(snapshot)}{_money(usd)}"
    why = f", until Monday {MONDAY:02d}:00 if all goes on as it is"
    return _of_all(snapshot, name, "warning", title, why, usd)


def _of_all(
    snapshot: Snapshot, name: str, level: Literal["error", "warning"], title: str, why: str, usd: float
) -> CostWarning:
    """Warn of all that bills together; `why` goes on after how many they are."""
    billing = snapshot.billing
    return CostWarning(
        id=name,
        level=level,
        title=title,
        text=f"{_counted(snapshot, billing)}{why}. The dearest: {_dearest(billing)}.{_left_out(snapshot)}",
        rows=_refs(billing),
        usd=usd,
    )


def _since(snapshot: Snapshot) -> CostWarning | None:
    """Warn of what was spent while the user was away, exempt resources included."""
    since = snapshot.since
    if since is None or snapshot.now - since < HOUR:
        return None
    # What only may bill is not known to have cost anything: it makes the sum `at least`.
    sure = [row for row in snapshot.rows if row.billing.certainty != "may be billing"]
    costs = [(row, cost) for row in sure if (cost := _cost(row, since, snapshot.now))]
    usd = sum(cost for _, cost in costs)
    if usd < snapshot.thresholds.since_usd:
        return None
    rows = [row for row, _ in sorted(costs, key=lambda pair: -pair[1])]
    more = snapshot.at_least or any(_cost_unknown(snapshot, row, since) for row in sure)
    return CostWarning(
        id=f"since:{since:%Y-%m-%dT%H:%M}",
        level="info",
        title=f"Since {_day(snapshot, since)}: {'at least ' if more else ''}{_money(usd)}",
        text=f"{_counted(snapshot, rows)}.",
        rows=_refs(rows),
        usd=usd,
    )


def _idle(snapshot: Snapshot, row: Row) -> CostWarning | None:
    if row.idle is None or row.idle.since is None:
        return None
    lasted = snapshot.now - row.idle.since
    if lasted < snapshot.thresholds.idle_hours * HOUR:
        return None
    usd = _cost(row, row.idle.since, snapshot.now)
    return CostWarning(
        id=_id(_USE, row),
        level="warning",
        title=f"{row.name}: {row.idle.signal} for {_duration(lasted)}",
        text=f"This {snapshot.singulars[row.kind]} bills {_price(row)}{_sum(usd, 'since then')}.",
        rows=_refs([row]),
        usd=usd,
    )


def _long(snapshot: Snapshot, row: Row) -> CostWarning | None:
    if row.billing.since is None:
        return None
    rate, lasted = row.billing.usd_per_hour, snapshot.now - row.billing.since
    patience = snapshot.thresholds.patience(NO_PRICE if rate is None else rate)
    if lasted < patience * (WITH_LIMIT if row.deadline else 1.0):
        return None
    return CostWarning(
        id=_id(_USE, row),
        level="warning",
        title=f"{row.name} has run for {_duration(lasted)}",
        text=f"This {snapshot.singulars[row.kind]} bills {_price(row)}{_sum(row.billing.accrued_usd, 'so far')}.",
        rows=_refs([row]),
        usd=row.billing.accrued_usd,
    )


def _limit(snapshot: Snapshot, row: Row) -> CostWarning | None:
    if row.deadline is None or row.started is None or row.deadline <= row.started:
        return None
    used = (snapshot.now - row.started) / (row.deadline - row.started)
    if used < snapshot.thresholds.near_limit:
        return None
    left = max(row.deadline - snapshot.now, timedelta(0))
    return CostWarning(
        id=_id("limit", row),
        level="warning",
        title=f"{row.name} is stopped in {_duration(left)}",
        text=f"It has used {min(used, 1.0):.0%} of its time limit of {_duration(row.deadline - row.started)}, "
        "which cannot be raised while it runs. What it has not saved by then is lost.",
        rows=_refs([row]),
        usd=row.billing.accrued_usd,
    )


def _shutdown(snapshot: Snapshot) -> CostWarning | None:
    here = next((row for row in snapshot.billing if row.here), None)
    if here is None or snapshot.idle_shutdown is None or snapshot.idle_shutdown.on:
        return None
    return CostWarning(
        id=f"idle-shutdown:{snapshot.idle_shutdown.domain}",
        level="info",
        title="Idle shutdown is off for this space",
        text=f"{here.name} bills {_price(here)} until somebody stops it. An administrator can turn idle shutdown on "
        f"in domain {snapshot.idle_shutdown.domain}.",
        rows=_refs([here]),
        usd=here.billing.usd_per_hour,
    )


def _cost(row: Row, begin: datetime, end: datetime) -> float | None:
    """Return USD that a row cost between two times; None where its price or its start is unknown."""
    rate, since = _hourly(row), row.billing.since or row.started
    if rate is None or since is None:
        return None
    return rate * max((min(row.ended or end, end) - max(since, begin)) / HOUR, 0.0)


def _cost_unknown(snapshot: Snapshot, row: Row, since: datetime) -> bool:
    """Return True if it bills, or ended meanwhile, at a cost that is not known."""
    if _cost(row, since, snapshot.now) is not None:
        return False
    if row.billing.certainty == "billing":
        return True
    ended = row.kind in snapshot.hourly and row.ended is not None and row.ended > since
    # Whose price is known and that never started has cost nothing.
    return ended and (row.started is not None or row.billing.price is None)


def _to_come(row: Row, begin: datetime, end: datetime) -> float:
    """Return USD from now on, 0 where the price is unknown: it does not depend on since when it bills."""
    last = min(end, row.deadline) if row.deadline else end
    return (row.billing.usd_per_hour or 0.0) * max((last - begin) / HOUR, 0.0)


def _hourly(row: Row) -> float | None:
    """Return USD per hour now, or while it ran; None is unknown."""
    if row.billing.usd_per_hour is not None:
        return row.billing.usd_per_hour
    if row.billing.accrued_usd is None or row.started is None or row.ended is None or row.active:
        return None
    return row.billing.accrued_usd / max((row.ended - row.started) / HOUR, 1e-6)


def _monday(snapshot: Snapshot) -> datetime:
    """Return next Monday 09:00 of the user, in UTC."""
    local = snapshot.local(snapshot.now)
    morning = local.replace(hour=MONDAY, minute=0, second=0, microsecond=0)
    morning += timedelta(days=(7 - local.weekday()) % 7)
    return (morning if morning > local else morning + timedelta(days=7)) - snapshot.offset


# --- words -------------------------------------------------------------------------------------------


def _refs(rows: Iterable[Row]) -> list[RowRef]:
    return [RowRef(kind=row.kind, key=row.key) for row in rows]


def _id(what: str, row: Row) -> str:
    """Return the id of a warning for one life of a resource: started again, it has another."""
    begun = row.billing.since or row.created
    return f"{what}:{row.kind}/{row.key}@{begun:%Y%m%dT%H%M%S}" if begun else f"{what}:{row.kind}/{row.key}"


def _counted(snapshot: Snapshot, rows: Iterable[Row]) -> str:
    """Return the counts by kind: `2 endpoints, 1 training job`."""
    counts = Counter(row.kind for row in rows)
    return ", ".join(
        f"{count} {snapshot.singulars[kind] if count == 1 else _plain(snapshot.labels[kind])}"
        for kind, count in counts.items()
    )


def _plain(label: str) -> str:
    """Return a label as it stands within a sentence; an abbreviation stays upper case."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _dearest(rows: Sequence[Row]) -> str:
    return ", ".join(f"{row.name} ({_price(row)})" for row in rows[:3])


def _at_least(snapshot: Snapshot) -> str:
    return "at least " if snapshot.at_least else ""


def _left_out(snapshot: Snapshot) -> str:
    return " What cannot be seen is not in it." if snapshot.hidden else ""


def _price(row: Row) -> str:
    usd = row.billing.usd_per_hour
    return "at a price that is not known" if usd is None else f"{_money(usd)}/h"


def _sum(usd: float | None, words: str) -> str:
    return "" if usd is None else f", {_money(usd)} {words}"


def _money(usd: float) -> str:
    return f"${usd:,.0f}" if usd >= 100 else f"${usd:.2f}"


def _duration(time: timedelta) -> str:
    """Format a duration: `3 days`, `5 h`, `20 min`."""
    if time >= timedelta(days=2):
        return f"{time.days} days"
    return f"{time / HOUR:.0f} h" if time >= 2 * HOUR else f"{time / timedelta(minutes=1):.0f} min"


def _day(snapshot: Snapshot, time: datetime) -> str:
    """Format a time in the user's zone: `18:40`, `yesterday 18:40`, `Tuesday 18:40`, `3 November 18:40`."""
    local, today = snapshot.local(time), snapshot.local(snapshot.now).date()
    days = (today - local.date()).days
    day = {0: "", 1: "yesterday "}.get(days, f"{local:%A} " if days < 7 else f"{local.day} {local:%B} ")
    return f"{day}{local:%H:%M}"
