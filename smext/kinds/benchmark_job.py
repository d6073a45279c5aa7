"""AI benchmark jobs. They put load on a real endpoint; no source says what the job itself costs."""

from __future__ import annotations

from ..api import Fact
from . import ai_jobs
from .base import Item


def _more(item: Item) -> list[Fact]:
    workload = item.get("AIWorkloadConfigIdentifier") or item.get("AIWorkloadConfigName")
    return [
        Fact(label="Workload", value=workload, format="code"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = ai_jobs.kind(
    "Benchmark",
    why="puts load on real machines; what the job itself costs is not known",
    subtitle=lambda item: str(item.get("AIWorkloadConfigName") or ""),
    lost="The measurements that are not finished.",
    stays="What was measured so far, and the endpoint, which goes on billing.",
    more=_more,
    bills="machines under load; the price is not stated by AWS",
)
