"""Inference experiments (shadow tests). Their variants run on an endpoint, whose row counts those machines."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, Status, calling, moment, newest

_WHY = "its variants run on its endpoint, whose row counts their machines"
_MOVING = Status("running", active=True, changing=True, why=_WHY)

STATUSES = {
    "Creating": _MOVING,
    "Created": Status("ok", active=True, why="it has not started"),
    "Starting": _MOVING,
    "Running": Status("running", active=True, why=_WHY),
    "Updating": _MOVING,
    "Stopping": Status("warn", active=True, changing=True, why=_WHY),
    "Completed": Status("ok"),
    "Cancelled": Status("off"),
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    schedule = item.get("Schedule") or {}
    return Facts(
        name=item["Name"],
        status=str(item.get("Status") or ""),
        reason=str(item.get("StatusReason") or ""),
        created=moment(item.get("CreationTime")),
        started=moment(schedule.get("StartTime")) or moment(item.get("CreationTime")),
        ended=moment(item.get("CompletionTime")),
        cells={"type": item.get("Type")},
        subtitle=str((item.get("EndpointMetadata") or {}).get("EndpointName") or ""),
    )


def _more(item: Item) -> list[Fact]:
    variants = [str(variant.get("VariantName")) for variant in item.get("ModelVariants") or []]
    return [
        Fact(label="Endpoint", value=(item.get("EndpointMetadata") or {}).get("EndpointName")),
        Fact(label="Variants", value=", ".join(variants) or None),
        Fact(label="How to end it", value=_ENDS),
    ]


# botocore, StopInferenceExperiment: ModelVariantActions is required.
_ENDS = "End it in the SageMaker console: AWS asks what becomes of each of its variants."

KIND = Kind(
    name="inference-experiment",
    label="Inference experiments",
    singular="inference experiment",
    list_calls=(newest("ListInferenceExperiments", "InferenceExperiments"),),
    key_members=("Name",),
    status_of=lambda item: str(item.get("Status") or ""),
    statuses=STATUSES,
    status_shapes=("InferenceExperimentStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="type", label="Type"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeInferenceExperiment",),
        calling("DescribeInferenceExperiment", "Name"),
        lambda item: (item.get("Status"), item.get("LastModifiedTime")),
        rows=False,
    ),
    more=_more,
    bills="nothing of its own: the machines of its endpoint bill, shadow variants too",
    ends=_ENDS,
)
