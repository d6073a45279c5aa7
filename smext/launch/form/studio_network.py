"""What a Studio domain asks of the network of its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ... import errors
from ...aws import studio
from ...aws.account import Account


@dataclass(frozen=True)
class Network:
    subnets: list[str]
    security_groups: list[str]


def network(account: Account, domain: str | None) -> Network | None:
    """Return the network of a domain which reaches the internet through it alone.

    None for any other, and where it may not be asked: then nothing is known. Never raises.
    """
    if not domain:
        return None
    try:
        found = studio.domain(account, domain)
    except errors.SmextError:
        return None
    if found.get("AppNetworkAccessType") != "VpcOnly":
        return None
    subnets, groups = found.get("SubnetIds") or [], _groups(found)
    return Network(list(subnets), groups) if subnets and groups else None


def _groups(domain: dict[str, Any]) -> list[str]:
    """botocore: UserSettings, DefaultSpaceSettings and DomainSettings each may name some."""
    places = (
        (domain.get("DefaultUserSettings") or {}).get("SecurityGroups"),
        (domain.get("DefaultSpaceSettings") or {}).get("SecurityGroups"),
        (domain.get("DomainSettings") or {}).get("SecurityGroupIds"),
    )
    return list(next((groups for groups in places if groups), []))
