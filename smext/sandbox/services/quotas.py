"""Service Quotas of SageMaker from a small table with real codes."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from ..errors import AwsError
from ..protocol import Call
from ..sagemaker.listing import paged
from ..sagemaker.resources import Fields
from . import Service

_OPERATIONS = frozenset(
    {"GetServiceQuota", "GetAWSDefaultServiceQuota", "ListServiceQuotas", "ListAWSDefaultServiceQuotas"}
)


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[str, float]]:
    """Return (name, value) by quota code; the file has source and date."""
    text = (files(__package__) / "quotas.json").read_text(encoding="utf-8")
    return {row["code"]: (row["name"], row["value"]) for row in json.loads(text)["quotas"]}


def quotas(account: str) -> Service:
    """Make ListServiceQuotas and its defaults from the table."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation not in _OPERATIONS:
            return None
        params = call.json()
        if params.get("ServiceCode") != "sagemaker":
            return None
        if operation.startswith("List"):
            return _listed(account, call.region, params)
        return {"Quota": _quota(account, call.region, str(params.get("QuotaCode")))}

    return answer


def _listed(account: str, region: str, params: Fields) -> Fields:
    page, token = paged(sorted(table()), params, default=100)
    body: Fields = {"Quotas": [_quota(account, region, code) for code in page]}
    return {**body, "NextToken": token} if token else body


def _quota(account: str, region: str, code: str) -> Fields:
    if code not in table():
        raise AwsError(
            "NoSuchResourceException", "The request failed because the specified quota does not exist."
        )
    name, value = table()[code]
    return {
        "ServiceCode": "sagemaker",
        "ServiceName": "Amazon SageMaker",
        "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:sagemaker/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
