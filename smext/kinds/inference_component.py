"""Inference components. They have no bill of their own: they are why the machines of an endpoint are kept up."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Action, Call, Detail, Facts, Item, Kind, Status, calling, moment, newest

_NAME = "InferenceComponentName"
_WHY = "the machines of its endpoint bill"

STATUSES = {
    "InService": Status("running", active=True, why=_WHY),
    "Creating": Status("warn", active=True, changing=True, why=_WHY),
    "Updating": Status("running", active=True, changing=True, why=_WHY),
    "Deleting": Status("off", active=True, changing=True, why=_WHY),
    "Failed": Status("bad"),
}


def _status(item: Item) -> str:
    return str(item.get("InferenceComponentStatus") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    endpoint = item.get("EndpointName")
    return Facts(
        name=item[_NAME],
        status=_status(item),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=moment(item.get("CreationTime")),
        why=f"the machines of endpoint {endpoint} bill" if endpoint and _status(item) in STATUSES else "",
        cells={"endpoint": endpoint, "variant": item.get("VariantName")},
        subtitle=f"on {endpoint}" if endpoint else "",
    )


def _scale_to_zero(call: Call, item: Item) -> None:
    call(
        "UpdateInferenceComponentRuntimeConfig",
        InferenceComponentName=item[_NAME],
        DesiredRuntimeConfig={"CopyCount": 0},
    )


def _more(item: Item) -> list[Fact]:
    runtime, what = item.get("RuntimeConfig") or {}, item.get("Specification") or {}
    return [
        Fact(label="Copies", value=runtime.get("CurrentCopyCount"), format="count"),
        Fact(label="Copies wanted", value=runtime.get("DesiredCopyCount"), format="count"),
        Fact(label="Model", value=what.get("ModelName")),
    ]


KIND = Kind(
    name="inference-component",
    label="Inference components",
    singular="inference component",
    list_calls=(newest("ListInferenceComponents", "InferenceComponents"),),
    key_members=(_NAME,),
    arn="InferenceComponentArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("InferenceComponentStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="endpoint", label="Endpoint"),
        Column(name="variant", label="Variant"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeInferenceComponent",),
        calling("DescribeInferenceComponent", _NAME),
        lambda item: (_status(item), item.get("LastModifiedTime")),
        rows=False,
    ),
    actions=(
        Action(
            name="scale-to-zero",
            label="Scale to zero",
            operations=("UpdateInferenceComponentRuntimeConfig",),
            run=_scale_to_zero,
            allowed=lambda item: _status(item) == "InService",
            done="Taking down all copies of {name}.",
            lost="All copies of the model: whoever calls it gets errors until it is scaled up again.",
            stays="The component, and its endpoint: its machines bill on unless they are set to scale in.",
            danger=True,
        ),
    ),
    more=_more,
    bills="nothing of its own: the machines of its endpoint bill",
)
