"""Where am I, and as whom: account, region, role, domain, space, profile, this very instance."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..api import Context, Place, Problem, Target
from ..errors import SmextError
from .account import Account

METADATA_PATH = "/opt/ml/metadata/resource-metadata.json"


@dataclass(frozen=True)
class Metadata:
    """What SageMaker wrote about this machine (resource-metadata.json); all None on any other computer."""

    app_type: str | None = None
    domain: str | None = None
    space: str | None = None
    user: str | None = None
    arn: str | None = None
    resource: str | None = None
    role: str | None = None
    project: str | None = None

    @property
    def region(self) -> str | None:
        return _arn_part(self.arn, 3)

    @property
    def place(self) -> Place:
        if self.project:
            return "unified-studio"
        if self.space:
            return "studio-space"
        if self.domain:
            return "studio-classic"
        return "notebook-instance" if self.resource else "computer"

    @property
    def label(self) -> str:
        if self.space:
            return f"Studio space {self.space} in domain {self.domain}"
        if self.domain:
            return f"Studio Classic in domain {self.domain}"
        return f"notebook instance {self.resource}" if self.resource else "this computer"


@dataclass(frozen=True)
class Here:
    """This very machine and person, for marking rows as `here` and `mine`."""

    domain: str | None = None
    space: str | None = None
    user: str | None = None
    app_type: str | None = None
    instance: str | None = None
    """Name of the notebook instance that this server runs on."""

    def owns(self, owner: str | None, domain: str | None = None) -> bool | None:
        """None is unknown; people of the same name in two domains are not the same."""
        if owner is None or self.user is None:
            return None
        return owner == self.user and domain in (None, self.domain)


def read_metadata(environ: Mapping[str, str] = os.environ) -> Metadata:
    """Read the metadata file (path in RESOURCE_METADATA_FILE, as AWS's own extensions have it).

    A file that is missing or broken is a machine that is not SageMaker's.
    """
    path = Path(environ.get("RESOURCE_METADATA_FILE") or METADATA_PATH)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Metadata()
    if not isinstance(found, dict):
        return Metadata()
    more = found.get("AdditionalMetadata") or {}
    return Metadata(
        app_type=_text(found.get("AppType")),
        domain=_text(found.get("DomainId")),
        space=_text(found.get("SpaceName")),
        user=_text(found.get("UserProfileName")),
        arn=_text(found.get("ResourceArn")),
        resource=_text(found.get("ResourceName")),
        role=_text(found.get("ExecutionRoleArn")),
        project=_text(more.get("DataZoneProjectId")) if isinstance(more, dict) else None,
    )


def here(account: Account, metadata: Metadata) -> Here:
    """Who sits here. Asks DescribeSpace only where the file does not name the profile; never raises."""
    user = metadata.user
    if user is None and metadata.space and metadata.domain:
        user = _space_owner(account, metadata.domain, metadata.space)
    on_instance = metadata.place == "notebook-instance"
    return Here(
        domain=metadata.domain,
        space=metadata.space,
        user=user,
        app_type=metadata.app_type,
        instance=metadata.resource if on_instance else None,
    )


def describe(
    account: Account,
    targets: Sequence[Target],
    *,
    version: str,
    read_only: bool = False,
    protected: Callable[[], bool] = lambda: False,
    warn_minutes: float = 0.0,
    waiting: str = "",
) -> Context:
    """The whole context of a target. What cannot be found is None, with the reason in `problem`.

    waiting: asks AWS nothing, and says this in its place.
    """
    from ..launch.role import find_role

    metadata = read_metadata()
    identity, region, role, problem = None, None, None, None
    if waiting:
        problem = Problem(code="waiting", message=waiting, advice="This page goes on by itself.")
    try:
        region = account.region
        if not waiting:
            identity = str(account.call("sts", "GetCallerIdentity").get("Arn") or "") or None
            role, _ = find_role(account, metadata)
    except SmextError as error:
        problem = error.problem()
    return Context(
        target=account.target,
        targets=list(targets),
        place=metadata.place,
        place_label=metadata.label,
        account=_arn_part(identity, 4) or _arn_part(metadata.role, 4),
        region=region,
        identity=identity,
        identity_label=identity_label(identity),
        role=role or metadata.role,
        domain=metadata.domain,
        space=metadata.space,
        user=here(account, metadata).user if problem is None else metadata.user,
        endpoint=account.endpoint,
        endpoint_label="local sandbox (free)" if account.local else None,
        read_only=read_only,
        protected=protected(),
        problem=problem,
        warn_minutes=warn_minutes,
        version=version,
    )


def identity_label(arn: str | None) -> str:
    """`arn:aws:sts::1:assumed-role/data-science/me` -> `data-science`; `arn:aws:iam::1:user/eve` -> `eve`."""
    parts = (arn or "").split(":", 5)[-1].split("/")
    if parts[0] == "assumed-role" and len(parts) > 1:
        return parts[1]
    return parts[-1]


def _space_owner(account: Account, domain: str, space: str) -> str | None:
    try:
        found = account.call("sagemaker", "DescribeSpace", DomainId=domain, SpaceName=space)
    except SmextError:
        return None
    return _text((found.get("OwnershipSettings") or {}).get("OwnerUserProfileName"))


def _arn_part(arn: str | None, index: int) -> str | None:
    parts = (arn or "").split(":")
    return parts[index] or None if len(parts) > index else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
