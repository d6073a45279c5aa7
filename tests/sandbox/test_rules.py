"""What SageMaker refuses although its model allows it, the sandbox refuses too."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox

MACHINE = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
MOUNTED = {
    "FileSystemId": "fs-0123abcd",
    "FileSystemAccessMode": "ro",
    "FileSystemType": "EFS",
    "DirectoryPath": "/",
}


def training(box: Sandbox, **more: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": "job",
        "RoleArn": box.role_arn,
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": f"s3://{box.bucket}/out"},
        "ResourceConfig": MACHINE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **more,
    }


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"EnableManagedSpotTraining": True}, "MaxWaitTimeInSeconds"),
        (
            {
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 599},
            },
            "MaxWaitTimeInSeconds",
        ),
        (
            {"StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 700}},
            "EnableManagedSpotTraining",
        ),
        (
            {
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 700},
                "ResourceConfig": {**MACHINE, "KeepAlivePeriodInSeconds": 60},
            },
            "KeepAlivePeriodInSeconds",
        ),
        (
            {"ResourceConfig": {**MACHINE, "InstanceType": "ml.g5.xlarge", "VolumeKmsKeyId": "key"}},
            "local storage",
        ),
        ({"ResourceConfig": {**MACHINE, "VolumeKmsKeyId": "alias/x"}}, "ARN"),
        (
            {"InputDataConfig": [{"ChannelName": "a", "DataSource": {"FileSystemDataSource": MOUNTED}}]},
            "VpcConfig",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(box: Sandbox, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words) as refused:
        box.client("sagemaker").create_training_job(**training(box, **more))
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_two_outputs_have_two_folders(box: Sandbox) -> None:
    outputs = [
        {
            "OutputName": name,
            "S3Output": {
                "S3Uri": f"s3://{box.bucket}/{name}",
                "LocalPath": "/opt/ml/processing/output",
                "S3UploadMode": "EndOfJob",
            },
        }
        for name in ("a", "b")
    ]
    with pytest.raises(ClientError, match="LocalPath must be unique"):
        box.client("sagemaker").create_processing_job(
            ProcessingJobName="job",
            RoleArn=box.role_arn,
            AppSpecification={"ImageUri": "image"},
            ProcessingResources={"ClusterConfig": MACHINE},
            ProcessingOutputConfig={"Outputs": outputs},
        )
