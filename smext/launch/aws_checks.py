"""What AWS says of a launch: all questions at once, each with an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..api import Check
from ..aws import Account
from . import checks, last_run, option_checks, permissions, preflight, usage
from .asking import Answer, together
from .caller import Caller
from .last_run import LastRun
from .limits import Limits
from .pricing_checks import of_offer
from .request import Asked
from .sending import is_stored, stored

PATIENCE_SECONDS = 4.0
"""No answer is worth more waiting: the plan stands without it."""
# Name and field of the check of each question that may stay without an answer.
_UNTOLD: dict[str, tuple[str, str | None]] = {
    "the role": ("role", "role"),
    "the bucket": ("bucket", None),
    "the quota": ("quota", usage.FIELD),
    "the machines kept": ("quota", usage.FIELD),
    "the role's permissions": ("permissions", permissions.FIELD),
    "passing the role": ("permissions", permissions.FIELD),
    "the image": ("image", "image"),
}


@dataclass(frozen=True)
class Remote:
    """`files_there`: the bucket has these very files. `last`: the notebook's last run on this type."""

    bucket_missing: bool
    files_there: bool
    last: LastRun | None
    checks: list[Check]


def ask(account: Account, asked: Asked, caller: Caller | None, key: str | None, limits: Limits) -> Remote:
    """Raises errors.SmextError only where the credentials are no good."""
    bucket = asked.run.bucket
    questions = _questions(account, asked, caller)
    questions["the last run"] = lambda: last_run.find(account, asked)
    if key:
        questions["the files"] = lambda: is_stored(account, stored(asked.run, key), bucket.owner)
    inputs = option_checks.questions(account, asked.form)
    questions |= inputs
    untold = _UNTOLD | dict.fromkeys(inputs, ("inputs", "inputs"))
    answers = together(min(limits.patience_seconds, PATIENCE_SECONDS), questions)
    seen = answers["the bucket"]
    found = []
    for name, (check, field) in untold.items():
        answer = answers.get(name)
        if answer is None:
            continue
        if answer.error:
            found.append(preflight.cannot_tell(check, answer.error, field))
        elif name == "the bucket":
            found.append(preflight.bucket(bucket, bool(answer.value)))
        elif answer.value is not None:
            found.append(answer.value)
    there = answers.get("the files", Answer()).value is True
    last = answers["the last run"].value
    return Remote(seen.value is False, there, last, _together(found) + of_offer(asked, account.region))


def _questions(account: Account, asked: Asked, caller: Caller | None) -> dict[str, Callable[[], Any]]:
    form, bucket, role = asked.form, asked.run.bucket, asked.form.role
    kind, machine = form.job_kind, form.instance_type
    questions: dict[str, Callable[[], Any]] = {
        "the bucket": lambda: preflight.bucket_exists(account, bucket),
        "the quota": lambda: usage.check(account, kind, machine, form.instance_count, spot=form.spot),
    }
    if form.keep_alive_seconds:
        questions["the machines kept"] = lambda: usage.of_kept(account, machine, form.instance_count)
    if role and not checks.of_role(role, ""):
        questions["the role"] = lambda: preflight.role(account, role)
        questions["the role's permissions"] = lambda: permissions.of_role(account, role, asked.run)
        if caller:
            questions["passing the role"] = lambda: permissions.of_passing(account, caller, role)
    if caller and form.image.startswith(f"{caller.account}.dkr.ecr."):
        questions["the image"] = lambda: preflight.image(account, form.image)
    return questions


def _together(found: list[Check]) -> list[Check]:
    """Both questions to the simulation may be refused alike: that is said once."""
    return list({(each.name, each.message): each for each in found}.values())


def of_settings(request: Mapping[str, Any]) -> list[Check]:
    """What a network and keys ask for that nobody can see from here."""
    network = request.get("NetworkConfig") or request
    vpc = network.get("VpcConfig") or {}
    found = []
    subnets, groups = vpc.get("Subnets"), vpc.get("SecurityGroupIds")
    if isinstance(subnets, list) and isinstance(groups, list):
        message = f"It runs in your network: {', '.join(map(str, [*subnets, *groups]))}"
        advice = (
            "It needs a way to S3, ECR, STS and CloudWatch Logs there, and to the package index for packages."
        )
        found.append(Check(name="network", status="cannot tell", message=message, advice=advice))
    keys = sorted(
        {value for name, value in _members(request) if name in ("KmsKeyId", "VolumeKmsKeyId") and value}
    )
    if keys:
        message = f"It is encrypted with: {', '.join(keys)}"
        advice = "This server and the role need kms:GenerateDataKey and kms:Decrypt on it."
        found.append(Check(name="encryption", status="cannot tell", message=message, advice=advice))
    return found


def _members(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        own = [(name, member) for name, member in value.items() if isinstance(member, str)]
        return own + [pair for member in value.values() for pair in _members(member)]
    return [pair for member in value for pair in _members(member)] if isinstance(value, list) else []
