"""Training jobs. Billed from TrainingStartTime to TrainingEndTime (botocore: DescribeTrainingJob)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..api import Certainty, Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import NEWEST, Detail, Facts, Item, Kind, ListCall, LogSource, OutputPlace, calling, moment, recent
from .signal import gpu

_NEWEST = {"Resource": "TrainingJob", **NEWEST}


def _active(now: datetime) -> dict[str, Any]:
    # ListTrainingJobs filters only after a page was read; Search finds the old ones that still run in one call.
    running = [
        {"Name": "TrainingJobStatus", "Operator": "Equals", "Value": value}
        for value in ("InProgress", "Stopping")
    ]
    return {
        "Resource": "TrainingJob",
        **NEWEST,
        "SearchExpression": {"Filters": running, "Operator": "Or"},
    }


def _job(hit: Item) -> Item:
    return dict(hit["TrainingJob"])


_RUNNING = ListCall("Search", "Results", _active, pages=5, pick=_job, optional=True, deep=True)


def _facts(item: Item, here: ServerIdentity) -> Facts:
    marks = jobs.marks(item)
    resources, status = item.get("ResourceConfig") or {}, str(item.get("TrainingJobStatus") or "")
    started, ended = moment(item.get("TrainingStartTime")), moment(item.get("TrainingEndTime"))
    billable, text = item.get("BillableTimeInSeconds"), jobs.cluster_text(resources)
    certainty, why = _certainty(item, status, started)
    # Nothing of a plan bills by the hour, and tokens are no hours.
    other = jobs.plan(resources)[0] or _serverless(item)
    return Facts(
        name=item["TrainingJobName"],
        status=status,
        detail_status=str(item.get("SecondaryStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=started,
        ended=ended,
        deadline=None if ended else jobs.deadline(started, item),
        meters=[] if other else jobs.cluster_meters("Training", resources),
        billed_from=jobs.billed_from(status, started, ended),
        billed_seconds=billable if ended else None,
        certainty=certainty,
        why=why,
        cells={
            "instance": text or ("serverless" if _serverless(item) else ""),
            "duration": jobs.seconds(started, ended),
        },
        subtitle=text or ("serverless" if _serverless(item) else ""),
        owner=marks.owner,
        notebook=marks.notebook,
        live=marks.live,
        run=marks.run,
    )


_AT_WORK = {"Downloading", "Training", "Interrupted", "Uploading"}
"""Secondary statuses of a job that has had machines (botocore), though it may lack the time of its start."""


def _serverless(item: Item) -> bool:
    """Return True if it runs without machines: it bills by the token (botocore: BillableTokenCount)."""
    return bool(item.get("ServerlessJobConfig")) or item.get("BillableTokenCount") is not None


def _certainty(item: Item, status: str, started: datetime | None) -> tuple[Certainty | None, str]:
    """Return what it tells of its bill, and why; None where only its status does."""
    resources = item.get("ResourceConfig") or {}
    if status not in jobs.STATUSES or status in jobs.OVER:
        return None, ""
    if jobs.waiting(status, started):
        described = (bool(resources) or _serverless(item)) and item.get("SecondaryStatus") not in _AT_WORK
        return jobs.waiting_certainty(True, described), "bills from the start of training on"
    if _serverless(item):
        return None, "serverless: bills by the token, whose price is not known here"
    planned, why = jobs.plan(resources)
    if planned:
        return planned, why
    if item.get("EnableManagedSpotTraining") and not item.get("TrainingEndTime"):
        return None, "managed spot: at most the rate on demand"
    return None, ""


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
        Fact(label="Billed tokens", value=item.get("BillableTokenCount"), format="count"),
        Fact(label="Model", value=(item.get("ModelArtifacts") or {}).get("S3ModelArtifacts"), format="code"),
    ]


def _gpu_hosts(item: Item) -> list[str]:
    return jobs.gpu_hosts(item["TrainingJobName"], item.get("ResourceConfig") or {})


KIND = Kind(
    name="training-job",
    label="Training jobs",
    singular="training job",
    # Search may lag behind, the list does not.
    list_calls=(recent("ListTrainingJobs", "TrainingJobSummaries"), _RUNNING),
    opening=(
        ListCall("Search", "Results", lambda now: _NEWEST, pages=1, history=True, pick=_job, deep=True),
    ),
    key_members=("TrainingJobName",),
    arn="TrainingJobArn",
    status_of=lambda item: str(item.get("TrainingJobStatus") or ""),
    statuses=jobs.STATUSES,
    status_shapes=("TrainingJobStatus",),
    bills="its machines from the start of training to its end; of spot the billable seconds; of serverless jobs the tokens",
    facts=_facts,
    columns=jobs.COLUMNS,
    detail=Detail(
        ("DescribeTrainingJob",),
        calling("DescribeTrainingJob", "TrainingJobName"),
        jobs.version("TrainingJobStatus"),
        jobs.wanted("TrainingJobName", "TrainingJobStatus"),
        # Search's record has all that a row says, but for serverless jobs (botocore: TrainingJob).
        enough=lambda item: bool(jobs.cluster_meters("Training", item.get("ResourceConfig") or {})),
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
