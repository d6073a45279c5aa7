"""Inference routers. They send requests on to endpoints, which bill; AWS states no price for the router itself."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, ListCall, Status, calling, moment

_NAME = "InferenceRouterName"
_WHY = "AWS states no price for a router; the endpoints behind it bill, also those in other regions"
_NOT_READ = "Not read"

STATUSES = {
    "InService": Status("running", active=True, certainty="may be billing", why=_WHY),
    "Creating": Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY),
    "Updating": Status("running", active=True, changing=True, certainty="may be billing", why=_WHY),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why=_WHY),
    "Failed": Status("bad", active=True, certainty="may be billing", why=_WHY),
    # The list has no status; of one that could not be described:
    _NOT_READ: Status("warn", active=True, certainty="may be billing", why=_WHY),
}


def _status(item: Item) -> str:
    return str(item.get("Status") or _NOT_READ)


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created = moment(item.get("CreationTime"))
    targets = item.get("RoutingTargets")
    return Facts(
        name=item[_NAME],
        status=_status(item),
        reason=str(item.get("StatusReason") or ""),
        created=created,
        started=created,
        cells={"targets": len(targets) if targets is not None else None},
    )


def _more(item: Item) -> list[Fact]:
    """Return each target with the ARNs behind it, so that what bills in another region can be found."""
    return [
        Fact(
            label=f"Target {target.get('Name') or ''}".strip(),
            value=", ".join(str(end.get("ResourceArn")) for end in target.get("Destinations") or []),
            format="code",
        )
        for target in item.get("RoutingTargets") or []
    ]


KIND = Kind(
    name="inference-router",
    label="Inference routers",
    singular="inference router",
    list_calls=(ListCall("ListInferenceRouters", "InferenceRouters"),),
    key_members=(_NAME,),
    arn="InferenceRouterArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("InferenceRouterStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="targets", label="Targets", format="count"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeInferenceRouter",),
        calling("DescribeInferenceRouter", _NAME),
        lambda item: item.get("LastModifiedTime"),
    ),
    more=_more,
    bills="no price is stated by AWS; the endpoints behind it bill",
    ends="Delete it in the SageMaker console: the endpoints behind it stay, and go on billing.",
)
