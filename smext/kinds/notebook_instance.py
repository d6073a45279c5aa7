"""Notebook instances. Billed while in service; charging stops when StopNotebookInstance is called (botocore)."""

from __future__ import annotations

from typing import Any

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Action, Call, Detail, Facts, Item, Kind, LogSource, Meter, Status, Volume, moment, newest

_UNKNOWN = "AWS does not say whether a notebook instance in this status bills"

_VOLUME = "its volume is billed by the month"

# botocore does not tell whether a machine is there while an instance is updated or maintained.
STATUSES = {
    "InService": Status("running", active=True, certainty="billing"),
    "Updating": Status("running", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Pending": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "PendingMaintenance": Status("warn", active=True, certainty="may be billing", why=_UNKNOWN),
    "InMaintenance": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Stopping": Status(
        "off",
        active=True,
        changing=True,
        certainty="storage only",
        why=f"charging of the machine stopped with the call; {_VOLUME}",
    ),
    "Stopped": Status("off", certainty="storage only", why=_VOLUME),
    "Failed": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
    # botocore, DeleteNotebookInstance: it is stopped before.
    "Deleting": Status(
        "off",
        active=True,
        changing=True,
        certainty="storage only",
        why="its volume bills until it is deleted",
    ),
}


def _describe(call: Call, item: Item) -> Item:
    return call("DescribeNotebookInstance", NotebookInstanceName=item["NotebookInstanceName"])


def _act(operation: str) -> Any:
    return lambda call, item: call(operation, NotebookInstanceName=item["NotebookInstanceName"])


def _facts(item: Item, here: ServerIdentity) -> Facts:
    name = item["NotebookInstanceName"]
    mine = here.instance == name
    # There is no start time in the API: the last change of the instance is the best there is.
    started = (
        moment(item.get("LastModifiedTime")) if item.get("NotebookInstanceStatus") == "InService" else None
    )
    return Facts(
        name=name,
        status=str(item.get("NotebookInstanceStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=started,
        meters=[Meter("Notebook", item.get("InstanceType"))],
        volumes=[Volume("notebook volume", item.get("VolumeSizeInGB"))],
        billed_from=started,
        cells={"instance": item.get("InstanceType"), "volume_gb": item.get("VolumeSizeInGB")},
        subtitle=str(item.get("InstanceType") or ""),
        here=mine,
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Volume, GB", value=item.get("VolumeSizeInGB"), format="count"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
        Fact(label="Platform", value=item.get("PlatformIdentifier")),
    ]


KIND = Kind(
    name="notebook-instance",
    label="Notebook instances",
    singular="notebook instance",
    list_calls=(newest("ListNotebookInstances", "NotebookInstances"),),
    key_members=("NotebookInstanceName",),
    arn="NotebookInstanceArn",
    status_of=lambda item: str(item.get("NotebookInstanceStatus") or ""),
    statuses=STATUSES,
    status_shapes=("NotebookInstanceStatus",),
    bills="its machine while in service; its volume by the month, also when stopped",
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="instance", label="Instance"),
        Column(name="started", label="Since", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
        Column(name="usd_per_month", label="Storage, $/month", format="money"),
    ),
    detail=Detail(
        ("DescribeNotebookInstance",),
        _describe,
        lambda item: (item.get("NotebookInstanceStatus"), item.get("LastModifiedTime")),
        # Only a description tells the size of the volume, which bills whether it runs or not.
    ),
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("StopNotebookInstance",),
            run=_act("StopNotebookInstance"),
            allowed=lambda item: item.get("NotebookInstanceStatus") == "InService",
            done="Stopping notebook instance {name}.",
            lost="Kernels, terminals and everything in memory; files outside /home/ec2-user/SageMaker.",
            stays="Files in /home/ec2-user/SageMaker on its volume, which goes on costing storage.",
            danger=True,
        ),
        Action(
            name="start",
            label="Start",
            operations=("StartNotebookInstance",),
            run=_act("StartNotebookInstance"),
            allowed=lambda item: item.get("NotebookInstanceStatus") in {"Stopped", "Failed"},
            done="Starting notebook instance {name}.",
            stays="It bills by the hour until it is stopped.",
        ),
    ),
    logs=lambda item: LogSource(
        "/aws/sagemaker/NotebookInstances", f"{item['NotebookInstanceName']}/", recent_seconds=3600
    ),
    more=_more,
)
