"""Whether the execution role may do what the job does, as IAM's own simulation sees it.

It knows a role's policies and its boundary, but neither an organisation's policies nor those of a bucket or a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...api import Check, CheckStatus, check
from ...aws.account import Account
from ...aws.cache import remembered
from ...aws.identity import Caller
from ...aws.s3 import split
from .. import network
from ..s3_layout import RunLayout
from .base import Online, Question
from .context import Context

FIELD = "role"
READ = ("s3:GetObject", "s3:ListBucket")
WRITE = ("s3:PutObject",)
# AWS: SageMaker Developer Guide, "SageMaker AI Roles", what a role needs for jobs in a VPC.
NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_OF_BUCKET = {"s3:ListBucket"}


def questions(context: Context) -> dict[str, Question]:
    """Return what to ask of the role's and the caller's permissions."""
    account, caller, role, run = context.account, context.caller, context.role, context.asked.run
    if not role:
        return {}

    def question(ask: Callable[[], list[Check]]) -> Question:
        return Question("permissions", FIELD, ask)

    asks = {"the role's permissions": question(lambda: [of_role(account, role, run)])}
    if caller:
        asks["passing the role"] = question(lambda: [of_passing(account, caller, role)])
    if network.vpc(context.form, context.asked.config):
        asks["the role in the network"] = question(lambda: of_network(account, role))
    return asks


def of_role(account: Account, role: str, run: RunLayout) -> Check:
    """Check that the role may read the run's input and write its output. Raises errors.SmextError where it cannot be told."""
    refused = _refused(account, role, run.base, (*READ, *WRITE))
    if not refused:
        return check(
            "permissions", "ok", f"The role may read and write the run's place: {run.base}", "", FIELD
        )
    return _no(run.bucket.name, refused, FIELD)


def of_place(account: Account, role: str, uri: str, wanted: Iterable[str], field: str) -> list[Check]:
    """Of an input or output of the form; nothing where all is well. Raises errors.SmextError where it cannot be told."""
    refused = _refused(account, role, uri, wanted)
    return [_no(uri, refused, field)] if refused else []


def of_network(account: Account, role: str) -> list[Check]:
    """Check what SageMaker does as the role in a network of one's own. Raises errors.SmextError where it cannot be told."""
    decisions = simulated(account, role, NETWORK, "*")
    refused = {action: decision for action, decision in decisions.items() if decision != "allowed"}
    if not refused:
        return [check("permissions", "ok", "The role may connect machines to a network.", "", FIELD)]
    message = f"The role may not connect machines to a network: {', '.join(sorted(refused))}"
    # Without a word against it, a policy may allow it on the very network.
    status: CheckStatus = "will fail" if "explicitDeny" in refused.values() else "warning"
    advice = "Ask who looks after the role to allow it, or choose another role."
    return [check("permissions", status, message, advice, FIELD)]


def of_passing(account: Account, caller: Caller, role: str) -> Check:
    """Whether this server may pass the role. Raises errors.SmextError where it cannot be told."""
    decisions = simulated(account, principal(account, caller, role), ("iam:PassRole",), role)
    refused = set(decisions.values()) - {"allowed"}
    if not refused:
        return check("permissions", "ok", "This server may pass the role to SageMaker.", "", FIELD)
    return check(
        "permissions",
        "will fail" if "explicitDeny" in refused else "warning",
        f"This server may not pass the role (iam:PassRole): {role}",
        "Ask for iam:PassRole on it (`smext policy` prints the policy), or choose another role.",
        FIELD,
    )


def _refused(account: Account, role: str, uri: str, wanted: Iterable[str]) -> dict[str, str]:
    """Decision by action, of those that are not allowed."""
    name, key = split(uri)
    bucket = f"arn:{role.split(':')[1]}:s3:::{name}"
    actions = set(wanted)
    decisions = simulated(account, role, sorted(actions - _OF_BUCKET), f"{bucket}/{key}*")
    if actions & _OF_BUCKET:
        decisions |= simulated(account, role, sorted(actions & _OF_BUCKET), bucket)
    return {action: decision for action, decision in decisions.items() if decision != "allowed"}


def _no(where: str, refused: dict[str, str], field: str) -> Check:
    denied = "explicitDeny" in refused.values()
    return check(
        "permissions",
        "will fail" if denied else "warning",
        f"The role may not do this in {where}: {', '.join(sorted(refused))}",
        "Ask who looks after the role to allow it, or choose another role."
        if denied
        else "A policy of the bucket may still allow it. Otherwise allow it to the role, or choose another.",
        field,
    )


def simulated(account: Account, principal: str, actions: Iterable[str], resource: str) -> dict[str, str]:
    """Decision by action: `allowed`, `explicitDeny` or `implicitDeny`. Raises errors.SmextError."""
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


def principal(account: Account, caller: Caller, role: str) -> str:
    """Return the identity that policies hang on: of a session, its role. Raises errors.SmextError where that is not told."""
    if ":assumed-role/" not in caller.arn:
        return caller.arn
    name = caller.arn.split(":")[5].split("/")[1]
    if role.endswith(f"/{name}"):
        return role
    # The session's ARN leaves out the role's path.
    found = remembered(account, ("role of", name), lambda: account.call("iam", "GetRole", RoleName=name))
    return str(found["Role"]["Arn"])


CHECKS = (Online(330, questions),)
