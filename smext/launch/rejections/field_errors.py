"""AWS's no to a launch: shorter, with the field of the form that is at fault and what would do instead."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache

from ... import errors
from ...aws import service_errors
from .. import options
from ..limits import Limits
from ..machines import quota_names
from ..request import APIS, Asked
from . import alternatives, missing_permission

# What a request's members are in the form, beside its options.
MEMBERS = options.fields() | {api.name_member: "name" for api in APIS.values()}
# The whole list of instance types follows.
_ENUM = re.compile(r"enum value set: \[[^\]]*\]?")
_AT = re.compile(r"\bat '([\w.\[\]-]+)'")
_QUOTA = re.compile(r"service limit '(?P<quota>[^']+)'")
_OF_TYPE = re.compile(r"(?P<type>ml\.[\w.-]+) for (?P<use>.+) usage")
_TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "sagemaker.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
_KEY_USE = {
    "Effect": "Allow",
    "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
    "Resource": "*",
}
_PULL = "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability"
# Words of AWS's free sentences, the field that they are about, and what to do; the first that fits counts.
SENTENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("assume role",),
        "role",
        f"Choose another role, or have this in the role's trust policy: {json.dumps(_TRUST)}",
    ),
    (
        ("repository", "requested image", "training image", "pull algorithm container", "manifest unknown"),
        "image",
        f"Check its repository, tag and region in ECR. The role needs {_PULL} on it, and so does the repository's own "
        "policy where another account has it.",
    ),
    (
        ("security group",),
        "security_groups",
        "Choose security groups of the same VPC as the subnets, in this region.",
    ),
    (
        ("subnet", "vpc config", "vpcconfig"),
        "subnets",
        "Choose subnets of one VPC in this region, with security groups of it.",
    ),
    (
        ("kms",),
        "kms_key",
        "The key must be of this region and enabled, and its policy must let the role use it: "
        + json.dumps(_KEY_USE),
    ),
    (
        ("no s3 objects", "s3 data source", "s3 prefix", "s3 url", "data download failed"),
        "inputs",
        "Check the bucket, the prefix and the region; the role needs s3:GetObject and s3:ListBucket there.",
    ),
    (("not available in this region",), "instance_type", ""),
)
DEFINITE = (
    errors.Denied,
    errors.Quota,
    errors.Capacity,
    errors.Invalid,
    errors.NotFound,
    errors.Throttled,
    errors.SetupError,
    errors.Unsupported,
)
"""AWS answered, and nothing was created."""


def is_definite(error: errors.SmextError) -> bool:
    """Whether it is sure that no job was created: silence and server faults are not."""
    return isinstance(error, DEFINITE)


def explained(error: errors.SmextError, asked: Asked, region: str, limits: Limits) -> errors.SmextError:
    """Return the same error, shorter, with its field, what to do, and other types where this one is not to be had."""
    text = service_errors.aws_message(error.__cause__) if error.__cause__ else ""
    message = _ENUM.sub("the types that it knows", error.message)
    kind, field, advice = type(error), error.field, error.advice
    if isinstance(error, errors.Quota):
        field, advice = _of_quota(text, asked, region, limits)
    elif isinstance(error, errors.Capacity):
        field = "instance_type"
        advice = alternatives.capacity(alternatives.of_form(asked.form), region, limits)
    elif isinstance(error, errors.Denied):
        denied = missing_permission.read(text, error.permission or "")
        if denied:
            field, advice = field or denied.field, _placed(denied, asked).advice
    elif isinstance(error, (errors.Invalid, errors.NotFound)):
        kind, field, advice = errors.Invalid, *_of_words(error, text, asked, region, limits)
    made = kind(message, advice=advice, permission=error.permission, field=field)
    made.__cause__ = error.__cause__
    return made


def _placed(denied: missing_permission.Denial, asked: Asked) -> missing_permission.Denial:
    """S3 does not say of what: it is of the run's own prefix."""
    if denied.resource != "*" or not denied.action.startswith("s3:"):
        return denied
    partition = asked.form.role.split(":")[1] if asked.form.role.count(":") else "aws"
    below = asked.run.base.removeprefix("s3://")
    return replace(denied, resource=f"arn:{partition}:s3:::{below}*")


def _of_quota(text: str, asked: Asked, region: str, limits: Limits) -> tuple[str, str]:
    match = _QUOTA.search(text)
    name = match["quota"] if match else ""
    typed = _OF_TYPE.fullmatch(name)
    kind = f"{asked.form.job_kind} job"
    code = quota_names.code(typed["use"], typed["type"]) if typed else None
    if code is None and not name:
        code = quota_names.code(kind, asked.form.instance_type)
    others = alternatives.types(alternatives.of_form(asked.form), region, limits)
    told = f"Of the same size are, with quotas of their own: {', '.join(others)}." if others and typed else ""
    page = quota_names.link(region, code) if code else quota_names.link(region, "").rstrip("/")
    return _field_of_quota(name), f"Ask for more here: {page} {told}".strip()


def _field_of_quota(name: str) -> str:
    lower = name.lower()
    if "warm pool" in lower:
        return "keep_alive_seconds"
    if "runtime" in lower or "run time" in lower:
        return "max_runtime_seconds"
    return "instance_count" if "number of instances" in lower else "instance_type"


def _of_words(
    error: errors.SmextError, text: str, asked: Asked, region: str, limits: Limits
) -> tuple[str | None, str]:
    field = error.field or _at(text)
    if field:
        return field, "Change this value, then run it again."
    field, advice = meant(text)
    if field == "instance_type":
        others = alternatives.types(alternatives.of_form(asked.form), region, limits)
        return field, f"These are: {', '.join(others)}" if others else ""
    return field, advice or (error.advice if isinstance(error, errors.Invalid) else "")


def meant(text: str) -> tuple[str | None, str]:
    """Field and advice of a sentence of AWS's that names no member; None where it is not known."""
    lower = text.lower()
    found = (each for each in SENTENCES if any(word in lower for word in each[0]))
    _, field, advice = next(found, ((), None, ""))
    return field, advice


def _at(text: str) -> str | None:
    """Return the field out of `Value '0' at 'resourceConfig.volumeSizeInGB' failed …`: the innermost member that has one."""
    for path in _AT.findall(text):
        for part in reversed(path.split(".")):
            if part.lower() in _by_lower():
                return _by_lower()[part.lower()]
    return None


@lru_cache(maxsize=1)
def _by_lower() -> dict[str, str]:
    return {name.lower(): field for name, field in MEMBERS.items()}
