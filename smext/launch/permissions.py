"""Whether the execution role may do what the job does, as IAM's own simulation sees it.

It knows a role's policies and its boundary, but neither an organisation's policies nor those of a bucket or a key.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..api import Check
from ..aws import Account
from .caller import Caller
from .place import Run
from .remembered import remembered

FIELD = "role"


def of_role(account: Account, role: str, run: Run) -> Check:
    """Reading the run's input and writing its output. Raises errors.SmextError where it cannot be told."""
    partition = role.split(":")[1]
    bucket = f"arn:{partition}:s3:::{run.bucket.name}"
    below = f"{bucket}/{run.base.split('/', 3)[3]}*"
    decisions = _simulated(account, role, ("s3:GetObject", "s3:PutObject"), below)
    decisions |= _simulated(account, role, ("s3:ListBucket",), bucket)
    refused = {action: decision for action, decision in decisions.items() if decision != "allowed"}
    if not refused:
        return _said("ok", f"The role may read and write the run's place: {run.base}", "")
    denied = any(decision == "explicitDeny" for decision in refused.values())
    return _said(
        "will fail" if denied else "warning",
        f"The role may not do this in the bucket {run.bucket.name}: {', '.join(sorted(refused))}",
        "Ask who looks after the role to allow it, or choose another role."
        if denied
        else "A policy of the bucket may still allow it. Otherwise allow it to the role, or choose another.",
    )


def of_passing(account: Account, caller: Caller, role: str) -> Check:
    """Whether this server may pass the role. Raises errors.SmextError where it cannot be told."""
    decisions = _simulated(account, _principal(caller, role), ("iam:PassRole",), role)
    refused = set(decisions.values()) - {"allowed"}
    if not refused:
        return _said("ok", "This server may pass the role to SageMaker.", "")
    return _said(
        "will fail" if "explicitDeny" in refused else "warning",
        f"This server may not pass the role (iam:PassRole): {role}",
        "Ask for iam:PassRole on it (`smext policy` prints the policy), or choose another role.",
    )


def _simulated(account: Account, principal: str, actions: Iterable[str], resource: str) -> dict[str, str]:
    """Decision by action: `allowed`, `explicitDeny` or `implicitDeny`."""
    names = list(actions)

    def ask() -> dict[str, str]:
        answer = account.call(
            "iam",
            "SimulatePrincipalPolicy",
            PolicySourceArn=principal,
            ActionNames=names,
            ResourceArns=[resource],
            ContextEntries=[
                {
                    "ContextKeyName": "iam:PassedToService",
                    "ContextKeyValues": ["sagemaker.amazonaws.com"],
                    "ContextKeyType": "string",
                }
            ],
        )
        results = answer.get("EvaluationResults") or []
        return {str(each["EvalActionName"]): str(each["EvalDecision"]) for each in results}

    found: dict[str, str] = remembered(account, ("may", principal, *names, resource), ask)
    return dict(found)


def _principal(caller: Caller, role: str) -> str:
    """The identity that policies hang on: of a session, its role."""
    parts = caller.arn.split(":")
    if ":assumed-role/" not in caller.arn:
        return caller.arn
    name = parts[5].split("/")[1]
    # The session's ARN leaves out the role's path, which is known where it is the very role.
    return role if role.endswith(f"/{name}") else f"{parts[0]}:{parts[1]}:iam::{caller.account}:role/{name}"


def _said(status: str, message: str, advice: str) -> Check:
    return Check.model_validate(
        {"name": "permissions", "status": status, "message": message, "advice": advice, "field": FIELD}
    )
