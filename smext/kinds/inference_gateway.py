"""Global inference gateways of HyperPod. The clusters behind one bill; AWS states no price for the gateway itself."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Call, Detail, Facts, Item, Kind, ListCall, Status, moment

_WHY = "AWS states no price for a gateway; the clusters behind it bill, also those in other regions"

STATUSES = {
    "ACTIVE": Status("running", active=True, certainty="may be billing", why=_WHY),
    "CREATING": Status("warn", active=True, changing=True, certainty="may be billing", why=_WHY),
    "UPDATING": Status("running", active=True, changing=True, certainty="may be billing", why=_WHY),
    "DELETING": Status("off", active=True, changing=True, certainty="may be billing", why=_WHY),
    "FAILED": Status("bad", active=True, certainty="may be billing", why=_WHY),
}


def _describe(call: Call, item: Item) -> Item:
    return call("DescribeGlobalInferenceGateway", Identifier=item["Arn"])


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created = moment(item.get("CreationTime"))
    return Facts(
        name=str(item.get("Name") or item["Arn"]),
        status=str(item.get("Status") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Address", value=item.get("EndpointUrl"), format="code"),
        Fact(label="VPC endpoint service", value=item.get("VpcEndpointServiceName"), format="code"),
        Fact(label="Role", value=item.get("ExecutionRoleArn"), format="code"),
    ]


KIND = Kind(
    name="inference-gateway",
    label="Global inference gateways",
    singular="global inference gateway",
    list_calls=(ListCall("ListGlobalInferenceGateways", "GlobalInferenceGatewaySummaries"),),
    key_members=("Arn",),
    arn="Arn",
    status_of=lambda item: str(item.get("Status") or ""),
    statuses=STATUSES,
    status_shapes=("GlobalInferenceGatewayStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeGlobalInferenceGateway",),
        _describe,
        lambda item: item.get("Status"),
        rows=False,
    ),
    more=_more,
    bills="no price is stated by AWS; the clusters behind it bill",
    ends="Delete it in the SageMaker console: the clusters behind it stay, and go on billing.",
)
