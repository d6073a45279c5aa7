"""What AWS can say of a launch without anything being made: does the role exist, can the bucket be had."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ... import errors
from ...api import Check
from ...aws import service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from ...aws.identity import Caller
from ...runs.record import ENV_RUN
from .. import images
from ..request import Asked
from ..s3_layout import Bucket
from .question import ask_s3, said

SERVICE = "sagemaker.amazonaws.com"
ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_NO_IMAGE = {"ImageNotFoundException", "RepositoryNotFoundException"}


def role(account: Account, arn: str) -> Check:
    """Raises errors.SmextError where it cannot be told."""
    name = arn.rsplit("/", 1)[-1]
    try:
        found = account.call("iam", "GetRole", RoleName=name)["Role"]
    except errors.NotFound:
        return _role(
            "will fail",
            f"There is no such role: {arn}",
            "Choose another, or ask who looks after the account.",
        )
    if found.get("Arn") not in (None, arn):
        return _role("will fail", f"The role has another ARN: {found['Arn']}", "Use that one.")
    if not _trusts_sagemaker(found.get("AssumeRolePolicyDocument")):
        return _role(
            "warning",
            f"SageMaker is not named in the role's trust policy: {name}",
            f"Let {SERVICE} assume it, or choose another role.",
        )
    return _role("ok", f"The role exists and SageMaker may assume it: {name}", "")


@dataclass(frozen=True)
class Looked:
    """A bucket as it was seen; its region is empty where that is not said."""

    exists: bool
    region: str = ""


def look_at(account: Account, bucket: Bucket) -> Looked:
    """Raises errors.SmextError: Denied where the bucket may not be looked at or is somebody else's."""
    owner = {"ExpectedBucketOwner": bucket.owner} if bucket.owner else {}
    doing = f"look at the bucket {bucket.name}"
    try:
        found = ask_s3(account, "head_bucket", doing, "s3:ListBucket", Bucket=bucket.name, **owner)
    except errors.NotFound:
        return Looked(exists=False)
    headers = (found.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    return Looked(True, str(found.get("BucketRegion") or headers.get("x-amz-bucket-region") or ""))


def bucket(found: Bucket, looked: Looked, region: str) -> Check:
    if looked.exists and looked.region not in ("", region):
        message = f"The bucket lies in another region than the job ({looked.region}): {found.name}"
        return said("bucket", "will fail", message, f"Choose one in {region} in the {found.source}.")
    if looked.exists:
        return said("bucket", "ok", f"{found.name} ({found.source})")
    message = f"The bucket does not exist and will be created: {found.name}"
    if found.owner:
        return said("bucket", "ok", message)
    return said("bucket", "warning", message, f"Check its name in the {found.source}.")


def name(account: Account, asked: Asked) -> list[Check]:
    """Of a name that no plan made up: whether a job has it. Raises errors.SmextError where it cannot be told."""
    api, wanted = asked.api, asked.run.job
    try:
        found = account.call("sagemaker", api.describe, **{api.name_member: wanted})
    except errors.NotFound:
        return [said("name", "ok", f"No job has this name yet: {wanted}", "", "name")]
    if (found.get("Environment") or {}).get(ENV_RUN) == asked.run.uri:
        return [said("name", "ok", f"This launch has been sent: {wanted}", "It is not sent again.", "name")]
    message = f"There is another job of this name: {wanted}"
    return [said("name", "will fail", message, "Choose another name.", "name")]


def image(account: Account, uri: str, caller: Caller | None) -> list[Check]:
    """Of the account's own registry and of somebody else's; nothing of AWS's own Distribution.

    Raises errors.SmextError where it cannot be told.
    """
    match = ECR.fullmatch(uri)
    if match is None or images.is_distribution(uri):
        return []
    own = caller is not None and uri.startswith(f"{caller.account}.")
    named = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"] or "latest"}

    def ask() -> bool:
        try:
            account.call(
                "ecr",
                "DescribeImages",
                registryId=match["account"],
                repositoryName=match["repository"],
                imageIds=[named],
                region=match["region"],
            )
        except errors.SmextError as error:
            if service_errors.aws_code(error.__cause__ or error) in _NO_IMAGE:
                return False
            raise
        return True

    if remembered(account, ("image", uri), ask):
        return [said("image", "ok", f"The image exists: {uri}", "", "image")]
    if own:
        message = f"There is no such image: {uri}"
        return [said("image", "will fail", message, "Check its repository and tag in ECR.", "image")]
    # A registry that does not let us look answers as if it had nothing.
    message = f"Whether the image is there is not told by its registry: {uri}"
    return [said("image", "cannot tell", message, "Check its repository and tag with who keeps it.", "image")]


def _role(status: str, message: str, advice: str) -> Check:
    return said("role", status, message, advice, "role")


def _trusts_sagemaker(policy: Any) -> bool:
    """A policy that cannot be read is taken to be fine: AWS decides."""
    if not isinstance(policy, dict):
        return True
    statements = policy.get("Statement") or []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") or {}
        services = principal.get("Service") if isinstance(principal, dict) else principal
        names = services if isinstance(services, list) else [services]
        if statement.get("Effect") == "Allow" and ({SERVICE, "*"} & set(names)):
            return True
    return False
