"""Figures of CloudWatch, many in one call (GetMetricData)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .aws import Account

# AWS docs, API_GetMetricData: what one call may ask for.
METRICS, POINTS = 500, 100_800
_PAGES = 10

Point = tuple[datetime, float]
"""Start of the period and the value."""


@dataclass(frozen=True)
class Series:
    """A metric with its dimensions, over the time from `start` on."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    period: timedelta
    start: datetime


def ask(account: Account, series: Sequence[Series], end: datetime) -> list[list[Point] | None]:
    """The points of each series, in order of time; None where CloudWatch does not tell. Blocking.

    No point says that nothing was recorded, which is not zero. Raises errors.SmextError.
    """
    found: list[list[Point] | None] = [None] * len(series)
    for batch in _batches(series, end):
        for number, points in zip(batch, _ask(account, [series[n] for n in batch], end), strict=True):
            found[number] = points
    return found


def _batches(series: Sequence[Series], end: datetime) -> Iterator[list[int]]:
    """Places of those that go into one call, which has one beginning for all."""
    batch, points = list[int](), 0
    for number in sorted(range(len(series)), key=lambda n: series[n].start):
        one = series[number]
        more = int((end - one.start) / one.period) + 1
        full = len(batch) == METRICS or points + more > POINTS
        if batch and (full or one.start != series[batch[0]].start):
            yield batch
            batch, points = [], 0
        batch.append(number)
        points += more
    if batch:
        yield batch


def _ask(account: Account, batch: Sequence[Series], end: datetime) -> list[list[Point] | None]:
    points: list[dict[datetime, float]] = [{} for _ in batch]
    untold = set[int]()
    pages = account.pages(
        "cloudwatch",
        "GetMetricData",
        "MetricDataResults",
        most=_PAGES,
        MetricDataQueries=[_query(number, one) for number, one in enumerate(batch)],
        StartTime=batch[0].start,
        EndTime=end,
    )
    for result in (result for page in pages for result in page):
        number = int(str(result["Id"]).removeprefix("m"))
        points[number] |= dict(zip(result.get("Timestamps") or [], result.get("Values") or [], strict=False))
        if result.get("StatusCode") in {"InternalError", "Forbidden"}:
            untold.add(number)
    return [
        None if number in untold else sorted((at, value) for at, value in points[number].items())
        for number in range(len(batch))
    ]


def _query(number: int, series: Series) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in series.dimensions.items()]
    metric = {"Namespace": series.namespace, "MetricName": series.metric, "Dimensions": dimensions}
    stat = {"Metric": metric, "Period": int(series.period.total_seconds()), "Stat": series.statistic}
    return {"Id": f"m{number}", "MetricStat": stat, "ReturnData": True}
