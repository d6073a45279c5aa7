"""Model customization jobs: CreateJob's, of several categories. Serverless; AWS states no price by the hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import NEWEST, Action, Call, Detail, Facts, Item, Kind, ListCall, Status, moment

# botocore, JobCategory. A job is listed, described and stopped by its category.
CATEGORIES = (
    "AgentRFT",
    "AgentRFTEvaluation",
    "DataQualityEvaluation",
    "DataTransformation",
    "SyntheticDataGeneration",
)
_WHY = "runs on machines of AWS; its price is not known"

STATUSES = {
    "InProgress": Status("running", active=True, changing=True, certainty="billing", why=_WHY),
    "Stopping": Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY),
    # Only what is stopped can be deleted (botocore, DeleteJob).
    "Deleting": Status("off", active=True, changing=True),
    "DeleteFailed": Status("bad"),
    **causes.ENDED,
}


def _listing(category: str) -> ListCall:
    def params(now: datetime) -> dict[str, Any]:
        # No longest run is stated.
        return {**NEWEST, "JobCategory": category, "CreationTimeAfter": now - timedelta(days=365)}

    def pick(item: Item) -> Item:
        return {"JobCategory": category, **item}

    # A region may lack a category that another one has.
    return ListCall(
        "ListJobs", "JobSummaries", params, pages=5, pick=pick, optional=category != CATEGORIES[0]
    )


def _named(item: Item) -> dict[str, Any]:
    return {"JobCategory": item["JobCategory"], "JobName": item["JobName"]}


def _status(item: Item) -> str:
    return str(item.get("JobStatus") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("EndTime"))
    return Facts(
        name=item["JobName"],
        status=_status(item),
        detail_status=str(item.get("SecondaryStatus") or item.get("JobSecondaryStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={"category": item["JobCategory"], "duration": jobs.seconds(created, ended)},
        subtitle=str(item["JobCategory"]),
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Category", value=item["JobCategory"]),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


def _stop(call: Call, item: Item) -> None:
    call("StopJob", **_named(item))


KIND = Kind(
    name="customization-job",
    label="Model customization jobs",
    singular="model customization job",
    list_calls=tuple(_listing(category) for category in CATEGORIES),
    key_members=("JobCategory", "JobName"),
    arn="JobArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("JobStatus",),
    facts=_facts,
    columns=(*causes.COLUMNS, Column(name="category", label="Category")),
    detail=Detail(
        ("DescribeJob",),
        lambda call, item: call("DescribeJob", **_named(item)),
        jobs.version("JobStatus"),
        rows=False,
    ),
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("StopJob",),
            run=_stop,
            allowed=lambda item: _status(item) == "InProgress",
            done="Stopping model customization job {name}.",
            # botocore, StopJob: partial results may be at the output location.
            lost="The work that is not yet written.",
            stays="Partial results that are at its output location already.",
            danger=True,
        ),
    ),
    phases=jobs.transitions,
    more=_more,
    bills="serverless training, evaluation and data preparation; the price is not known",
)
