from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox
from smext.sandbox.scenes import names


def items(client: Any, operation: str) -> list[dict[str, Any]]:
    pages = client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100})
    return [
        item
        for page in pages
        for name, value in page.items()
        if isinstance(value, list) and name != "ResponseMetadata"
        for item in value
    ]


def test_unknown_scenes_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"No such scene: nope. Known: busy, .*throttled"):
        Sandbox(scene="nope")


def test_every_scene_is_documented_and_builds() -> None:
    wanted = {
        "busy",
        "capacity",
        "classroom",
        "denied",
        "empty",
        "everything",
        "expired",
        "failing",
        "inventory",
        "many",
        "no-role",
        "slow",
        "strict",
        "vpc-only",
    }
    assert set(names()) == wanted | {"throttled"}


def test_the_busy_account_is_lived_in() -> None:
    with Sandbox(scene="busy") as box:
        sagemaker = box.client("sagemaker")
        training = {job["TrainingJobName"]: job for job in items(sagemaker, "list_training_jobs")}
        assert {job["TrainingJobStatus"] for job in training.values()} == {
            "InProgress",
            "Completed",
            "Failed",
            "Stopped",
        }
        failed = sagemaker.describe_training_job(TrainingJobName="segmentation-unet-12")
        assert failed["FailureReason"].startswith("AlgorithmError")
        assert 0 < failed["BillableTimeInSeconds"] <= 11 * 60
        running = sagemaker.describe_training_job(TrainingJobName="demand-forecast-2026-11-20")
        assert running["SecondaryStatus"] == "Training"
        assert "TrainingEndTime" not in running
        states = {endpoint["EndpointStatus"] for endpoint in items(sagemaker, "list_endpoints")}
        assert states == {"InService", "Creating", "Failed"}
        variants = sagemaker.describe_endpoint(EndpointName="ranker-prod")["ProductionVariants"]
        assert [variant["CurrentInstanceCount"] for variant in variants] == [2, 1]
        serverless = sagemaker.describe_endpoint(EndpointName="ocr-on-demand")["ProductionVariants"][0]
        assert "CurrentInstanceCount" not in serverless
        types = {app["AppType"] for app in items(sagemaker, "list_apps")}
        assert types == {"JupyterLab", "CodeEditor", "KernelGateway", "JupyterServer", "Canvas"}
        notebooks = {nb["NotebookInstanceStatus"] for nb in items(sagemaker, "list_notebook_instances")}
        assert notebooks == {"InService", "Stopped"}


def test_the_busy_account_s_metadata_names_a_real_app() -> None:
    with Sandbox(scene="busy") as box:
        here = json.loads(Path(box.env["RESOURCE_METADATA_FILE"]).read_text())
        app = box.client("sagemaker").describe_app(
            DomainId=here["DomainId"], SpaceName=here["SpaceName"], AppType=here["AppType"], AppName="default"
        )
        assert app["AppArn"] == here["ResourceArn"]
        assert here["ExecutionRoleArn"] == box.role_arn
        space = box.client("sagemaker").describe_space(DomainId=here["DomainId"], SpaceName=here["SpaceName"])
        assert space["OwnershipSettings"]["OwnerUserProfileName"] == here["UserProfileName"]


def test_ten_thousand_jobs_can_be_read() -> None:
    with Sandbox(scene="many") as box:
        sagemaker = box.client("sagemaker")
        assert len(items(sagemaker, "list_training_jobs")) == 6000
        assert len(items(sagemaker, "list_processing_jobs")) == 4000


def test_the_inventory_has_a_thousand_resources() -> None:
    with Sandbox(scene="inventory") as box:
        sagemaker = box.client("sagemaker")
        operations = (
            "list_training_jobs",
            "list_processing_jobs",
            "list_endpoints",
            "list_apps",
            "list_spaces",
            "list_notebook_instances",
        )
        assert sum(len(items(sagemaker, operation)) for operation in operations) == 1000


@pytest.mark.parametrize(
    ("scene", "service", "operation", "code"),
    [
        ("throttled", "sagemaker", "list_training_jobs", "ThrottlingException"),
        ("denied", "sagemaker", "list_endpoints", "AccessDeniedException"),
        ("expired", "sagemaker", "list_training_jobs", "ExpiredTokenException"),
        ("expired", "s3", "list_buckets", "ExpiredToken"),
        ("expired", "sts", "get_caller_identity", "ExpiredToken"),
    ],
)
def test_scenes_of_trouble_answer_with_the_service_s_errors(
    scene: str, service: str, operation: str, code: str
) -> None:
    with Sandbox(scene=scene) as box:
        client = box.client(service, config=Config(retries={"max_attempts": 0}))
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)()
        assert caught.value.response["Error"]["Code"] == code


