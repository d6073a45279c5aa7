"""Account that validates what a job names: role, image, network and key exist, and inputs are not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..backends import Backends
from ..errors import AwsError, validation
from ..sagemaker.resource_type import Phase, ResourceType, Timeline
from ..sagemaker.resources import Fields
from ..scene import Scene

JOBS = ("TrainingJob", "ProcessingJob")
_IMAGE = re.compile(
    r"(?P<registry>\d{12})\.dkr\.ecr\.(?P<region>[\w-]+)\.amazonaws\.com/(?P<repository>[^:@]+)(?::(?P<tag>.+))?"
)
_PRIVATE = "private"
"""What a repository of somebody else has in its name where it may not be read; all other are AWS's own."""


def build(scene: Scene) -> None:
    """Add the checks to Create calls and to the jobs' timelines."""
    found = _Account(scene.box.backends, scene.account, scene.region)
    scene.engine.refusals.append(found.refusal)
    scene.engine.courses.append(found.course)


class _Account:
    """Checks of one account; each returns AWS's text, or None."""

    def __init__(self, backends: Backends, account: str, region: str) -> None:
        self._backends, self._account, self._region = backends, account, region

    def refusal(self, kind: ResourceType, fields: Fields) -> AwsError | None:
        """Return the error of the Create call, or None."""
        if kind.name not in JOBS:
            return None
        network = _first(fields, "VpcConfig") or {}
        keys = [value for name, value in _members(fields) if name in ("KmsKeyId", "VolumeKmsKeyId")]
        texts = [
            self._role(str(fields.get("RoleArn"))),
            self._image(_image(fields)),
            *map(self._subnet, network.get("Subnets") or []),
            *map(self._group, network.get("SecurityGroupIds") or []),
            *map(self._key, keys),
        ]
        return next((validation(text) for text in texts if text), None)

    def course(self, kind: ResourceType, fields: Fields) -> Timeline | None:
        """Return the timeline of a job that fails once it has its machine, or None."""
        if kind.name not in JOBS:
            return None
        reason = self._unpullable(_image(fields)) or next(
            filter(None, (self._nothing(uri) for name, uri in _members(fields) if name == "S3Uri")), None
        )
        return (kind.born[0], Phase(60, "Failed", "Failed", reason)) if reason else None

    def _role(self, arn: str) -> str | None:
        roles = {role.arn: role for role in self._backends.service("iam", "aws").get_roles()}
        if arn in roles and "sagemaker.amazonaws.com" in str(roles[arn].assume_role_policy_document):
            return None
        return (
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )

    def _image(self, image: str) -> str | None:
        match = _IMAGE.fullmatch(image)
        if match is None:
            return (
                "Invalid training image. Please provide a valid Amazon Elastic Container Registry path of the "
                "Docker image to run."
            )
        if match["registry"] != self._account:
            private = _PRIVATE in match["repository"]
            said = f"Access denied for repository: {match['repository']} in registry ID: {match['registry']}."
            return said if private and match["tag"] != "old" else None
        repositories = self._backends.service("ecr", match["region"]).repositories
        if match["repository"] not in repositories:
            return (
                f"Cannot find repository: {match['repository']} in registry ID: {self._account} Please check if your "
                "ECR repository exists and role has proper pull permissions for SageMaker."
            )
        tags = {tag for each in repositories[match["repository"]].images for tag in each.image_tags}
        return None if (match["tag"] or "latest") in tags else f"Cannot find the requested image: {image}"

    def _unpullable(self, image: str) -> str | None:
        """Return an error where the image's repository was closed after the job had been created."""
        if _PRIVATE not in image:
            return None
        return (
            "ClientError: Cannot pull algorithm container. Either the image does not exist or its permissions "
            "are incorrect."
        )

    def _subnet(self, name: str) -> str | None:
        known = self._backends.service("ec2", self._region).subnets
        there = any(name in subnets for subnets in known.values())
        return None if there else f"Invalid VPC Config: The subnet ID '{name}' does not exist"

    def _group(self, name: str) -> str | None:
        group = self._backends.service("ec2", self._region).get_security_group_from_id(name)
        return None if group else f"Invalid VPC Config: The security group '{name}' does not exist"

    def _key(self, name: str) -> str | None:
        keys = self._backends.service("kms", self._region).keys
        if any(name in (key.id, key.arn) for key in keys.values()):
            return None
        return f"The KMS key '{name}' does not exist or is not enabled"

    def _nothing(self, uri: str) -> str | None:
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        buckets = self._backends.service("s3", "aws").buckets
        if bucket in buckets and any(key.startswith(prefix) for key in buckets[bucket].keys):
            return None
        return (
            f'ClientError: Data download failed:No S3 objects found under S3 URL "{uri}" given in input data source. '
            f"Please ensure that the bucket exists in the selected region ({self._region})."
        )


def _image(fields: Fields) -> str:
    return str(_first(fields, "TrainingImage") or _first(fields, "ImageUri") or "")


def _first(fields: Fields, name: str) -> Any:
    return next((value for each, value in _members(fields) if each == name), None)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every input member, however deep; outputs are left out."""
    for name, member in value.items():
        yield name, member
        if name in ("ProcessingOutputConfig", "CheckpointConfig"):
            yield from ((key, each) for key, each in member.items() if key == "KmsKeyId")
            continue
        for each in member if isinstance(member, list) else [member]:
            if isinstance(each, dict):
                yield from _members(each)
