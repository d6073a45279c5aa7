"""HyperPod clusters. Billed by the nodes of all instance groups that are there (SageMaker price page: Cluster).

The list names no machines: DescribeCluster gives each group's type and current count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, LogSource, Meter, Status, calling, moment, newest

_UP = Status("running", active=True, certainty="billing")
_MOVING = Status("running", active=True, changing=True, certainty="billing")
_NODES = "the nodes that are there bill"
_COMING = "more nodes are being started: AWS does not say from when on they bill"
_SCALING = {"Creating", "Updating", "SystemUpdating", "RollingBack"}

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
        if not _planned(group):
            yield from _group_meters(group)


def _planned(group: dict[str, Any]) -> bool:
    """Return True for nodes that a training plan pays for; those that outlived the plan are billed."""
    status = str(group.get("TrainingPlanStatus") or "").lower()
    return bool(group.get("TrainingPlanArn")) and status in _PLAN_HOLDS


_PLAN_HOLDS = {"", "pending", "scheduled", "active"}
"""Words of TrainingPlanStatus (botocore) in which its capacity is, or will be, there; empty where AWS says none."""


def _group_meters(group: dict[str, Any]) -> Iterator[Meter]:
    # The rate of spot nodes, and of those that a plan no longer pays for, is unknown, not zero.
    unknown = "Spot" in (group.get("CapacityRequirements") or {}) or bool(group.get("TrainingPlanArn"))
    total, parts = group.get("CurrentCount"), group.get("InstanceTypeDetails") or [group]
    for part in parts:
        count, known = part.get("CurrentCount"), None if unknown else part.get("InstanceType")
        yield Meter("Cluster", known, float(count)) if count is not None else Meter("Cluster", None)
    told = sum(part.get("CurrentCount") or 0 for part in parts)
    if total is not None and told < total:
        yield Meter("Cluster", None, float(total - told))  # nodes of no type that is told


def _growing(item: Item) -> bool:
    """Return True if more nodes were asked for than are there, so that some may be starting."""
    pairs = (
        (group.get("CurrentCount"), group.get("TargetCount"))
        for group in _groups(item)
        if not _planned(group)
    )
    return any(now is not None and wanted is not None and wanted > now for now, wanted in pairs)


def _bill(item: Item, meters: list[Meter]) -> tuple[Certainty | None, str]:
    """Return what the nodes tell of the bill, and why; None where only the status does."""
    status = str(item.get("ClusterStatus") or "")
    if status not in STATUSES:
        return None, ""  # a status that nobody knows is no reassurance
    if item.get("InstanceGroups") is None:
        return "may be billing", "its nodes are not known yet"
    growing, groups = _growing(item), _groups(item)
    if any(meter.count for meter in meters):
        return None, _COMING if growing and status in _SCALING else ""
    if groups and all(_planned(group) for group in groups):
        return "none", "all its nodes belong to a training plan, which is paid for in advance"
    if status == "InService" and not growing:
        return "none", "no node bills by the hour: none is there, or all belong to a training plan"
    return "may be billing", _COMING if growing else "no node is counted now, but it is not in service"


def _nodes(item: Item) -> str:
    counted = (f"{g.get('CurrentCount', '?')} × {g.get('InstanceType') or 'mixed'}" for g in _groups(item))
    return " + ".join(counted)


def _facts(item: Item, here: ServerIdentity) -> Facts:
    meters = list(_meters(item))
    certainty, why = _bill(item, meters)
    if why == _COMING and meters:
        meters.append(Meter("Cluster", None))  # so that what is counted is not taken for all
    created = moment(item.get("CreationTime"))
    return Facts(
        name=item["ClusterName"],
        status=str(item.get("ClusterStatus") or ""),
        reason=str(item.get("FailureMessage") or ""),
        created=created,
        started=created,
        meters=meters,
        billed_from=None if certainty == "none" else created,  # it may have had nodes before
        certainty=certainty,
        why=why,
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
    list_calls=(newest("ListClusters", "ClusterSummaries", "CREATION_TIME"),),
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
