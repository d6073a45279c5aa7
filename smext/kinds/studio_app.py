"""Studio apps with their spaces: JupyterLab, Code Editor, Canvas, Studio Classic and the rest.

A space has one app or none: both are one row. Billed while an app is in service (botocore: AppDetails,
ResourceSpec). Apps of one user on one instance type of Studio Classic share one machine
(AWS docs: notebooks-usage-metering.html), so only the first of them bills.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from ..errors import NotFound
from . import jobs
from .base import (
    Action,
    Call,
    Detail,
    Facts,
    Item,
    Kind,
    LogSource,
    Meter,
    Status,
    Volume,
    moment,
    newest,
)
from .signal import Signal
from .studio_items import KEY, app_of, default_spec, instance_of, join, owned

_VOLUME = "its volume is billed by the month"

STATUSES = {
    "InService": Status("running", active=True, certainty="billing"),
    "Pending": Status(
        "warn", active=True, changing=True, certainty="may be billing", why="bills when it is in service"
    ),
    "Deleting": Status("off", active=True, changing=True, certainty="may be billing", why="stopping"),
    "Failed": Status("bad"),
    "Deleted": Status("off"),
    # Of a space without an app:
    "Stopped": Status("off", certainty="storage only", why=_VOLUME),
    "Updating": Status("warn", active=True, changing=True, certainty="storage only", why=_VOLUME),
    "Update_Failed": Status("bad", certainty="storage only", why=_VOLUME),
    "Delete_Failed": Status("bad", certainty="storage only", why=_VOLUME),
    # Of a space whose app stands in no list, where the list of apps is not whole:
    "Not read": Status(
        "warn",
        active=True,
        certainty="may be billing",
        why="whether an app runs in it is not known: the list of apps is not whole",
    ),
}

_NAMES = {"JupyterLab": "JupyterLab space", "CodeEditor": "Code Editor space", "Canvas": "Canvas"}
# JupyterServer runs on `system` alone; of RStudio's server ml.t3.medium is free, sessions and larger ones bill
# (SageMaker price page).
_FREE: Mapping[str, set[str | None]] = {
    "JupyterServer": {None, "system"},
    "RStudioServerPro": {"system", "ml.t3.medium"},
}


def _status(item: Item) -> str:
    app, space = app_of(item), item.get("Space") or {}
    if app and app.get("Status") != "Deleted":
        return str(app.get("Status") or "")
    if not _looked_for(item):
        return "Not read"
    state = str(space.get("Status") or "")
    return "Stopped" if state in {"InService", ""} else state


def _looked_for(item: Item) -> bool:
    """Return True if a missing app is known to be none: no list that may miss it says so."""
    return "App" in item or bool(item.get("AppsWhole", True))


def _bare(item: Item) -> bool:
    """Return True for a space without an app: no machine of it is there, whatever its own status is."""
    app = app_of(item)
    return item["Owner"] == "space" and (not app or app.get("Status") == "Deleted") and _looked_for(item)


def _planned(item: Item) -> bool:
    """Return True if it runs on capacity of a training plan (botocore: ResourceSpec.TrainingPlanArn)."""
    return bool((app_of(item).get("ResourceSpec") or {}).get("TrainingPlanArn"))


def _meters(item: Item) -> list[Meter]:
    if item["AppType"] == "Canvas":
        return [Meter("Canvas", "canvas.session")]
    if instance_of(item) in _FREE.get(item["AppType"], ()) or item.get("SharesWith") or _planned(item):
        return []
    # What these cost by the hour is not known: their component of the price list is another one.
    unknown = item["AppType"] in {"TensorBoard", "DetailedProfiler"}
    return [Meter("Studio", None if unknown else instance_of(item))]


def _describe(call: Call, item: Item) -> Item:
    found: Item = {}
    owner = {"SpaceName" if item["Owner"] == "space" else "UserProfileName": item["OwnerName"]}
    if item["Owner"] == "space":
        space = call("DescribeSpace", DomainId=item["DomainId"], **owner)
        found["SpaceDetail"] = space
        found["Space"] = {**(item.get("Space") or {}), **space}
    listed_without_app = "Space" in item and not item.get("App") and _looked_for(item)
    if not listed_without_app:
        found["App"] = _describe_app(call, item)
    return found


def _describe_app(call: Call, item: Item) -> Item:
    try:
        return {**app_of(item), **call("DescribeApp", **_target(item))}
    except NotFound:
        if item["Owner"] == "user":
            raise
        return {}  # a space that has no app now


def _facts(item: Item, here: ServerIdentity) -> Facts:
    app, space = app_of(item), item.get("Space") or {}
    owner = (space.get("OwnershipSettings") or space.get("OwnershipSettingsSummary") or {}).get(
        "OwnerUserProfileName"
    )
    sharing = (space.get("SpaceSharingSettings") or space.get("SpaceSharingSettingsSummary") or {}).get(
        "SharingType"
    )
    created, mine = moment(app.get("CreationTime")), _is_here(item, here)
    # This very server runs in it, whether or not a list has its app.
    status = "InService" if mine and _status(item) == "Not read" else _status(item)
    volume = _volume(item)
    certainty, why = _bill(item, status)
    what = _NAMES.get(item["AppType"], item["AppType"])
    return Facts(
        name=item["OwnerName"] if item["Owner"] == "space" else f"{item['OwnerName']}/{item['AppName']}",
        status=status,
        reason=str(app.get("FailureReason") or space.get("FailureReason") or ""),
        created=created or moment(space.get("CreationTime")),
        started=created if status == "InService" else None,
        meters=_meters(item),
        volumes=[Volume("space volume", volume)] if item["Owner"] == "space" else [],
        billed_from=created,
        certainty=certainty,
        why=why,
        cells={"app": what, "instance": instance_of(item), "owner": owner, "volume_gb": volume},
        subtitle=" · ".join(
            filter(None, [what, instance_of(item), "shared" if sharing == "Shared" else owner])
        ),
        owner=owner if item["Owner"] == "space" else item["OwnerName"],
        shared=sharing == "Shared",
        here=mine,
    )


def _bill(item: Item, status: str) -> tuple[Certainty | None, str]:
    """Return what bills of it, and why; None where only its status tells."""
    if status not in STATUSES:
        return None, ""  # a status that nobody knows is no reassurance
    if _bare(item):
        return "storage only", _VOLUME
    if status == "Failed" and item["Owner"] == "space":
        return "storage only", _VOLUME
    if status != _status(item):
        return "billing", "this server runs in it"
    if status not in {"InService", "Pending", "Deleting"} or _meters(item):
        return None, ""
    if item.get("SharesWith"):
        return "none", f"shares the machine of {item['SharesWith']}"
    return "none", jobs.PLANNED if _planned(item) else "free of charge"


def _volume(item: Item) -> int | None:
    space = item.get("Space") or {}
    settings = space.get("SpaceSettings") or space.get("SpaceSettingsSummary") or {}
    storage = settings.get("SpaceStorageSettings") or {}
    size = (storage.get("EbsStorageSettings") or {}).get("EbsVolumeSizeInGb")
    return int(size) if size is not None else None


def _is_here(item: Item, here: ServerIdentity) -> bool:
    if item["DomainId"] != here.domain or (here.app_type and here.app_type != item["AppType"]):
        return False
    if item["Owner"] == "space":
        return bool(item["OwnerName"] == here.space)
    return bool(here.space is None and item["OwnerName"] == here.user)


def _own(here: ServerIdentity) -> Item | None:
    """Return the space that this server runs in, or None."""
    if not (here.domain and here.space):
        return None
    item = owned(here.domain, "space", here.space, here.app_type or "JupyterLab", "default")
    return {**item, "AppsWhole": False}


def _unknown(item: Item) -> bool:
    """Return True for a space, or an app of one, whose other half an incomplete list lacks."""
    return item["Owner"] == "space" and (_status(item) == "Not read" or "Space" not in item)


def _stop(call: Call, item: Item) -> None:
    call("DeleteApp", **_target(item))


def _start(call: Call, item: Item) -> None:
    spec = default_spec({**item, **_describe(call, item)})
    call("CreateApp", **_target(item), **({"ResourceSpec": spec} if spec.get("InstanceType") else {}))


def _target(item: Item) -> dict[str, Any]:
    owner = {"SpaceName" if item["Owner"] == "space" else "UserProfileName": item["OwnerName"]}
    return {"DomainId": item["DomainId"], **owner, "AppType": item["AppType"], "AppName": item["AppName"]}


def _logs(item: Item) -> LogSource:
    # AWS docs, logging-cloudwatch.html: [domain-id]/[user or space]/[app-type]/[app-name]
    stream = f"{item['DomainId']}/{item['OwnerName']}/{item['AppType']}/{item['AppName']}"
    return LogSource("/aws/sagemaker/studio", stream, recent_seconds=3600)


def _more(item: Item) -> list[Fact]:
    spec = app_of(item).get("ResourceSpec") or {}
    return [
        Fact(label="Domain", value=item["DomainId"]),
        Fact(label="Volume, GB", value=_volume(item), format="count"),
        Fact(
            label="Image",
            value=spec.get("SageMakerImageVersionArn") or spec.get("SageMakerImageArn"),
            format="code",
        ),
    ]


def _canvas(item: Item) -> list[dict[str, str]]:
    if item.get("AppType") != "Canvas" or item.get("Owner") != "user":
        return []
    return [{"DomainId": item["DomainId"], "UserProfileName": item["OwnerName"]}]


def _resources(item: Item) -> list[str]:
    """Return the ARN ends of space and app, either of which may have the tags (botocore: SpaceArn, AppArn)."""
    domain, name = item.get("DomainId"), item.get("OwnerName")
    app = f"app/{domain}/{name}/{item.get('AppType')}/{item.get('AppName')}"
    return [app, f"space/{domain}/{name}"] if item.get("Owner") == "space" else [app]


# Nothing tells of the other apps: AWS's time of last activity moves with every health check (botocore:
# DescribeApp.LastUserActivityTimestamp).
CANVAS_ACTIVITY = Signal(
    "/aws/sagemaker/Canvas/AppActivity",
    "TimeSinceLastActive",
    _canvas,
    means="nobody used Canvas",
    window=timedelta(hours=1),
    statistic="Minimum",
    tells="seconds idle",
    reach=timedelta(hours=1),
    period=timedelta(minutes=5),
)


KIND = Kind(
    name="studio-app",
    label="Studio spaces and apps",
    singular="Studio app",
    list_calls=(newest("ListApps", "Apps"), newest("ListSpaces", "Spaces")),
    join=join,
    key_members=KEY,
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("AppStatus", "SpaceStatus"),
    bills="a machine for each app, one for all kernels of a user and type; Canvas by session; a space's volume",
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="app", label="App"),
        Column(name="status", label="Status"),
        Column(name="instance", label="Instance"),
        Column(name="owner", label="Owner"),
        Column(name="started", label="Since", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
        Column(name="usd_per_month", label="Storage, $/month", format="money"),
    ),
    detail=Detail(
        ("DescribeSpace", "DescribeApp"),
        _describe,
        lambda item: (
            _status(item),
            app_of(item).get("CreationTime"),
            (item.get("Space") or {}).get("LastModifiedTime"),
        ),
        wanted=_unknown,
        rows=False,
    ),
    own=_own,
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("DeleteApp",),
            run=_stop,
            allowed=lambda item: _status(item) == "InService",
            done="Stopping {name}.",
            lost="Kernels, terminals and everything in memory; packages installed outside the home directory.",
            stays="Files in the home directory, on the space's volume, which goes on costing storage. "
            "Jobs and endpoints that were started from here go on.",
            danger=True,
        ),
        Action(
            name="start",
            label="Start",
            operations=("CreateApp", "DescribeSpace"),
            run=_start,
            allowed=lambda item: item["Owner"] == "space" and _status(item) in {"Stopped", "Failed"},
            done="Starting {name}.",
            stays="It bills by the hour until it is stopped.",
        ),
    ),
    logs=_logs,
    more=_more,
    resources=_resources,
    signals=(CANVAS_ACTIVITY,),
)
