"""MLflow apps. Serverless: no charge of their own is known, only that of the artefacts in S3."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, Status, calling, moment, newest

_FREE = "serverless: no charge of its own is known, only that of what it stores in S3"
_THERE = Status("ok", active=True, why=_FREE)
_MOVING = Status("warn", active=True, changing=True, why=_FREE)

STATUSES = {
    "Creating": _MOVING,
    "Created": _THERE,
    "CreateFailed": Status("bad"),
    "Updating": _MOVING,
    "Updated": _THERE,
    "UpdateFailed": Status("bad", active=True, why=_FREE),
    "Deleting": _MOVING,
    "DeleteFailed": Status("bad", active=True, why=_FREE),
    "Deleted": Status("off"),
}


def _facts(item: Item, here: ServerIdentity) -> Facts:
    return Facts(
        name=str(item.get("Name") or item["Arn"]),
        status=str(item.get("Status") or ""),
        created=moment(item.get("CreationTime")),
        cells={"version": item.get("MlflowVersion")},
        subtitle=str(item.get("MlflowVersion") or ""),
        owner=(item.get("CreatedBy") or {}).get("UserProfileName"),
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Artefacts", value=item.get("ArtifactStoreUri"), format="code"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = Kind(
    name="mlflow-app",
    label="MLflow apps",
    singular="MLflow app",
    list_calls=(newest("ListMlflowApps", "Summaries"),),
    key_members=("Arn",),
    arn="Arn",
    status_of=lambda item: str(item.get("Status") or ""),
    statuses=STATUSES,
    status_shapes=("MlflowAppStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="version", label="MLflow"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeMlflowApp",),
        calling("DescribeMlflowApp", "Arn"),
        lambda item: (item.get("Status"), item.get("LastModifiedTime")),
        rows=False,
    ),
    more=_more,
    bills="nothing of its own that is known; its artefacts in S3",
    ends="Nothing bills by the hour. Deleting it destroys what was tracked.",
)
