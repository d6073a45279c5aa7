"""Tuning jobs. They have no bill of their own: their training jobs bill, and are listed as such."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, Status, calling, moment, recent

_NAME = "HyperParameterTuningJobName"
_STATUS = "HyperParameterTuningJobStatus"
_WHY = "its training jobs bill, and are listed among the training jobs"

STATUSES = {
    "InProgress": Status("running", active=True, changing=True, why=_WHY),
    "Stopping": Status("warn", active=True, changing=True, why=_WHY),
    "Deleting": Status("off", active=True, changing=True, why=_WHY),
    "DeleteFailed": Status("bad"),
    **causes.ENDED,
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("HyperParameterTuningEndTime"))
    counters = item.get("TrainingJobStatusCounters") or {}
    total = (item.get("ResourceLimits") or _limits(item)).get("MaxNumberOfTrainingJobs")
    return Facts(
        name=item[_NAME],
        status=str(item.get(_STATUS) or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={
            "duration": jobs.seconds(created, ended),
            "jobs": counters.get("Completed"),
            "running": counters.get("InProgress"),
        },
        subtitle=f"{counters.get('Completed', 0)} of {total} jobs done" if total else "",
    )


def _limits(item: Item) -> Item:
    return dict((item.get("HyperParameterTuningJobConfig") or {}).get("ResourceLimits") or {})


def _more(item: Item) -> list[Fact]:
    best = item.get("BestTrainingJob") or {}
    return [
        Fact(
            label="Strategy",
            value=item.get("Strategy") or (item.get("HyperParameterTuningJobConfig") or {}).get("Strategy"),
        ),
        Fact(label="Best training job", value=best.get("TrainingJobName"), format="code"),
    ]


KIND = Kind(
    name="tuning-job",
    label="Tuning jobs",
    singular="tuning job",
    list_calls=(recent("ListHyperParameterTuningJobs", "HyperParameterTuningJobSummaries"),),
    key_members=(_NAME,),
    arn="HyperParameterTuningJobArn",
    status_of=lambda item: str(item.get(_STATUS) or ""),
    statuses=STATUSES,
    status_shapes=("HyperParameterTuningJobStatus",),
    facts=_facts,
    columns=(
        *causes.COLUMNS,
        Column(name="running", label="Jobs running", format="count"),
        Column(name="jobs", label="Jobs done", format="count"),
    ),
    detail=Detail(
        ("DescribeHyperParameterTuningJob",),
        calling("DescribeHyperParameterTuningJob", _NAME),
        jobs.version(_STATUS),
        rows=False,
    ),
    actions=(
        jobs.stop(
            "StopHyperParameterTuningJob",
            _NAME,
            "tuning job",
            lost="The search, and all its training jobs that run: they are stopped with it.",
            stays="The artefacts of the training jobs that have ended, in S3, and all logs.",
            status_member=_STATUS,
        ),
    ),
    partial=True,
    more=_more,
    bills="nothing of its own: its training jobs bill",
)
