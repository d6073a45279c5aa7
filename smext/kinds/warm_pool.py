"""Warm pools: machines that are kept after a training job, which itself says Completed (AWS docs: train-warm-pools).

Billed at the rate of training while they wait (SageMaker price page).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import NEWEST, Action, Call, Detail, Facts, Item, Kind, ListCall, Status, calling, moment

_NAME = "TrainingJobName"
# A job runs for 28 days at most, and its pool waits for six hours (botocore: StoppingCondition,
# KeepAlivePeriodInSeconds).
_LONGEST = timedelta(days=30)

STATUSES = {
    "Available": Status("running", active=True, certainty="billing", why="kept for a next training job"),
    "InUse": Status("running", active=True, why="the training job that uses it bills"),
    "Reused": Status("off"),
    "Terminated": Status("off"),
}


def _available(now: datetime) -> dict[str, Any]:
    return {**NEWEST, "WarmPoolStatusEquals": "Available", "CreationTimeAfter": now - _LONGEST}


def _status(item: Item) -> str:
    return str((item.get("WarmPoolStatus") or {}).get("Status") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    resources = item.get("ResourceConfig") or {}
    kept_from = moment(item.get("TrainingEndTime"))
    billed = (item.get("WarmPoolStatus") or {}).get("ResourceRetainedBillableTimeInSeconds")
    which = jobs.cluster_text(resources)
    kept = _status(item) == "Available"
    planned = jobs.plan({"TrainingPlanArn": item.get("TrainingPlanArn"), **resources})[0]
    return Facts(
        name=item[_NAME],
        status=_status(item),
        created=kept_from,
        started=kept_from,
        meters=[] if planned else jobs.cluster_meters("Training", resources),
        billed_from=kept_from if kept or billed is not None else None,
        billed_seconds=None if kept else billed,
        certainty="may be billing" if kept and planned else None,
        why=_why(item, bool(planned)) if kept else "",
        cells={"instance": which, "keep": resources.get("KeepAlivePeriodInSeconds")},
        subtitle=which,
        owner=jobs.marks(item).owner,
    )


def _why(item: Item, planned: bool) -> str:
    if planned:
        return "its job ran on a training plan: whether that pays for the pool AWS does not say"
    return "its job ran on spot: at most the rate on demand" if item.get("EnableManagedSpotTraining") else ""


def _release(call: Call, item: Item) -> None:
    call("UpdateTrainingJob", TrainingJobName=item[_NAME], ResourceConfig={"KeepAlivePeriodInSeconds": 0})


def _more(item: Item) -> list[Fact]:
    resources, pool = item.get("ResourceConfig") or {}, item.get("WarmPoolStatus") or {}
    return [
        Fact(label="Training job", value=item[_NAME]),
        Fact(label="Kept for", value=resources.get("KeepAlivePeriodInSeconds"), format="duration"),
        Fact(label="Billed", value=pool.get("ResourceRetainedBillableTimeInSeconds"), format="duration"),
        Fact(label="Used by", value=pool.get("ReusedByJob")),
    ]


KIND = Kind(
    name="warm-pool",
    label="Warm pools",
    singular="warm pool",
    list_calls=(ListCall("ListTrainingJobs", "TrainingJobSummaries", _available, pages=5),),
    key_members=(_NAME,),
    arn="TrainingJobArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("WarmPoolResourceStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Training job"),
        Column(name="status", label="Status"),
        Column(name="instance", label="Instance"),
        Column(name="started", label="Since", format="time"),
        Column(name="keep", label="Kept for", format="duration"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
    ),
    detail=Detail(
        ("DescribeTrainingJob",),
        calling("DescribeTrainingJob", _NAME),
        lambda item: (_status(item), item.get("LastModifiedTime")),
    ),
    actions=(
        Action(
            name="stop",
            label="Release",
            operations=("UpdateTrainingJob",),
            run=_release,
            allowed=lambda item: _status(item) == "Available",
            done="Releasing the warm pool of {name}.",
            lost="The quick start: a next training job waits for machines again.",
            stays="The training job, its model and its log.",
            danger=True,
        ),
    ),
    more=_more,
    bills="its machines at the rate of training while they are kept",
)
