"""MLflow tracking servers. Billed by the hour and size while active (SageMaker price page); storage comes on top.

Only a description tells the size.
"""

from __future__ import annotations

from datetime import datetime

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from .base import Action, Detail, Facts, Item, Kind, Meter, Status, calling, moment, newest

_NAME = "TrackingServerName"
_UNKNOWN = "AWS does not say whether a tracking server in this status bills"
_UP = Status("running", active=True, certainty="billing")
_MOVING = Status("running", active=True, changing=True, certainty="billing")
_UNSURE = Status("bad", active=True, certainty="may be billing", why=_UNKNOWN)
_COMING = Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN)

STATUSES = {
    "Created": _UP,
    "Started": _UP,
    "Updated": _UP,
    "MaintenanceComplete": _UP,
    "MaintenanceInProgress": _MOVING,
    "Updating": _MOVING,
    "Stopping": _MOVING,
    "StopFailed": Status("bad", active=True, certainty="billing", why="it could not be stopped"),
    "Creating": _COMING,
    "Starting": _COMING,
    "Deleting": _COMING,
    "UpdateFailed": _UNSURE,
    "MaintenanceFailed": _UNSURE,
    "StartFailed": _UNSURE,
    "CreateFailed": _UNSURE,
    "DeleteFailed": _UNSURE,
    "Stopped": Status("off", certainty="storage only", why="what it holds is billed as storage"),
}
_STOPPABLE = {"Created", "Started", "Updated", "MaintenanceComplete", "StopFailed", "UpdateFailed"}


def _status(item: Item) -> str:
    return str(item.get("TrackingServerStatus") or "")


def _certainty(item: Item) -> tuple[Certainty | None, str]:
    """Return the certainty by IsTrackingServerActive where the status leaves it open, and why (botocore)."""
    active, status = item.get("IsActive"), _status(item)
    if active == "Active":
        stopped = status == "Stopped"
        return ("may be billing", "AWS calls it stopped and active") if stopped else ("billing", "")
    if active and status != "Stopped" and status in STATUSES:
        return "may be billing", f"AWS calls it {active.lower()}, but it is not stopped"
    return None, ""


def _since(item: Item) -> datetime | None:
    """Return its last change, as there is no start time; None for a server that was never changed."""
    return moment(item.get("CreationTime" if _status(item) == "Created" else "LastModifiedTime"))


def _facts(item: Item, here: ServerIdentity) -> Facts:
    size = item.get("TrackingServerSize")
    up = _status(item) not in {"Stopped", "CreateFailed"}
    certainty, why = _certainty(item)
    # What it cost since the last change is known of what surely bills alone.
    billed = up and item.get("IsActive") != "Inactive"
    return Facts(
        name=item[_NAME],
        status=_status(item),
        created=moment(item.get("CreationTime")),
        started=_since(item) if up else None,
        meters=[Meter("MLflow", f"mlflow.{size}" if size else None)],
        billed_from=_since(item) if billed else None,
        certainty=certainty,
        why=why,
        cells={"size": size, "version": item.get("MlflowVersion")},
        subtitle=" · ".join(filter(None, [size, item.get("MlflowVersion")])),
        owner=(item.get("CreatedBy") or {}).get("UserProfileName"),
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Artefacts", value=item.get("ArtifactStoreUri"), format="code"),
        Fact(label="Address", value=item.get("TrackingServerUrl"), format="code"),
        Fact(label="Maintenance", value=item.get("WeeklyMaintenanceWindowStart")),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="mlflow-server",
    label="MLflow tracking servers",
    singular="MLflow tracking server",
    list_calls=(newest("ListMlflowTrackingServers", "TrackingServerSummaries"),),
    key_members=(_NAME,),
    arn="TrackingServerArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("TrackingServerStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="size", label="Size"),
        Column(name="version", label="MLflow"),
        Column(name="started", label="Since", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
    ),
    detail=Detail(
        ("DescribeMlflowTrackingServer",),
        calling("DescribeMlflowTrackingServer", _NAME),
        lambda item: (_status(item), item.get("LastModifiedTime")),
    ),
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("StopMlflowTrackingServer",),
            run=calling("StopMlflowTrackingServer", _NAME),
            allowed=lambda item: _status(item) in _STOPPABLE,
            done="Stopping MLflow tracking server {name}.",
            lost="Tracking while it is stopped: jobs that log to it fail to. Starting it again takes up to half an hour.",
            stays="Its experiments, runs and models, whose storage goes on billing, and the artefacts in S3.",
            danger=True,
        ),
        Action(
            name="start",
            label="Start",
            operations=("StartMlflowTrackingServer",),
            run=calling("StartMlflowTrackingServer", _NAME),
            allowed=lambda item: _status(item) in {"Stopped", "StartFailed"},
            done="Starting MLflow tracking server {name}.",
            stays="It bills by the hour until it is stopped.",
        ),
    ),
    more=_more,
    bills="by the hour and size while active; its storage also when stopped",
)
