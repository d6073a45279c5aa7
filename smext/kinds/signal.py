"""Signals of use, as data: a metric of CloudWatch, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal


@dataclass(frozen=True)
class Signal:
    """Metric that tells use. What it leaves open is neither idle nor in use: unknown.

    `means` is said of what idles, with {value} where it is in the figure: `no invocations`, `GPU at {value:.0f} %`.
    """

    namespace: str
    metric: str
    series: Callable[[dict[str, Any]], Sequence[Mapping[str, str]]]
    """The dimensions of each series of an item; none where the signal says nothing of it."""
    means: str
    window: timedelta
    """Idle is what was not used for so long."""
    statistic: Literal["Sum", "Average", "Minimum", "Maximum"] = "Sum"
    tells: Literal["use", "seconds idle"] = "use"
    """Whether the values are use itself, or the seconds since there was some."""
    quiet: float = 0.0
    """Values up to this are no use."""
    silence: bool = False
    """No data is no use, of an item that is older than the window; else no data is unknown."""
    reach: timedelta = timedelta(days=3)
    """How far back the last use is looked for."""
    period: timedelta = timedelta(minutes=15)
    from_usd_per_hour: float = 0.0
    """Asked only of what costs so much: asking costs too."""


def gpu(namespace: str, hosts: Callable[[dict[str, Any]], Sequence[str]]) -> Signal:
    """Make the signal of a job whose GPUs are idle (AWS docs: monitoring-cloudwatch.html).

    GPUUtilization is 100 for each GPU, so that five of several GPUs is less than five of a hundred: the few
    that are called idle are.
    """
    return Signal(
        namespace,
        "GPUUtilization",
        lambda item: [{"Host": host} for host in hosts(item)],
        means="GPU at {value:.0f} %",
        window=timedelta(minutes=20),
        statistic="Average",
        quiet=5.0,
        reach=timedelta(hours=3),
        period=timedelta(minutes=5),
        from_usd_per_hour=1.0,
    )
