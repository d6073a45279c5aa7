"""Inference Recommender jobs. They load-test real endpoints; what these cost the API does not tell."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, LogSource, Status, calling, created_within, moment

_WHY = "load-tests machines that it starts; their price is not known beforehand"
_MOVING = Status("running", active=True, changing=True, certainty="may be billing", why=_WHY)
_ENDING = Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY)

STATUSES = {
    "PENDING": _MOVING,
    "IN_PROGRESS": _MOVING,
    "STOPPING": _ENDING,
    "DELETING": _ENDING,
    "COMPLETED": Status("ok"),
    "FAILED": Status("bad"),
    "STOPPED": Status("off"),
    "DELETED": Status("off"),
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("CompletionTime"))
    model = item.get("ModelName") or (item.get("InputConfig") or {}).get("ModelName")
    return Facts(
        name=item["JobName"],
        status=str(item.get("Status") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={"duration": jobs.seconds(created, ended), "model": model, "type": item.get("JobType")},
        subtitle=str(model or ""),
    )


def _more(item: Item) -> list[Fact]:
    longest = (item.get("InputConfig") or {}).get("JobDurationInSeconds")
    return [
        Fact(label="Longest run", value=longest, format="duration"),
        Fact(label="Recommendations", value=len(item.get("InferenceRecommendations") or []), format="count"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="recommender-job",
    label="Inference Recommender jobs",
    singular="Inference Recommender job",
    # A job lasts five hours at most (botocore: JobDurationInSeconds).
    list_calls=(created_within("ListInferenceRecommendationsJobs", "InferenceRecommendationsJobs", days=30),),
    key_members=("JobName",),
    arn="JobArn",
    status_of=lambda item: str(item.get("Status") or ""),
    statuses=STATUSES,
    status_shapes=("RecommendationJobStatus",),
    facts=_facts,
    columns=(
        *causes.COLUMNS,
        Column(name="model", label="Model"),
        Column(name="type", label="Type"),
    ),
    detail=Detail(
        ("DescribeInferenceRecommendationsJob",),
        calling("DescribeInferenceRecommendationsJob", "JobName"),
        jobs.version("Status"),
        rows=False,
    ),
    actions=(
        jobs.stop(
            "StopInferenceRecommendationsJob",
            "JobName",
            "Inference Recommender job",
            lost="The load tests that are not finished.",
            stays="The recommendations made so far, and the model.",
            status_member="Status",
            running=("PENDING", "IN_PROGRESS"),
        ),
    ),
    logs=lambda item: LogSource("/aws/sagemaker/InferenceRecommendationsJobs", item["JobName"]),
    more=_more,
    bills="the machines that it load-tests; the price is not known beforehand",
)
