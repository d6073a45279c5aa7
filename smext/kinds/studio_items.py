"""Lists of Studio's apps and spaces merged: a space has one app or none, and both are one row.

Apps of one user on one instance type of Studio Classic share one machine (AWS docs: notebooks-usage-metering.html), so
only the first of them bills.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .base import Answer, Item, moment

_SETTINGS = {"JupyterLab": "JupyterLabAppSettings", "CodeEditor": "CodeEditorAppSettings"}


def join(answers: Sequence[Answer]) -> list[Item]:
    """Make one item per space with its app, and per app that has no space."""
    apps, spaces = answers
    items: dict[tuple[str, ...], Item] = {}
    told_since = _told_since(apps)
    for space in spaces:
        app_type = (space.get("SpaceSettingsSummary") or {}).get("AppType") or "JupyterLab"
        item = owned(space.get("DomainId"), "space", space.get("SpaceName"), app_type, "default")
        born = moment(space.get("CreationTime"))
        whole = apps.whole or bool(born and told_since and born > told_since)
        items[_key(item)] = {**item, "Space": space, "AppsWhole": whole}
    for app in sorted(apps, key=lambda a: a.get("Status") == "Deleted", reverse=True):
        owner = ("space", app["SpaceName"]) if app.get("SpaceName") else ("user", app.get("UserProfileName"))
        item = owned(app.get("DomainId"), *owner, app.get("AppType"), app.get("AppName"))
        known = items.get(_key(item), {})
        if app.get("Status") != "Deleted":
            items[_key(item)] = {**item, **known, "App": app}
    return _share_machines(list(items.values()))


def _told_since(apps: Answer) -> datetime | None:
    """Return since when every created app is in a list that was cut: the newest come first.

    A space that is younger has no other app. None where it was cut before it was long: then it ended oddly, and is not known to be in order.
    """
    born = [moment(app.get("CreationTime")) for app in apps]
    times = [time for time in born if time]
    in_order = len(times) == len(born) >= _LONG and times == sorted(times, reverse=True)
    return times[-1] if in_order else None


_LONG = 1000


def owned(domain: str | None, owner: str, name: str | None, app_type: str | None, app: str | None) -> Item:
    """Make an item of the members that identify it, and nothing else."""
    values = (domain, owner, name, app_type, app)
    return dict(zip(KEY, (value or "" for value in values), strict=True))


def _key(item: Item) -> tuple[str, ...]:
    return tuple(item[member] for member in KEY)


KEY = ("DomainId", "Owner", "OwnerName", "AppType", "AppName")


def _share_machines(items: list[Item]) -> list[Item]:
    paying: dict[tuple[str, str, str, str], str] = {}
    # The first of them started the machine, which has billed since then, however the list is ordered.
    for item in sorted(items, key=lambda item: str(app_of(item).get("CreationTime") or "")):
        instance = instance_of(item)
        # Two types that are not known may be two machines.
        if item["AppType"] == "KernelGateway" and app_of(item).get("Status") == "InService" and instance:
            machine = (item["DomainId"], item["Owner"], item["OwnerName"], instance)
            first = paying.setdefault(machine, item["AppName"])
            if first != item["AppName"]:
                item["SharesWith"] = first
    return items


def app_of(item: Item) -> dict[str, Any]:
    """Return the app; empty where there is none, or none is known."""
    return dict(item.get("App") or {})


def instance_of(item: Item) -> str | None:
    """Return the type that its app runs on, or would by the settings of its space."""
    spec = app_of(item).get("ResourceSpec") or {}
    named = spec.get("InstanceType")
    if item["AppType"] == "KernelGateway" and named == "system":
        return "ml.t3.medium"  # botocore, ResourceSpec: what `system` stands for, and it is billed
    return named or default_spec(item).get("InstanceType")


def default_spec(item: Item) -> dict[str, Any]:
    """Return the ResourceSpec of the space's settings, as far as the space was described."""
    settings = (item.get("SpaceDetail") or {}).get("SpaceSettings") or {}
    return dict((settings.get(_SETTINGS.get(item["AppType"], "")) or {}).get("DefaultResourceSpec") or {})
