"""Metrics of CloudWatch, many in one call (GetMetricData)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .account import Account

# AWS docs, API_GetMetricData: what one call may ask for.
METRICS, POINTS = 500, 100_800
_PAGES = 10
_UNTOLD = {"InternalError", "Forbidden", "PartialData"}

Point = tuple[datetime, float]
"""Start of the period and the value."""


@dataclass(frozen=True)
class Series:
    """Metric with its dimensions, from the time `start` on."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    period: timedelta
    start: datetime


def ask(account: Account, series: Sequence[Series], end: datetime) -> list[list[Point] | None]:
    """Fetch the points of each series, in order of time; None where CloudWatch gives none. Blocking.

    No point says that nothing was recorded, which is not zero. Raises errors.SmextError.
    """
    start = min((one.start for one in series), default=end)
    return [points for batch in _batches(series, start, end) for points in _ask(account, batch, start, end)]


def _batches(series: Sequence[Series], start: datetime, end: datetime) -> Iterator[list[Series]]:
    """Yield the series of each call with a common start: metrics are charged, not points."""
    batch, points = list[Series](), 0
    for one in series:
        more = int((end - start) / one.period) + 1
        if batch and (len(batch) == METRICS or points + more > POINTS):
            yield batch
            batch, points = [], 0
        batch.append(one)
        points += more
    if batch:
        yield batch


def _ask(
    account: Account, batch: Sequence[Series], start: datetime, end: datetime
) -> list[list[Point] | None]:
    points: list[dict[datetime, float]] = [{} for _ in batch]
    untold = set(range(len(batch)))
    pages = account.pages(
        "cloudwatch",
        "GetMetricData",
        "MetricDataResults",
        most=_PAGES,
        MetricDataQueries=[_query(number, one) for number, one in enumerate(batch)],
        StartTime=start,
        EndTime=end,
    )
    for result in (result for page in pages for result in page):
        number = int(str(result["Id"]).removeprefix("m"))
        points[number] |= dict(zip(result.get("Timestamps") or [], result.get("Values") or [], strict=False))
        # A part of the points is not all: what is left out may be use.
        if result.get("StatusCode") in _UNTOLD:
            untold.add(number)
        else:
            untold.discard(number)
    return [
        None
        if number in untold
        else sorted(point for point in points[number].items() if point[0] >= one.start)
        for number, one in enumerate(batch)
    ]


def _query(number: int, series: Series) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in series.dimensions.items()]
    metric = {"Namespace": series.namespace, "MetricName": series.metric, "Dimensions": dimensions}
    stat = {"Metric": metric, "Period": int(series.period.total_seconds()), "Stat": series.statistic}
    return {"Id": f"m{number}", "MetricStat": stat, "ReturnData": True}
