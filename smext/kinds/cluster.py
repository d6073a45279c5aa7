"""HyperPod clusters. Billed by the nodes of all instance groups that are there (SageMaker price page: Cluster).

The list names no machines: DescribeCluster gives each group's type and current count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..api import Column, Fact
from ..context import Here
from .base import Detail, Facts, Item, Kind, Listing, LogSource, Meter, Status, calling, moment

_UP = Status("running", active=True, certainty="billing")
_MOVING = Status("running", active=True, changing=True, certainty="billing")
_NODES = "the nodes that are there bill"

STATUSES = {
    "InService": _UP,
    "Updating": _MOVING,
    "SystemUpdating": _MOVING,
    "RollingBack": _MOVING,
    "Creating": Status("warn", active=True, changing=True, certainty="may be billing", why=_NODES),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why=_NODES),
    "Failed": Status("bad", active=True, certainty="may be billing", why=_NODES),
}


def _groups(item: Item) -> list[dict[str, Any]]:
    return [*(item.get("InstanceGroups") or []), *(item.get("RestrictedInstanceGroups") or [])]


def _meters(item: Item) -> Iterator[Meter]:
    for group in _groups(item):
        # Nodes of a training plan were paid for with it.
        if not group.get("TrainingPlanArn"):
            yield from _group_meters(group)


def _group_meters(group: dict[str, Any]) -> Iterator[Meter]:
    spot = "Spot" in (group.get("CapacityRequirements") or {})
    for part in group.get("InstanceTypeDetails") or [group]:
        count, known = part.get("CurrentCount"), part.get("InstanceType") if not spot else None
        # A count that AWS does not give, and the rate of spot nodes, are unknown, not zero.
        yield Meter("Cluster", known, float(count)) if count is not None else Meter("Cluster", None)


def _nodes(item: Item) -> str:
    counted = (f"{g.get('CurrentCount', '?')} × {g.get('InstanceType') or 'mixed'}" for g in _groups(item))
    return " + ".join(counted)


def _facts(item: Item, here: Here) -> Facts:
    meters, described = list(_meters(item)), item.get("InstanceGroups") is not None
    idle = described and not any(meter.count for meter in meters)
    created = moment(item.get("CreationTime"))
    return Facts(
        name=item["ClusterName"],
        status=str(item.get("ClusterStatus") or ""),
        reason=str(item.get("FailureMessage") or ""),
        created=created,
        started=created,
        meters=meters,
        billed_from=created,
        certainty="none" if idle else None if described else "may be billing",
        why="no node bills by the hour: none is there, or all belong to a training plan"
        if idle
        else ""
        if described
        else "its nodes are not known yet",
        cells={"nodes": _nodes(item)},
        subtitle=_nodes(item),
    )


def _more(item: Item) -> list[Fact]:
    orchestrator = next(iter(item.get("Orchestrator") or {"Slurm": {}}))
    return [
        Fact(label="Orchestrator", value=str(orchestrator)),
        *(
            Fact(
                label=f"Group {group.get('InstanceGroupName')}",
                value=f"{group.get('CurrentCount')} of {group.get('TargetCount')} × {group.get('InstanceType')}",
            )
            for group in _groups(item)
        ),
        Fact(label="How to end it", value=_ENDS),
    ]


# botocore, BatchDeleteClusterNodes: root volumes are lost. What holds data is not deleted from here.
_ENDS = "Scale its groups in, or delete it, in the SageMaker console: the nodes' own volumes are lost; save to S3 or FSx."

KIND = Kind(
    name="cluster",
    label="HyperPod clusters",
    singular="HyperPod cluster",
    listings=(Listing("ListClusters", "ClusterSummaries"),),
    key_members=("ClusterName",),
    arn="ClusterArn",
    status_of=lambda item: str(item.get("ClusterStatus") or ""),
    statuses=STATUSES,
    status_shapes=("ClusterStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="nodes", label="Nodes"),
        Column(name="created", label="Created", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
    ),
    # The list has no time of the last change, and nodes come and go.
    detail=Detail(
        ("DescribeCluster",),
        calling("DescribeCluster", "ClusterName"),
        lambda item: item.get("ClusterStatus"),
        lasts=timedelta(minutes=5),
    ),
    logs=lambda item: LogSource(
        f"/aws/sagemaker/Clusters/{item['ClusterName']}/"
        + str(item.get("ClusterArn") or "").rpartition("/")[2],
        recent_seconds=3600,
    ),
    more=_more,
    bills="the nodes of its groups that are there; those of a training plan are paid for in advance",
    ends=_ENDS,
)
