"""Labeling jobs (Ground Truth). Billed by object and by workforce, and automated labeling by its machines.

None of these prices is known by the hour (SageMaker price page: about $0.08 an object below 50,000).
"""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, LogSource, Status, calling, created_within, moment

_WHY = "bills by labeled object and by workforce, not by the hour"
_MOVING = Status("running", active=True, changing=True, certainty="may be billing", why=_WHY)

STATUSES = {
    "Initializing": _MOVING,
    "InProgress": _MOVING,
    "Stopping": Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY),
    **causes.ENDED,
}


def _status(item: Item) -> str:
    return str(item.get("LabelingJobStatus") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    counters = item.get("LabelCounters") or {}
    created, over = moment(item.get("CreationTime")), _status(item) in causes.ENDED
    ended = moment(item.get("LastModifiedTime")) if over else None
    labeled = counters.get("TotalLabeled")
    return Facts(
        name=item["LabelingJobName"],
        status=_status(item),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={
            "duration": jobs.seconds(created, ended),
            "labeled": labeled,
            "left": counters.get("Unlabeled"),
        },
        subtitle=f"{labeled} labeled" if labeled is not None else "",
    )


def _more(item: Item) -> list[Fact]:
    task = item.get("HumanTaskConfig") or {}
    return [
        Fact(label="Task", value=task.get("TaskTitle")),
        Fact(label="Work team", value=task.get("WorkteamArn") or item.get("WorkteamArn"), format="code"),
        Fact(
            label="Results",
            value=(item.get("LabelingJobOutput") or {}).get("OutputDatasetS3Uri"),
            format="code",
        ),
        Fact(label="Automated labeling", value=bool(item.get("LabelingJobAlgorithmsConfig"))),
    ]


KIND = Kind(
    name="labeling-job",
    label="Labeling jobs",
    singular="labeling job",
    # No longest run is stated; a task of one's own workforce waits for a month at most.
    list_calls=(created_within("ListLabelingJobs", "LabelingJobSummaryList", days=365),),
    key_members=("LabelingJobName",),
    arn="LabelingJobArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("LabelingJobStatus",),
    facts=_facts,
    columns=(
        *causes.COLUMNS,
        Column(name="labeled", label="Labeled", format="count"),
        Column(name="left", label="Left", format="count"),
    ),
    detail=Detail(
        ("DescribeLabelingJob",),
        calling("DescribeLabelingJob", "LabelingJobName"),
        jobs.version("LabelingJobStatus"),
        rows=False,
    ),
    actions=(
        jobs.stop(
            "StopLabelingJob",
            "LabelingJobName",
            "labeling job",
            # botocore, StopLabelingJob: it cannot be restarted; results so far are placed in S3.
            lost="The job: it cannot be started again.",
            stays="The labels made so far, in S3.",
            status_member="LabelingJobStatus",
            running=("Initializing", "InProgress"),
        ),
    ),
    logs=lambda item: LogSource("/aws/sagemaker/LabelingJobs", item["LabelingJobName"]),
    more=_more,
    bills="by labeled object and workforce; automated labeling also by its machines",
)
