"""Studio: domains, user profiles, spaces, apps."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from ..errors import AwsError, validation
from .engine import Engine
from .resource_type import GONE, Complaint, Phase, Refusal, ResourceType
from .resources import Fields, Key, Resource

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_LIVE = frozenset({"Pending", "InService", "Deleting"})


def _missing(what: str) -> Complaint:
    return lambda name, arn: AwsError("ResourceNotFound", f"{what} [{name}] does not exist.")


def _taken(what: str) -> Complaint:
    return lambda name, arn: AwsError("ResourceInUse", f"{what} [{name}] already exists.")


def _busy(what: str) -> Refusal:
    def refuse(resource: Resource, verb: str) -> AwsError:
        return AwsError(
            "ResourceInUse",
            f"{what} [{resource.key[-1]}] cannot be changed because it is in {resource.status} state.",
        )

    return refuse


def _domain_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields.setdefault("DomainId", "d-" + "".join(secrets.choice(_ALPHABET) for _ in range(12)))
    fields.setdefault("Url", f"https://{fields['DomainId']}.studio.{region}.sagemaker.aws")
    fields.setdefault("HomeEfsFileSystemId", "fs-" + secrets.token_hex(8))
    fields.setdefault("AppNetworkAccessType", "PublicInternetOnly")


def _in_domain(engine: Engine, fields: Fields, region: str) -> None:
    _parent(engine, region, "Domain", (fields["DomainId"],))


def _space_fields(engine: Engine, fields: Fields, region: str) -> None:
    _in_domain(engine, fields, region)
    owner = (fields.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
    if owner:
        _parent(engine, region, "UserProfile", (fields["DomainId"], owner))
    fields.setdefault("SpaceSettings", {}).setdefault(
        "SpaceStorageSettings", {"EbsStorageSettings": {"EbsVolumeSizeInGb": 5}}
    )
    fields.setdefault("Url", f"https://{fields['DomainId']}.studio.{region}.sagemaker.aws")


def _parent(engine: Engine, region: str, kind: str, key: Key) -> None:
    if engine.store(region).get(kind, key) is None:
        raise engine.kinds[kind].missing(key[-1], "")


def _app_key(kind: ResourceType, params: Fields) -> Key:
    owner = (
        f"space:{params['SpaceName']}"
        if params.get("SpaceName")
        else f"user:{params.get('UserProfileName', '')}"
    )
    return (params["DomainId"], owner, params["AppType"], params["AppName"])


def _app_fields(engine: Engine, fields: Fields, region: str) -> None:
    space, profile = fields.get("SpaceName"), fields.get("UserProfileName")
    if bool(space) == bool(profile):
        raise validation("Exactly one of UserProfileName and SpaceName must be provided.")
    domain = fields["DomainId"]
    _parent(engine, region, "Domain", (domain,))
    _parent(engine, region, "Space" if space else "UserProfile", (domain, str(space or profile)))
    fields["Owner"] = space or profile
    spec = fields.setdefault("ResourceSpec", {})
    for name, value in _space_default(engine, fields, region).items():
        spec.setdefault(name, value)
    if fields["AppType"] == "Canvas":
        fields.pop("ResourceSpec")
    elif fields["AppType"] == "JupyterServer":
        spec["InstanceType"] = "system"
    else:
        spec.setdefault("InstanceType", "ml.t3.medium")


def _space_default(engine: Engine, fields: Fields, region: str) -> Fields:
    """Return what the app of a space runs on when CreateApp does not say."""
    space = engine.store(region).get("Space", (fields["DomainId"], str(fields.get("SpaceName") or "")))
    settings = (space.fields.get("SpaceSettings") or {}) if space else {}
    own: Fields = settings.get(f"{fields['AppType']}AppSettings") or {}
    return dict(own.get("DefaultResourceSpec") or {})


def _app_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    if phase.status == "InService":
        resource.fields["LastHealthCheckTimestamp"] = at
        resource.fields["LastUserActivityTimestamp"] = at
    elif phase.status == "Failed":
        resource.fields["FailureReason"] = phase.message


def _no_apps(owner_member: str) -> Callable[[Engine, Resource], None]:
    def refuse(engine: Engine, resource: Resource) -> None:
        domain, name = resource.key
        apps = engine.store(resource.region).find(
            "App",
            lambda app: (
                app["DomainId"] == domain and app.get(owner_member) == name and app["Status"] in _LIVE
            ),
        )
        if apps:
            raise AwsError(
                "ResourceInUse",
                f"Unable to delete {resource.kind.name} [{name}] because it has {len(apps)} apps.",
            )

    return refuse


def _no_children(engine: Engine, resource: Resource) -> None:
    store = engine.store(resource.region)
    for kind in ("UserProfile", "Space"):
        if store.find(kind, lambda child: child["DomainId"] == resource.key[0]):
            raise AwsError("ResourceInUse", f"Domain [{resource.key[0]}] still has resources of type {kind}.")


def _space_summary(fields: Fields) -> Fields:
    settings = fields.get("SpaceSettings") or {}
    return {
        "SpaceSettingsSummary": {
            "AppType": settings.get("AppType"),
            "RemoteAccess": settings.get("RemoteAccess"),
            "SpaceStorageSettings": settings.get("SpaceStorageSettings"),
        },
        "SpaceSharingSettingsSummary": fields.get("SpaceSharingSettings"),
        "OwnershipSettingsSummary": fields.get("OwnershipSettings"),
    }


DOMAIN = ResourceType(
    name="Domain",
    id=("DomainId",),
    arn="domain/{DomainId}",
    status="Status",
    ascending=True,
    born=(Phase(0, "Pending"), Phase(60, "InService")),
    delete=(Phase(0, "Deleting"), Phase(30, GONE)),
    missing=_missing("Domain"),
    taken=_taken("Domain"),
    prepare=_domain_fields,
    before_delete=_no_children,
)

USER_PROFILE = ResourceType(
    name="UserProfile",
    id=("DomainId", "UserProfileName"),
    arn="user-profile/{DomainId}/{UserProfileName}",
    status="Status",
    ascending=True,
    born=(Phase(0, "Pending"), Phase(10, "InService")),
    delete=(Phase(0, "Deleting"), Phase(10, GONE)),
    missing=_missing("UserProfile"),
    taken=_taken("UserProfile"),
    prepare=_in_domain,
    before_delete=_no_apps("UserProfileName"),
)

SPACE = ResourceType(
    name="Space",
    id=("DomainId", "SpaceName"),
    arn="space/{DomainId}/{SpaceName}",
    status="Status",
    ascending=True,
    born=(Phase(0, "Pending"), Phase(10, "InService")),
    update=(Phase(0, "Updating"), Phase(5, "InService")),
    updatable=frozenset({"InService", "Update_Failed"}),
    delete=(Phase(0, "Deleting"), Phase(10, GONE)),
    missing=_missing("Space"),
    taken=_taken("Space"),
    refused=_busy("Space"),
    prepare=_space_fields,
    before_delete=_no_apps("SpaceName"),
    summary=_space_summary,
)

APP = ResourceType(
    name="App",
    id=("DomainId", "AppType", "AppName"),
    arn="app/{DomainId}/{Owner}/{AppType}/{AppName}",
    status="Status",
    ascending=True,
    born=(Phase(0, "Pending"), Phase(60, "InService")),
    delete=(Phase(0, "Deleting"), Phase(20, "Deleted")),
    deletable=frozenset({"InService", "Failed", "Pending"}),
    missing=_missing("App"),
    taken=_taken("App"),
    refused=_busy("App"),
    key=_app_key,
    prepare=_app_fields,
    entered=_app_entered,
)

RESOURCE_TYPES = (DOMAIN, USER_PROFILE, SPACE, APP)
