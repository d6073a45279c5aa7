"""Partner AI apps (Comet, Deepchecks, Fiddler, Lakera). A fee by tier and machines; no price is public."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, ListCall, Status, calling, moment

_PRICE = "the fee of its tier and its machines: no price is public"
_UNKNOWN = "AWS does not say whether a partner app in this status bills"

STATUSES = {
    "Available": Status("running", active=True, certainty="billing", why=_PRICE),
    "Updating": Status("running", active=True, changing=True, certainty="billing", why=_PRICE),
    "UpdateFailed": Status("bad", active=True, certainty="billing", why=_PRICE),
    "Creating": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Failed": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
    "Deleted": Status("off"),
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    created = moment(item.get("CreationTime"))
    return Facts(
        name=str(item.get("Name") or item["Arn"]),
        status=str(item.get("Status") or ""),
        reason=str((item.get("Error") or {}).get("Reason") or ""),
        created=created,
        started=created,
        billed_from=created,
        cells={"type": item.get("Type")},
        subtitle=str(item.get("Type") or ""),
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Tier", value=item.get("Tier")),
        Fact(label="Version", value=item.get("Version")),
        Fact(label="Address", value=item.get("BaseUrl"), format="code"),
        Fact(label="How to end it", value=_ENDS),
    ]


_ENDS = "Delete it in the SageMaker console: the app's data are lost."

KIND = Kind(
    name="partner-app",
    label="Partner AI apps",
    singular="partner AI app",
    list_calls=(ListCall("ListPartnerApps", "Summaries"),),
    key_members=("Arn",),
    arn="Arn",
    status_of=lambda item: str(item.get("Status") or ""),
    statuses=STATUSES,
    status_shapes=("PartnerAppStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="type", label="App"),
        Column(name="created", label="Created", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
    ),
    detail=Detail(
        ("DescribePartnerApp",),
        calling("DescribePartnerApp", "Arn"),
        lambda item: item.get("Status"),
        rows=False,
    ),
    more=_more,
    bills="the fee of its tier and its machines; no price is public",
    ends=_ENDS,
)
