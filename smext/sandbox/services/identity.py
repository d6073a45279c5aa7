"""STS and IAM: the caller's identity, and policy simulation."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from urllib.parse import parse_qs

from ..backends import Backends
from ..protocol import Call
from ..sagemaker.resources import Fields
from . import Service


def sts(account: str, principal: str) -> Service:
    """Make GetCallerIdentity answer with `principal`, an assumed role or a user."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation != "GetCallerIdentity":
            return None
        user = "AIDAEXAMPLESANDBOX" if ":user/" in principal else "AROAEXAMPLESANDBOX:SageMaker"
        return {"UserId": user, "Account": account, "Arn": principal}

    return answer


def iam(backends: Backends) -> Service:
    """Make policy simulation: all is allowed but what a role's own inline policies deny."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation not in ("SimulatePrincipalPolicy", "SimulateCustomPolicy"):
            return None
        params = parse_qs(call.body.decode())
        denied = _denied(backends, *params.get("PolicySourceArn", [""]))
        results: list[Fields] = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "explicitDeny"
                if any(fnmatch(action, name) for name in denied)
                else "allowed",
                "MatchedStatements": [],
            }
            for action in _listed(params, "ActionNames")
            for resource in _listed(params, "ResourceArns") or ["*"]
        ]
        return {"EvaluationResults": results, "IsTruncated": False}

    return answer


def _listed(params: dict[str, list[str]], name: str) -> list[str]:
    return [values[0] for key, values in sorted(params.items()) if key.startswith(f"{name}.member.")]


def _denied(backends: Backends, arn: str) -> list[str]:
    """Return the actions that a role's inline policies deny, on whatever resource."""
    roles = {role.arn: role for role in backends.service("iam", "aws").get_roles()}
    found: list[str] = []
    for document in roles[arn].policies.values() if arn in roles else ():
        for statement in json.loads(document)["Statement"]:
            if statement["Effect"] == "Deny":
                actions = statement["Action"]
                found += [actions] if isinstance(actions, str) else actions
    return found
