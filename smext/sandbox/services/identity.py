"""STS and IAM: who the caller is, and what a role may do (everything, in a sandbox)."""

from __future__ import annotations

from urllib.parse import parse_qs

from ..protocol import Call
from ..sagemaker.resources import Fields
from . import Service


def sts(account: str, principal: str) -> Service:
    """GetCallerIdentity answers with `principal`, an assumed role or a user."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation != "GetCallerIdentity":
            return None
        user = "AIDAEXAMPLESANDBOX" if ":user/" in principal else "AROAEXAMPLESANDBOX:SageMaker"
        return {"UserId": user, "Account": account, "Arn": principal}

    return answer


def iam(call: Call, operation: str) -> Fields | None:
    if operation not in ("SimulatePrincipalPolicy", "SimulateCustomPolicy"):
        return None
    params = parse_qs(call.body.decode())
    actions = [values[0] for name, values in sorted(params.items()) if name.startswith("ActionNames.member.")]
    resources = [
        values[0] for name, values in sorted(params.items()) if name.startswith("ResourceArns.member.")
    ]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": "allowed",
            "MatchedStatements": [],
        }
        for action in actions
        for resource in resources or ["*"]
    ]
    return {"EvaluationResults": results, "IsTruncated": False}
