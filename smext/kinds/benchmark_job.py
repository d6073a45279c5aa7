"""AI benchmark jobs. They put load on a real endpoint; no source says what the job itself costs."""

from __future__ import annotations

from ..api import Fact
from ..context import Here
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, Status, calling, created_within, moment

_WHY = "puts load on real machines; what the job itself costs is not known"

STATUSES = {
    "InProgress": Status("running", active=True, changing=True, certainty="may be billing", why=_WHY),
    "Stopping": Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY),
    **causes.ENDED,
}


def _facts(item: Item, here: Here) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("EndTime"))
    return Facts(
        name=item["AIBenchmarkJobName"],
        status=str(item.get("AIBenchmarkJobStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=moment(item.get("StartTime")) or created,
        ended=ended,
        cells={"duration": jobs.seconds(created, ended)},
        subtitle=str(item.get("AIWorkloadConfigName") or ""),
    )


def _more(item: Item) -> list[Fact]:
    workload = item.get("AIWorkloadConfigIdentifier") or item.get("AIWorkloadConfigName")
    return [
        Fact(label="Workload", value=workload, format="code"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="benchmark-job",
    label="AI benchmark jobs",
    singular="AI benchmark job",
    listings=(created_within("ListAIBenchmarkJobs", "AIBenchmarkJobs", days=30),),
    key_members=("AIBenchmarkJobName",),
    arn="AIBenchmarkJobArn",
    status_of=lambda item: str(item.get("AIBenchmarkJobStatus") or ""),
    statuses=STATUSES,
    status_shapes=("AIBenchmarkJobStatus",),
    facts=_facts,
    columns=causes.COLUMNS,
    detail=Detail(
        ("DescribeAIBenchmarkJob",),
        calling("DescribeAIBenchmarkJob", "AIBenchmarkJobName"),
        lambda item: item.get("AIBenchmarkJobStatus"),
        rows=False,
    ),
    actions=(
        jobs.stop(
            "StopAIBenchmarkJob",
            "AIBenchmarkJobName",
            "AI benchmark job",
            lost="The measurements that are not finished.",
            stays="What was measured so far, and the endpoint, which goes on billing.",
            status_member="AIBenchmarkJobStatus",
        ),
    ),
    more=_more,
    bills="machines under load; the price is not stated by AWS",
)
