"""AWS's no to a launch, with the field of the form that is at fault."""

from __future__ import annotations

import re

from .. import errors, quotas
from .pricing_checks import similar
from .request import Asked

# As CreateTrainingJob and CreateProcessingJob name their members in a ValidationException.
_FIELDS = (
    ("instancetype", "instance_type"),
    ("instancecount", "instance_count"),
    ("volumesizeingb", "volume_gb"),
    ("maxruntimeinseconds", "max_runtime_seconds"),
    ("trainingimage", "image"),
    ("imageuri", "image"),
    ("environment", "environment"),
    ("rolearn", "role"),
    ("assume role", "role"),
    ("passrole", "role"),
)
# The whole list of instance types follows.
_ENUM = re.compile(r"enum value set: \[[^\]]*\]?")
DEFINITE = (
    errors.Denied,
    errors.Quota,
    errors.Capacity,
    errors.Invalid,
    errors.NotFound,
    errors.Throttled,
    errors.NoCredentials,
    errors.Expired,
    errors.Unsupported,
)
"""AWS answered, and nothing was created."""


def is_definite(error: errors.SmextError) -> bool:
    """Whether it is sure that no job was created: silence and server faults are not."""
    return isinstance(error, DEFINITE)


def explained(error: errors.SmextError, asked: Asked, region: str) -> errors.SmextError:
    """The same error, shorter, with its field, and with other types where this one is not to be had."""
    message = _ENUM.sub("the types that it knows", error.message)
    field = error.field or _field(message + " " + (error.permission or ""))
    advice = error.advice
    if "assume role" in message.lower():
        advice = "Let sagemaker.amazonaws.com assume this role in its trust policy, or choose another role."
    if isinstance(error, (errors.Quota, errors.Capacity)):
        field = field or "instance_type"
        advice = f"{advice} {_instead(asked, region, isinstance(error, errors.Quota))}".strip()
    made = type(error)(message, advice=advice, permission=error.permission, field=field)
    made.__cause__ = error.__cause__
    return made


def _instead(asked: Asked, region: str, quota: bool) -> str:
    name, kind = asked.form.instance_type, asked.form.job_kind
    others = similar(asked.api.component, name, region)
    told = f"Of the same size are: {', '.join(others)}." if others else ""
    code = quotas.code(f"{kind} job", name) if quota else None
    return f"{told} Ask here: {quotas.link(region, code)}" if code else told


def _field(text: str) -> str | None:
    lower = text.lower()
    return next((field for word, field in _FIELDS if word in lower), None)
