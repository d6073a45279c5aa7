"""SageMaker metadata of this machine: domain, space, profile or notebook instance, and its user."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..api import Place
from ..errors import SmextError
from .account import Account
from .cache import remembered

METADATA_PATH = "/opt/ml/metadata/resource-metadata.json"


@dataclass(frozen=True)
class Metadata:
    """Content of resource-metadata.json; all None on any other computer."""

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
        """Region of the resource's ARN, or None."""
        return arn_part(self.arn, 3)

    @property
    def place(self) -> Place:
        """Kind of place that the server runs in."""
        if self.project:
            return "unified-studio"
        if self.space:
            return "studio-space"
        if self.domain:
            return "studio-classic"
        return "notebook-instance" if self.resource else "computer"

    @property
    def label(self) -> str:
        """Place for people: `Studio space X in domain Y`, `this computer`."""
        if self.space:
            return f"Studio space {self.space} in domain {self.domain}"
        if self.domain:
            return f"Studio Classic in domain {self.domain}"
        return f"notebook instance {self.resource}" if self.resource else "this computer"


@dataclass(frozen=True)
class ServerIdentity:
    """SageMaker identity of this server: its place and user, which make a row `here` and `mine`."""

    domain: str | None = None
    space: str | None = None
    user: str | None = None
    app_type: str | None = None
    instance: str | None = None
    """Name of the notebook instance that this server runs on."""

    def owns(self, owner: str | None, domain: str | None = None) -> bool | None:
        """Return True for the user's own; None is unknown.

        The same name in two domains is not the same person.
        """
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


def server_identity(account: Account, metadata: Metadata) -> ServerIdentity:
    """Return the place and user of this server; calls DescribeSpace only without a profile in the file.

    Never raises.
    """
    user = metadata.user
    if user is None and metadata.space and metadata.domain:
        user = _space_owner(account, metadata.domain, metadata.space)
    on_instance = metadata.place == "notebook-instance"
    return ServerIdentity(
        domain=metadata.domain,
        space=metadata.space,
        user=user,
        app_type=metadata.app_type,
        instance=metadata.resource if on_instance else None,
    )


def domain(account: Account, name: str) -> dict[str, Any]:
    """Return DescribeDomain's answer, cached for a minute. Raises errors.SmextError."""
    found: dict[str, Any] = remembered(
        account, ("domain", name), lambda: account.call("sagemaker", "DescribeDomain", DomainId=name)
    )
    return found


def described_space(account: Account, domain: str, space: str) -> dict[str, Any]:
    """Return DescribeSpace's answer. Raises errors.SmextError."""
    return account.call("sagemaker", "DescribeSpace", DomainId=domain, SpaceName=space)


def _space_owner(account: Account, domain: str, space: str) -> str | None:
    try:
        found = described_space(account, domain, space)
    except SmextError:
        return None
    return _text((found.get("OwnershipSettings") or {}).get("OwnerUserProfileName"))


def arn_part(arn: str | None, index: int) -> str | None:
    """Return one part of an ARN (3 is the region, 4 the account), None where there is none."""
    parts = (arn or "").split(":")
    return parts[index] or None if len(parts) > index else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
