"""Training sessions: machines that are kept for fine-tuning with LoRA. Billed by token; no price is in the price list.

botocore, TrainingSessionDetail.BillableTokenUsage: tokens of prefill, sampling and training.
"""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import Call, Detail, Facts, Item, Kind, ListCall, Status, moment

_NAME, _STATUS = "TrainingSessionName", "TrainingSessionStatus"
_TOKENS = "bills by token, not by the hour; its price is not known"
_UNKNOWN = "AWS does not say whether a training session in this status bills"

STATUSES = {
    "Running": Status("running", active=True, certainty="billing", why=_TOKENS),
    "Created": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Scheduled": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Blocked": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
    "Stopping": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "DeletionFailed": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
    "Failed": Status("bad"),
    "Stopped": Status("off"),
    "Expired": Status("off"),
}
_ENDED = ("Failed", "Stopped", "Expired")


def _named(item: Item) -> Item:
    """Return the item with the name from its ARN: the list has no other."""
    return {_NAME: str(item.get("TrainingSessionArn") or "").rpartition("/")[2], **item}


def _describe(call: Call, item: Item) -> Item:
    return dict(call("DescribeTrainingSession", **{_NAME: item[_NAME]}).get("TrainingSessionDetail") or {})


def _status(item: Item) -> str:
    return str(item.get(_STATUS) or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created, ended = moment(item.get("CreationTime")), moment(item.get("EndTime"))
    # The list does not tell when one ended; then its last change is the nearest.
    ended = ended or (moment(item.get("LastModifiedTime")) if _status(item) in _ENDED else None)
    return Facts(
        name=item[_NAME] or str(item.get("TrainingSessionArn") or "unnamed"),
        status=_status(item),
        reason=str(item.get("ErrorDetails") or ""),
        created=created,
        started=created,
        ended=ended,
        cells={"duration": jobs.seconds(created, ended)},
    )


def _more(item: Item) -> list[Fact]:
    tokens, lora = item.get("BillableTokenUsage") or {}, item.get("LoraConfig") or {}
    return [
        Fact(label="Tokens of training", value=tokens.get("TrainingTokenCount"), format="count"),
        Fact(label="Tokens of prefill", value=tokens.get("PrefillTokenCount"), format="count"),
        Fact(label="Tokens sampled", value=tokens.get("SampleTokenCount"), format="count"),
        Fact(label="Model", value=(item.get("ModelConfig") or {}).get("BaseModelArn"), format="code"),
        Fact(label="LoRA rank", value=lora.get("Rank"), format="count"),
        Fact(label="Checkpoints", value=item.get("ModelPackageGroupArn"), format="code"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="training-session",
    label="Training sessions",
    singular="training session",
    list_calls=(ListCall("ListTrainingSessions", "TrainingSessionSummaries", pick=_named),),
    key_members=(_NAME,),
    arn="TrainingSessionArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=(_STATUS,),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="created", label="Created", format="time"),
        Column(name="duration", label="Duration", format="duration"),
    ),
    detail=Detail(("DescribeTrainingSession",), _describe, jobs.version(_STATUS), rows=False),
    actions=(
        jobs.stop(
            "StopTrainingSession",
            _NAME,
            "training session",
            # AWS docs, training-sessions-getting-started.html: a checkpoint is saved by a call of its own.
            lost="What was trained since the last saved checkpoint.",
            stays="Saved checkpoints, in S3 and in the model package group.",
            status_member=_STATUS,
            running=("Created", "Scheduled", "Blocked", "Running"),
        ),
    ),
    more=_more,
    bills="tokens of training, prefill and sampling; the price is not known",
)
