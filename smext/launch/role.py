"""The execution role that a job gets where nobody names one: the SDK's order, its config files first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..api import JobKind
from ..aws import studio
from ..aws.account import Account
from ..aws.identity import identity
from ..aws.studio import Metadata
from ..errors import SmextError
from . import sdk_config
from .sdk_config import SdkConfig

ROLE_ARN = re.compile(r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
"""botocore: RoleArn."""
_ASSUMED = re.compile(r"(?P<start>arn:[^:]+:)sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*")

Found = tuple[str, str]


def find_role(
    account: Account, metadata: Metadata, job_kind: JobKind | None = None, config: SdkConfig | None = None
) -> tuple[str | None, str]:
    """ARN of the role and where it came from; without one, None and why there is none. Never raises.

    SDK config, metadata file, notebook instance, user profile or space, domain, the caller's own role.
    """
    config = config or sdk_config.load(account)
    refused: list[str] = []
    for source in _sources(account, metadata, job_kind, config):
        try:
            found = source()
        except SmextError as error:
            refused.append(error.message)
            continue
        if found:
            return found
    return None, refused[-1] if refused else "The AWS identity of this server is a user, not a role."


def _sources(
    account: Account, metadata: Metadata, job_kind: JobKind | None, config: SdkConfig
) -> Iterator[Callable[[], Found | None]]:
    yield lambda: configured(config, job_kind)
    yield lambda: (metadata.role, "from this space") if metadata.role else None
    if metadata.resource and not metadata.domain:
        yield lambda: _of_instance(account, metadata)
    if metadata.domain and metadata.user:
        yield lambda: _of_profile(account, metadata)
    if metadata.domain:
        yield lambda: _of_domain(account, metadata)
    yield lambda: _of_caller(account)


def configured(config: SdkConfig, job_kind: JobKind | None) -> Found | None:
    """Return the role of the SDK's config files; without a kind of job that of either."""
    for kind in [job_kind] if job_kind else ("processing", "training"):
        section = sdk_config.SECTIONS[kind]
        role = config.text(section, "RoleArn")
        if role:
            return role, f"SDK config ({section}.RoleArn)"
    return None


def _of_instance(account: Account, metadata: Metadata) -> Found | None:
    answer = account.call("sagemaker", "DescribeNotebookInstance", NotebookInstanceName=metadata.resource)
    role = answer.get("RoleArn")
    return (role, "from this notebook instance") if role else None


def _of_profile(account: Account, metadata: Metadata) -> Found | None:
    answer = account.call(
        "sagemaker", "DescribeUserProfile", DomainId=metadata.domain, UserProfileName=metadata.user
    )
    role = (answer.get("UserSettings") or {}).get("ExecutionRole")
    return (role, "from the user profile") if role else None


def _of_domain(account: Account, metadata: Metadata) -> Found | None:
    answer = studio.domain(account, metadata.domain or "")
    # A space without a profile of its own is a shared one, whose role is another setting.
    members = ["DefaultUserSettings"] if metadata.user else ["DefaultSpaceSettings", "DefaultUserSettings"]
    for member in members:
        role = (answer.get(member) or {}).get("ExecutionRole")
        if role:
            return role, "from the domain"
    return None


def _of_caller(account: Account) -> Found | None:
    match = _ASSUMED.fullmatch(identity(account).arn)
    if not match:
        return None
    name = match["role"]
    try:
        # The session's ARN leaves out the role's path.
        role = account.call("iam", "GetRole", RoleName=name)["Role"]["Arn"]
        return str(role), "the role of this server"
    except SmextError:
        # SageMaker's console puts the roles that it makes there.
        path = "service-role/" if name.startswith("AmazonSageMaker-ExecutionRole") else ""
        guess = f"{match['start']}iam::{match['account']}:role/{path}{name}"
        return guess, "the role of this server (its path could not be looked up)"
