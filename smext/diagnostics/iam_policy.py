"""The least-privilege IAM policy, made from what the kinds declare and what the rest of smext calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..kinds import registry

Part = Literal["read", "stop", "launch"]
PARTS: tuple[Part, ...] = ("read", "stop", "launch")

# What is called outside of the kinds; their IAM names, which S3's differ from the operations'.
_READ = (
    "cloudwatch:GetMetricData",
    "logs:DescribeLogStreams",
    "logs:GetLogEvents",
    "pricing:GetProducts",
    "s3:GetObject",
    "s3:ListBucket",
    "sts:GetCallerIdentity",
    "tag:GetResources",
)
_CONTEXT = ("sagemaker:DescribeDomain", "sagemaker:DescribeUserProfile")
_LAUNCH = (
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ecr:DescribeImages",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DescribeMountTargets",
    "fsx:DescribeFileSystems",
    "iam:GetRole",
    "iam:SimulatePrincipalPolicy",
    "kms:DescribeKey",
    "s3:AbortMultipartUpload",
    "s3:CreateBucket",
    "s3:GetBucketPolicy",
    "s3:GetEncryptionConfiguration",
    "s3:ListAllMyBuckets",
    "s3:PutObject",
    "sagemaker:AddTags",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "servicequotas:GetServiceQuota",
    "servicequotas:ListServiceQuotas",
    "tag:GetResources",
)


def policy(parts: Iterable[Part] = PARTS) -> dict[str, Any]:
    """Return an IAM policy document, one statement for each part.

    List and describe calls of SageMaker take no resource (AWS: Service Authorization Reference), hence `*`.
    """
    statements = [statement for part in parts for statement in _STATEMENTS[part]()]
    return {"Version": "2012-10-17", "Statement": statements}


def actions(document: Mapping[str, Any]) -> set[str]:
    """Every action that a document allows."""
    return {action for statement in document["Statement"] for action in statement["Action"]}


def _read() -> list[dict[str, Any]]:
    listed = {kind.permission(name) for kind in registry().values() for name in kind.operations}
    return [_allow("SmextRead", {*listed, *_READ, *_CONTEXT})]


def _stop() -> list[dict[str, Any]]:
    done = {
        kind.permission(name) for kind in registry().values() for a in kind.actions for name in a.operations
    }
    return [_allow("SmextStopAndStart", done)]


def _launch() -> list[dict[str, Any]]:
    passing = _allow("SmextPassRole", {"iam:PassRole"})
    only = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    return [_allow("SmextLaunch", set(_LAUNCH)), passing | {"Condition": only}]


_STATEMENTS = {"read": _read, "stop": _stop, "launch": _launch}


def _allow(name: str, allowed: set[str]) -> dict[str, Any]:
    return {"Sid": name, "Effect": "Allow", "Action": sorted(allowed), "Resource": "*"}
