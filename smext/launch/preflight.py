"""What AWS can say of a launch without anything being made: does the role exist, can the bucket be had."""

from __future__ import annotations

import re
from typing import Any

from .. import errors
from ..api import Check
from ..aws import Account
from .place import Bucket
from .remembered import remembered

SERVICE = "sagemaker.amazonaws.com"
ECR = re.compile(
    r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_NO_IMAGE = {"ImageNotFoundException", "RepositoryNotFoundException"}


def cannot_tell(name: str, error: errors.SmextError, field: str | None = None) -> Check:
    return Check(name=name, status="cannot tell", message=error.message, advice=error.advice, field=field)


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


def bucket_exists(account: Account, bucket: Bucket) -> bool:
    """Raises errors.SmextError: Denied where the bucket may not be looked at or is somebody else's."""
    owner = {"ExpectedBucketOwner": bucket.owner} if bucket.owner else {}
    try:
        account.client("s3").head_bucket(Bucket=bucket.name, **owner)
    except Exception as error:
        ours = errors.translate(error, f"Could not look at the bucket {bucket.name}", "s3:ListBucket")
        if isinstance(ours, errors.NotFound):
            return False
        raise ours from error
    return True


def bucket(found: Bucket, exists: bool) -> Check:
    if exists:
        return Check(name="bucket", status="ok", message=f"{found.name} ({found.source})")
    return Check(
        name="bucket",
        status="warning" if found.owner is None else "ok",
        message=f"The bucket does not exist and will be created: {found.name}",
        advice="" if found.owner else f"Check its name in the {found.source}.",
    )


def image(account: Account, uri: str) -> Check | None:
    """Of the account's own registry. Raises errors.SmextError where it cannot be told."""
    match = ECR.fullmatch(uri)
    if match is None:
        return None
    named = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"] or "latest"}

    def ask() -> bool:
        try:
            account.call(
                "ecr",
                "DescribeImages",
                repositoryName=match["repository"],
                imageIds=[named],
                region=match["region"],
            )
        except errors.SmextError as error:
            if errors.aws_code(error.__cause__ or error) in _NO_IMAGE:
                return False
            raise
        return True

    if remembered(account, ("image", uri), ask):
        return Check(name="image", status="ok", message=f"The image exists: {uri}", field="image")
    return Check(
        name="image",
        status="will fail",
        message=f"There is no such image: {uri}",
        advice="Check its repository and tag in ECR.",
        field="image",
    )


def _role(status: str, message: str, advice: str) -> Check:
    return Check.model_validate(
        {"name": "role", "status": status, "message": message, "advice": advice, "field": "role"}
    )


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
