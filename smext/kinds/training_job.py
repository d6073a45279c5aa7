"""Training jobs. Billed from TrainingStartTime to TrainingEndTime (botocore: DescribeTrainingJob)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..api import Fact
from ..context import Here
from . import jobs
from .base import Detail, Facts, Item, Kind, Listing, LogSource, OutputPlace, calling, moment, recent
from .signal import gpu

_NEWEST = {"Resource": "TrainingJob", "SortBy": "CreationTime", "SortOrder": "Descending"}


def _active(now: datetime) -> dict[str, Any]:
    # ListTrainingJobs filters only after a page was read; Search finds the old ones that still run in one call.
    running = [
        {"Name": "TrainingJobStatus", "Operator": "Equals", "Value": value}
        for value in ("InProgress", "Stopping")
    ]
    return {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": running, "Operator": "Or"},
    }


def _job(hit: Item) -> Item:
    return dict(hit["TrainingJob"])


_RUNNING = Listing("Search", "Results", _active, pages=5, pick=_job, optional=True, deep=True)


def _facts(item: Item, here: Here) -> Facts:
    marks = jobs.marks(item)
    resources = item.get("ResourceConfig") or {}
    started, ended = moment(item.get("TrainingStartTime")), moment(item.get("TrainingEndTime"))
    billable = item.get("BillableTimeInSeconds")
    waiting = item.get("TrainingJobStatus") == "InProgress" and started is None
    kept = jobs.waiting_certainty(waiting, bool(resources))
    planned = bool(resources.get("TrainingPlanArn"))
    return Facts(
        name=item["TrainingJobName"],
        status=str(item.get("TrainingJobStatus") or ""),
        detail_status=str(item.get("SecondaryStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=started,
        ended=ended,
        deadline=None if ended else jobs.deadline(started, item),
        meters=[] if planned else jobs.cluster_meters("Training", resources),
        billed_from=started,
        billed_seconds=billable if ended else None,
        certainty="none" if planned else kept,
        why=_why(item, planned, waiting),
        cells={
            "instance": jobs.cluster_text(resources),
            "duration": jobs.seconds(started, ended),
        },
        subtitle=jobs.cluster_text(resources),
        owner=marks.owner,
        notebook=marks.notebook,
        live=marks.live,
        run=marks.run,
    )


def _why(item: Item, planned: bool, waiting: bool) -> str:
    if planned:
        return "runs on a training plan, which is paid for in advance"
    if waiting:
        return "bills from the start of training on"
    if item.get("EnableManagedSpotTraining") and not item.get("TrainingEndTime"):
        return "managed spot: at most the rate on demand"
    return ""


def _outputs(item: Item) -> OutputPlace:
    base = str((item.get("OutputDataConfig") or {}).get("S3OutputPath") or "").rstrip("/")
    live = jobs.marks(item).live
    prefixes = [f"{base}/{item['TrainingJobName']}/output/"] if base else []
    return OutputPlace(prefixes=[*prefixes, *([live] if live else [])])


def _more(item: Item) -> list[Fact]:
    stopping = item.get("StoppingCondition") or {}
    algorithm = item.get("AlgorithmSpecification") or {}
    return [
        Fact(
            label="Image",
            value=algorithm.get("TrainingImage") or algorithm.get("AlgorithmName"),
            format="code",
        ),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
        Fact(label="Longest run", value=stopping.get("MaxRuntimeInSeconds"), format="duration"),
        Fact(label="Billed", value=item.get("BillableTimeInSeconds"), format="duration"),
        Fact(label="Model", value=(item.get("ModelArtifacts") or {}).get("S3ModelArtifacts"), format="code"),
    ]


def _gpu_hosts(item: Item) -> list[str]:
    return jobs.gpu_hosts(item["TrainingJobName"], item.get("ResourceConfig") or {})


KIND = Kind(
    name="training-job",
    label="Training jobs",
    singular="training job",
    # Search may lag behind, the list does not.
    listings=(recent("ListTrainingJobs", "TrainingJobSummaries"), _RUNNING),
    opening=(Listing("Search", "Results", lambda now: _NEWEST, pages=1, history=True, pick=_job, deep=True),),
    key_members=("TrainingJobName",),
    arn="TrainingJobArn",
    status_of=lambda item: str(item.get("TrainingJobStatus") or ""),
    statuses=jobs.STATUSES,
    status_shapes=("TrainingJobStatus",),
    bills="its machines from the start of training to its end; of spot the billable seconds",
    facts=_facts,
    columns=jobs.COLUMNS,
    detail=Detail(
        ("DescribeTrainingJob",),
        calling("DescribeTrainingJob", "TrainingJobName"),
        jobs.version("TrainingJobStatus"),
        jobs.wanted("TrainingJobName", "TrainingJobStatus"),
        # Search's record has all that a row says (botocore: TrainingJob).
        enough=lambda item: "ResourceConfig" in item,
    ),
    actions=(
        jobs.stop(
            "StopTrainingJob",
            "TrainingJobName",
            "training job",
            lost="The work since the last checkpoint. The job gets 120 seconds to save; what it does not save is lost.",
            stays="The log, the notebook so far, checkpoints and artefacts that are already in S3.",
            status_member="TrainingJobStatus",
        ),
    ),
    signals=(gpu("/aws/sagemaker/TrainingJobs", _gpu_hosts),),
    partial=True,
    logs=lambda item: LogSource("/aws/sagemaker/TrainingJobs", f"{item['TrainingJobName']}/"),
    outputs=_outputs,
    phases=jobs.transitions,
    more=_more,
    parameters=lambda item: item.get("HyperParameters") or {},
)
