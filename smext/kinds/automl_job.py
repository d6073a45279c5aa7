"""AutoML jobs (Autopilot). They have no bill of their own: their processing and training jobs bill."""

from __future__ import annotations

from ..api import Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, Status, calling, moment, recent

_WHY = "its processing and training jobs bill, and are listed as such; a model it deploys is an endpoint"

STATUSES = {
    "InProgress": Status("running", active=True, changing=True, why=_WHY),
    "Stopping": Status("warn", active=True, changing=True, why=_WHY),
    **causes.ENDED,
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("EndTime"))
    detail = str(item.get("AutoMLJobSecondaryStatus") or "")
    return Facts(
        name=item["AutoMLJobName"],
        status=str(item.get("AutoMLJobStatus") or ""),
        detail_status=detail,
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={"duration": jobs.seconds(created, ended)},
        subtitle=detail,
    )


def _more(item: Item) -> list[Fact]:
    deployed = (item.get("ModelDeployResult") or {}).get("EndpointName")
    return [
        Fact(label="Problem", value=item.get("AutoMLProblemTypeConfigName")),
        Fact(label="Best candidate", value=(item.get("BestCandidate") or {}).get("CandidateName")),
        Fact(label="Endpoint that it deployed", value=deployed),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="automl-job",
    label="AutoML jobs",
    singular="AutoML job",
    list_calls=(recent("ListAutoMLJobs", "AutoMLJobSummaries"),),
    key_members=("AutoMLJobName",),
    arn="AutoMLJobArn",
    status_of=lambda item: str(item.get("AutoMLJobStatus") or ""),
    statuses=STATUSES,
    status_shapes=("AutoMLJobStatus",),
    facts=_facts,
    columns=causes.COLUMNS,
    # DescribeAutoMLJobV2 answers for jobs of both versions (botocore: its documentation).
    detail=Detail(
        ("DescribeAutoMLJobV2",),
        calling("DescribeAutoMLJobV2", "AutoMLJobName"),
        jobs.version("AutoMLJobStatus"),
        rows=False,
    ),
    actions=(
        jobs.stop(
            "StopAutoMLJob",
            "AutoMLJobName",
            "AutoML job",
            lost="The candidates that are not finished, and the jobs that work on them.",
            stays="Finished candidates and what they left in S3. An endpoint that it deployed goes on billing.",
            status_member="AutoMLJobStatus",
        ),
    ),
    partial=True,
    more=_more,
    bills="nothing of its own: its processing and training jobs bill",
)
