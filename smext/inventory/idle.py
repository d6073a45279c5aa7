"""Idle detection: asks CloudWatch for the signals that kinds name, for the resources that bill.

GetMetricData is charged by the metric (1 cent for a thousand), so only what bills is asked about, the dear
first, and so many series in one look at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..api import Idle, Row
from ..aws.account import Account
from ..aws.cloudwatch import Point, Series, ask
from ..kinds.base import Item, Kind
from ..kinds.signal import Signal
from . import unreadable

SERIES = 100
"""In one look."""
LATE = timedelta(minutes=15)
"""A figure that is older says nothing of now."""

Found = Mapping[tuple[str, str], Idle]
"""By kind and row key."""


@dataclass(frozen=True)
class Candidate:
    kind: Kind
    item: Item
    row: Row

    @property
    def since(self) -> datetime | None:
        """Time from which on it could have been used."""
        return self.row.started or self.row.created


@dataclass(frozen=True)
class MetricQuery:
    about: Candidate
    signal: Signal
    series: Sequence[Series]


def look(account: Account, candidates: Iterable[Candidate], now: datetime) -> Found:
    """Return what is idle, by kind and row key; anything else is in use or unknown. Blocking.

    Raises errors.SmextError.
    """
    queries = _queries(candidates, now)
    answers = iter(ask(account, [series for q in queries for series in q.series], now))
    said: dict[tuple[str, str], list[Idle | bool | None]] = {}
    for query in queries:
        points = [next(answers) for _ in query.series]
        row = query.about.row
        said.setdefault((row.kind, row.key), []).append(judge(query.signal, points, query.about.since, now))
    return {key: idle for key, verdicts in said.items() if (idle := _together(verdicts))}


def judge(
    signal: Signal, series: Sequence[list[Point] | None], since: datetime | None, now: datetime
) -> Idle | bool | None:
    """Judge the series of one signal: Idle, True for in use, None for unknown.

    `since` is when the thing began to be there.
    """
    if any(points is None for points in series) or since is None:
        return None
    told = [points for points in series if points is not None]
    read = _seconds_idle if signal.tells == "seconds idle" else _use
    return read(signal, told, since, now)


def _use(signal: Signal, series: list[list[Point]], since: datetime, now: datetime) -> Idle | bool | None:
    quiet_from = now - signal.window
    used = [at + signal.period for points in series for at, value in points if value > signal.quiet]
    if any(at > quiet_from for at in used):
        return True
    if since > quiet_from:
        return None
    recent = [value for points in series for at, value in points if at >= quiet_from - signal.period]
    if not signal.silence and not all(_covers(points, quiet_from, now) for points in series):
        return None
    begin = max([*used, since, now - signal.reach])
    if not signal.silence:
        begin = max(begin, max(points[0][0] for points in series))
    return Idle(signal=signal.means.format(value=max(recent, default=0.0)), since=begin)


def _covers(points: list[Point], begin: datetime, now: datetime) -> bool:
    """Return True if there are figures from `begin` until now."""
    return bool(points) and points[0][0] <= begin and now - points[-1][0] <= LATE


def _seconds_idle(
    signal: Signal, series: list[list[Point]], since: datetime, now: datetime
) -> Idle | bool | None:
    last = max((points[-1] for points in series if points), default=None)
    if last is None or now - last[0] > LATE + signal.period:
        return None
    at, seconds = last
    begin = max(since, at - timedelta(seconds=seconds))
    if at - begin < signal.window:
        return True
    return Idle(signal=signal.means.format(value=seconds), since=begin)


def _together(verdicts: Sequence[Idle | bool | None]) -> Idle | None:
    """Merge the verdicts of all signals: one `in use` wins, else one `idle` is enough."""
    if True in verdicts:
        return None
    return next((verdict for verdict in verdicts if isinstance(verdict, Idle)), None)


def _queries(candidates: Iterable[Candidate], now: datetime) -> list[MetricQuery]:
    asked, room = list[MetricQuery](), SERIES
    for about in sorted(filter(_bills, candidates), key=_dear):
        queries = _readable(about, now)
        room -= sum(len(query.series) for query in queries)
        if room < 0:
            break
        asked += [query for query in queries if query.series]
    return asked


def _readable(about: Candidate, now: datetime) -> list[MetricQuery]:
    """Return the queries of all its signals; none where one cannot be made, so that it stays unknown."""
    signals = [signal for signal in about.kind.signals if _asked(signal, about)]
    return unreadable.known(lambda: [_query(about, signal, now) for signal in signals], [])


def _query(about: Candidate, signal: Signal, now: datetime) -> MetricQuery:
    begin, named = now - signal.reach, list(signal.series(about.item))
    for dimensions in named:
        if not all(isinstance(value, str) and value for value in dimensions.values()):
            raise ValueError(
                f"{signal.metric} has a dimension without a value"
            )  # it would spoil all the others
    return MetricQuery(
        about,
        signal,
        [
            Series(signal.namespace, signal.metric, dimensions, signal.statistic, signal.period, begin)
            for dimensions in named
        ],
    )


def _asked(signal: Signal, about: Candidate) -> bool:
    return (about.row.billing.usd_per_hour or 0.0) >= signal.from_usd_per_hour


def _bills(about: Candidate) -> bool:
    return about.row.active and about.row.billing.certainty in {"billing", "may be billing"}


def _dear(about: Candidate) -> float:
    return -(about.row.billing.usd_per_hour or 0.0)


def mark(rows: Sequence[Row], found: Found) -> list[Row]:
    """Return the rows with `idle` set from `found`, and cleared where it is not known any more."""
    return [_marked(row, found.get((row.kind, row.key)) if row.active else None) for row in rows]


def _marked(row: Row, idle: Idle | None) -> Row:
    return row if row.idle == idle else row.model_copy(update={"idle": idle})
