"""Feature groups. Their stores bill by GB, reads and writes by the unit (SageMaker price page).

Provisioned throughput and an in-memory store bill by the hour, idle or not; only a description tells of them.
"""

from __future__ import annotations

from datetime import timedelta

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, Status, calling, moment, newest

_STORED = "its stores bill by GB, reads and writes by the unit"

_UNSEEN = "not looked at yet: provisioned throughput would bill by the hour"

STATUSES = {
    "Creating": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNSEEN),
    "Created": Status("ok", active=True, certainty="may be billing", why=_UNSEEN),
    "CreateFailed": Status("bad"),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why=_UNSEEN),
    "DeleteFailed": Status("bad", active=True, certainty="may be billing", why=_UNSEEN),
}
_BY_USE = {None, "Standard", "Standard_V2"}
"""Online stores that bill by what is stored, read and written (botocore: StorageType)."""
_ENDS = (
    "Delete it in the SageMaker console: what is in its online store is lost, the offline store in S3 stays."
)


def _status(item: Item) -> str:
    return str(item.get("FeatureGroupStatus") or "")


def _hourly(item: Item) -> tuple[Certainty | None, str]:
    """Return what a description tells of the bill, and why; None without one."""
    if "FeatureDefinitions" not in item or _status(item) not in STATUSES or _status(item) == "CreateFailed":
        return None, ""
    online = item.get("OnlineStoreConfig") or {}
    store, mode = online.get("StorageType"), (item.get("ThroughputConfig") or {}).get("ThroughputMode")
    if store == "InMemory":
        return "may be billing", "its in-memory store bills by the hour, idle or not; the price is not known"
    if mode == "Provisioned":
        return (
            "may be billing",
            "provisioned throughput bills by the hour, idle or not; the price is not known",
        )
    if store not in _BY_USE or mode not in {None, "OnDemand"}:
        return "may be billing", f"how {mode if store in _BY_USE else store} bills is not known"
    return "storage only", _STORED


def _facts(item: Item, here: ServerIdentity) -> Facts:
    certainty, why = _hourly(item)
    online = item.get("OnlineStoreConfig") or {}
    kept = online.get("StorageType") or ("Standard" if online.get("EnableOnlineStore") else None)
    return Facts(
        name=item["FeatureGroupName"],
        status=_status(item),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        certainty=certainty,
        why=why,
        cells={
            "online": kept,
            "offline": (item.get("OfflineStoreStatus") or {}).get("Status"),
            "throughput": (item.get("ThroughputConfig") or {}).get("ThroughputMode"),
        },
        subtitle=f"{kept} store" if kept else "",
    )


def _more(item: Item) -> list[Fact]:
    throughput = item.get("ThroughputConfig") or {}
    return [
        Fact(label="Online store", value=item.get("OnlineStoreTotalSizeBytes"), format="bytes"),
        Fact(label="Read units", value=throughput.get("ProvisionedReadCapacityUnits"), format="count"),
        Fact(label="Write units", value=throughput.get("ProvisionedWriteCapacityUnits"), format="count"),
        Fact(label="How to end it", value=_ENDS),
    ]


KIND = Kind(
    name="feature-group",
    label="Feature groups",
    singular="feature group",
    list_calls=(newest("ListFeatureGroups", "FeatureGroupSummaries"),),
    key_members=("FeatureGroupName",),
    arn="FeatureGroupArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("FeatureGroupStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="online", label="Online store"),
        Column(name="throughput", label="Throughput"),
        Column(name="offline", label="Offline store"),
        Column(name="created", label="Created", format="time"),
    ),
    # The list has no time of the last change, and the throughput may be changed.
    detail=Detail(
        ("DescribeFeatureGroup",),
        calling("DescribeFeatureGroup", "FeatureGroupName"),
        lambda item: _status(item),
        lasts=timedelta(hours=1),
    ),
    more=_more,
    bills="storage, reads and writes; provisioned throughput and in-memory stores by the hour",
    ends=_ENDS,
)
