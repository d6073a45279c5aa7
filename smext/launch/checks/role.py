"""The execution role: whether it is one, is there, and may be assumed by SageMaker."""

from __future__ import annotations

from typing import Any

from ... import errors
from ...api import Check, check
from ...aws.account import Account
from ...aws.cache import remembered
from ..role import ROLE_ARN
from .base import Offline, Online, Question
from .context import Context

FIELD = "role"
SERVICE = "sagemaker.amazonaws.com"


def of_role(role: str, why_none: str) -> list[Check]:
    """Check that there is a role, and that its ARN is well-formed."""
    if not role:
        return [
            check(
                "role",
                "will fail",
                f"No execution role was found. {why_none}",
                "Write the ARN of a role that SageMaker may assume, or set RoleArn in the SDK's config.yaml.",
                FIELD,
            )
        ]
    if not ROLE_ARN.fullmatch(role):
        return [
            check(
                "role",
                "will fail",
                f"This is not the ARN of a role: {role}",
                "Write all of it: arn:aws:iam::123456789012:role/name",
                FIELD,
            )
        ]
    return []


def of_existing(account: Account, arn: str) -> Check:
    """Check that the role exists and trusts SageMaker. Raises errors.SmextError where it cannot be told."""
    name = arn.rsplit("/", 1)[-1]
    try:
        found = account.call("iam", "GetRole", RoleName=name)["Role"]
    except errors.NotFound:
        message = f"There is no such role: {arn}"
        advice = "Choose another, or ask who looks after the account."
        return check("role", "will fail", message, advice, FIELD)
    if found.get("Arn") not in (None, arn):
        return check("role", "will fail", f"The role has another ARN: {found['Arn']}", "Use that one.", FIELD)
    if not _trusts_sagemaker(found.get("AssumeRolePolicyDocument")):
        message = f"SageMaker is not named in the role's trust policy: {name}"
        return check("role", "warning", message, f"Let {SERVICE} assume it, or choose another role.", FIELD)
    return check("role", "ok", f"The role exists and SageMaker may assume it: {name}", "", FIELD)


def _trusts_sagemaker(policy: Any) -> bool:
    """Tell whether SageMaker may assume the role; of a policy that cannot be read, yes: AWS decides."""
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


def _questions(context: Context) -> dict[str, Question]:
    account, arn = context.account, context.role
    if not arn:
        return {}
    return {
        "the role": Question(
            "role", FIELD, lambda: [remembered(account, ("role", arn), lambda: of_existing(account, arn))]
        )
    }


CHECKS = (
    Offline(60, lambda context: of_role(context.form.role, context.around.why_no_role)),
    Online(320, _questions),
)