def test_the_denied_role_still_sees_the_rest() -> None:
    with Sandbox(scene="denied") as box:
        assert box.client("sagemaker").list_training_jobs()["TrainingJobSummaries"]


def training(box: Sandbox, instance: str) -> dict[str, Any]:
    return {
        "TrainingJobName": "job",
        "RoleArn": box.role_arn,
        "AlgorithmSpecification": {
            "TrainingImage": "image",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["/bin/true"],
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{box.bucket}/out"},
        "ResourceConfig": {"InstanceType": instance, "InstanceCount": 2, "VolumeSizeInGB": 5},
    }


@pytest.mark.parametrize("mode", ["timeline", "exec"])
def test_new_jobs_fail_where_they_must(mode: Any) -> None:
    with Sandbox(scene="failing", mode=mode) as box:
        sagemaker = box.client("sagemaker")
        sagemaker.create_training_job(**training(box, "ml.m5.large"))
        box.control.advance(1000)
        job = sagemaker.describe_training_job(TrainingJobName="job")
        assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
        assert job["FailureReason"].startswith("AlgorithmError: KeyError")


def test_limits_refuse_a_job_and_missing_capacity_fails_it() -> None:
    with Sandbox(scene="capacity") as box:
        sagemaker = box.client("sagemaker")
        with pytest.raises(sagemaker.exceptions.ResourceLimitExceeded) as refused:
            sagemaker.create_training_job(**training(box, "ml.p4d.24xlarge"))
        assert "'ml.p4d.24xlarge for training job usage' is 0 Instances" in str(refused.value)
        assert "request delta of 2 Instances" in str(refused.value)
        sagemaker.create_training_job(**training(box, "ml.g5.xlarge"))
        box.control.advance(100)
        job = sagemaker.describe_training_job(TrainingJobName="job")
        assert job["TrainingJobStatus"] == "Failed"
        assert job["FailureReason"].startswith(
            "CapacityError: Unable to provision requested ML compute capacity"
        )


def test_without_a_role_the_caller_is_a_user() -> None:
    with Sandbox(scene="no-role") as box:
        assert box.client("sts").get_caller_identity()["Arn"].endswith(":user/eve")
        assert json.loads(Path(box.env["RESOURCE_METADATA_FILE"]).read_text()) == {}


def test_the_slow_account_can_be_sped_up() -> None:
    with Sandbox(scene="slow") as box:
        box.control.delay(0)
        assert box.client("sagemaker").list_training_jobs()["TrainingJobSummaries"]


def test_the_busy_account_has_runs_of_notebooks_with_their_traces() -> None:
    with Sandbox(scene="busy") as box:
        sagemaker, s3 = box.client("sagemaker"), box.client("s3")
        names = [job["ProcessingJobName"] for job in items(sagemaker, "list_processing_jobs")]
        jobs = [sagemaker.describe_processing_job(ProcessingJobName=name) for name in names]
        runs = {job["ProcessingJobStatus"]: job for job in jobs if "SMEXT_RUN" in job.get("Environment", {})}
        assert set(runs) == {"Completed", "Failed", "InProgress"}
        assert runs["Failed"]["ExitMessage"] == "cell 4: KeyError: 'tenure'"
        for job in runs.values():
            key = job["Environment"]["SMEXT_LIVE"].removeprefix(f"s3://{box.bucket}/")
            progress = json.loads(s3.get_object(Bucket=box.bucket, Key=f"{key}progress.json")["Body"].read())
            assert (progress["job"], progress["total"]) == (job["ProcessingJobName"], 5)


def test_a_space_s_app_starts_again_on_its_own_instance_type() -> None:
    with Sandbox(scene="busy") as box:
        sagemaker = box.client("sagemaker")
        app = {
            "DomainId": "d-sandbox12345",
            "SpaceName": "priya-archive",
            "AppType": "JupyterLab",
            "AppName": "default",
        }
        sagemaker.create_app(**app)
        assert sagemaker.describe_app(**app)["ResourceSpec"]["InstanceType"] == "ml.m5.4xlarge"
