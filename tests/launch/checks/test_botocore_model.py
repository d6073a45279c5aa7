"""Requests are held against botocore's model, upper limits and patterns included."""

from __future__ import annotations

from typing import Any

import pytest

from smext.launch.checks.botocore_model import violations

REQUEST: dict[str, Any] = {
    "ProcessingJobName": "a-1",
    "ProcessingResources": {
        "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
    },
    "AppSpecification": {"ImageUri": "image"},
    "RoleArn": "arn:aws:iam::123456789012:role/x",
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "Environment": {"A": "1"},
    "Tags": [{"Key": "ü: a", "Value": "日本"}],
}


def test_a_good_request_has_none() -> None:
    assert violations("CreateProcessingJob", REQUEST) == []


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("ProcessingJobName", "a_b", ("ProcessingJobName",)),
        ("ProcessingJobName", "a" * 64, ("ProcessingJobName",)),
        ("RoleArn", "role", ("RoleArn",)),
        ("Environment", {"1A": "x"}, ("Environment", "1A")),
        ("Environment", {"A": "x" * 257}, ("Environment", "A")),
        ("Environment", {f"A{index}": "" for index in range(101)}, ("Environment",)),
        ("StoppingCondition", {"MaxRuntimeInSeconds": 777_601}, ("StoppingCondition", "MaxRuntimeInSeconds")),
        ("Tags", [{"Key": "k" * 129, "Value": ""}], ("Tags", "0", "Key")),
        ("Tags", [{"Key": str(index), "Value": ""} for index in range(51)], ("Tags",)),
        ("AppSpecification", {"ImageUri": "x" * 256}, ("AppSpecification", "ImageUri")),
    ],
)
def test_what_aws_would_refuse_is_found(member: str, value: Any, path: tuple[str, ...]) -> None:
    found = violations("CreateProcessingJob", {**REQUEST, member: value})
    assert path in [each.path for each in found]
    assert all(each.message for each in found)


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("AppSpecification", {}, "ImageUri"),
        ("Environment", {"A": 1}, "Environment.A"),
        ("Nonsense", 1, "Nonsense"),
        ("NetworkConfig", {"VpcConfig": {"Subnets": "subnet-1", "SecurityGroupIds": ["sg-1"]}}, "Subnets"),
    ],
)
def test_what_botocore_would_refuse_is_found(member: str, value: Any, words: str) -> None:
    assert any(
        words in each.message for each in violations("CreateProcessingJob", {**REQUEST, member: value})
    )
