"""EMR clusters, which Studio can start. Billed by EC2 and EMR, also while they only wait; no price is known here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Call, Detail, Facts, Item, Kind, ListCall, Status, moment

_PRICE = "EC2 and EMR by the second: their prices are not known here"
_ALIVE = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING")

STATUSES = {
    "STARTING": Status("warn", active=True, changing=True, certainty="may be billing", why=_PRICE),
    "BOOTSTRAPPING": Status("warn", active=True, changing=True, certainty="billing", why=_PRICE),
    "RUNNING": Status("running", active=True, certainty="billing", why=_PRICE),
    "WAITING": Status("warn", active=True, certainty="billing", why=f"it waits for work and bills: {_PRICE}"),
    "TERMINATING": Status("off", active=True, changing=True, certainty="may be billing", why=_PRICE),
    "TERMINATED": Status("off"),
    "TERMINATED_WITH_ERRORS": Status("bad"),
}
_ENDS = "Terminate it in the EMR console: what is on HDFS is lost, what is in S3 stays."


def _alive(now: datetime) -> dict[str, Any]:
    return {"ClusterStates": list(_ALIVE)}


def _state(item: Item) -> str:
    return str((item.get("Status") or {}).get("State") or "")


def _describe(call: Call, item: Item) -> Item:
    return dict(call("DescribeCluster", ClusterId=item["Id"]).get("Cluster") or {})


def _facts(item: Item, here: ServerIdentity) -> Facts:
    timeline = (item.get("Status") or {}).get("Timeline") or {}
    created, ready = moment(timeline.get("CreationDateTime")), moment(timeline.get("ReadyDateTime"))
    reason = (item.get("Status") or {}).get("StateChangeReason") or {}
    return Facts(
        name=str(item.get("Name") or item["Id"]),
        status=_state(item),
        reason=str(reason.get("Message") or "") if _state(item) == "TERMINATED_WITH_ERRORS" else "",
        created=created,
        started=ready or created,
        ended=moment(timeline.get("EndDateTime")),
        billed_from=created,
        cells={"hours": item.get("NormalizedInstanceHours")},
        subtitle=item["Id"],
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Release", value=item.get("ReleaseLabel")),
        Fact(label="Ends by itself", value=item.get("AutoTerminate")),
        Fact(label="Protected from termination", value=item.get("TerminationProtected")),
        Fact(label="How to end it", value=_ENDS),
    ]


KIND = Kind(
    name="emr-cluster",
    label="EMR clusters",
    singular="EMR cluster",
    service="emr",
    # The operation has no member for the page size: AWS gives fifty.
    list_calls=(ListCall("ListClusters", "Clusters", _alive, size={}, token="Marker", next_token="Marker"),),
    key_members=("Id",),
    status_of=_state,
    statuses=STATUSES,
    status_shapes=("ClusterState",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="started", label="Since", format="time"),
        Column(name="hours", label="Normalized hours", format="count"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
    ),
    detail=Detail(("DescribeCluster",), _describe, _state, rows=False),
    more=_more,
    bills="EC2 machines and the fee of EMR, also while it waits",
    ends=_ENDS,
)
