"""The request is one that AWS takes, with the SDK's defaults in it; a form that it would not take is refused by field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smext import errors
from smext.api import LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.launch import Limits, plan
from smext.launch.checks.botocore_model import violations
from smext.runs.job_names import is_ours
from smext.sandbox import Sandbox, networks
from tests.launch.plans import check, failing

Make = Callable[..., LaunchRequest]
Notebook = Callable[..., NotebookDocument]
LIMITS = Limits()


Planned = Callable[..., Plan]


# --- the request --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_the_request_is_one_that_boto3_takes(planned: Planned, kind: str) -> None:
    made = planned(job_kind=kind, instance_type="ml.c5.xlarge", volume_gb=50, max_runtime_seconds=7200)
    assert made.can_run, made.checks
    assert violations(made.operation, made.request) == []
    assert made.kind == f"{kind}-job"
    assert made.operation == f"Create{kind.title()}Job"
    assert "MaxWaitTimeInSeconds" not in str(made.request)
    assert made.request["StoppingCondition"] == {"MaxRuntimeInSeconds": 7200}
    assert is_ours(made.name)


def test_a_training_job_finds_its_inputs_and_keeps_its_progress(planned: Planned, box: Sandbox) -> None:
    made = planned(job_kind="training")
    run = f"s3://{box.bucket}/smext/{made.name}/"
    request = made.request
    channel, files = request["InputDataConfig"]
    assert (channel["ChannelName"], files["ChannelName"]) == ("smext", "smext-files")
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == f"{run}input/"
    assert request["CheckpointConfig"] == {"S3Uri": f"{run}checkpoints/", "LocalPath": "/opt/ml/checkpoints"}
    # SageMaker puts the job's name and `output/` below it, which is the run's own output place.
    assert request["OutputDataConfig"] == {"S3OutputPath": f"s3://{box.bucket}/smext/"}
    assert request["Environment"]["SMEXT_LIVE"] == f"{run}checkpoints/smext-live/"
    assert request["AlgorithmSpecification"]["ContainerEntrypoint"][2].endswith(
        "/opt/ml/input/data/smext/runner.pyz"
    )
    assert made.output_uri == f"{run}output/"
    assert made.record_uri == f"{run}record.json"


def test_a_processing_job_sends_its_outputs_as_they_come(planned: Planned, box: Sandbox) -> None:
    made = planned(job_kind="processing")
    run = f"s3://{box.bucket}/smext/{made.name}/"
    outputs = {
        each["OutputName"]: each["S3Output"] for each in made.request["ProcessingOutputConfig"]["Outputs"]
    }
    assert outputs["live"]["S3Uri"] == f"{run}live"
    assert outputs["output"]["S3Uri"] == f"{run}output"
    assert {each["S3UploadMode"] for each in outputs.values()} == {"Continuous"}
    assert made.request["Environment"]["SMEXT_LIVE"] == f"{run}live/"


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_one_describe_tells_where_a_job_comes_from(planned: Planned, kind: str) -> None:
    made = planned(job_kind=kind, environment={"A": "1"})
    environment = made.request["Environment"]
    assert environment["SMEXT_NOTEBOOK"] == "analysis/churn.ipynb"
    assert made.record_uri == environment["SMEXT_RUN"] + "record.json"
    assert environment["SMEXT_USER"]
    assert environment["A"] == "1"
    tags = {tag["Key"]: tag["Value"] for tag in made.request["Tags"]}
    assert tags["smext:notebook"] == "analysis/churn.ipynb"
    assert tags["smext:run"] == environment["SMEXT_RUN"]
    assert len(tags["smext:notebook-id"]) == 16
    assert tags["smext:user"] == environment["SMEXT_USER"]


CONFIG = """
SageMaker:
  PythonSDK: {Modules: {Session: {DefaultS3Bucket: BUCKET, DefaultS3ObjectKeyPrefix: team/a}}}
  TrainingJob:
    RoleArn: ROLE
    VpcConfig: {Subnets: [SUBNET], SecurityGroupIds: [GROUP]}
    OutputDataConfig: {KmsKeyId: KEY-1}
    ResourceConfig: {VolumeKmsKeyId: KEY-2}
    EnableNetworkIsolation: true
    EnableInterContainerTrafficEncryption: true
    Environment: {A: config, B: config}
    Tags: [{Key: team, Value: a}, {Key: smext:run, Value: forged}]
  ProcessingJob:
    RoleArn: ROLE
    NetworkConfig:
      EnableNetworkIsolation: true
      VpcConfig: {Subnets: [SUBNET], SecurityGroupIds: [GROUP]}
    ProcessingOutputConfig: {KmsKeyId: KEY-1}
    ProcessingResources: {ClusterConfig: {VolumeKmsKeyId: KEY-2}}
    Environment: {A: config, B: config}
    Tags: [{Key: team, Value: a}]
"""


@pytest.fixture
def configured(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What stands in the SDK's config for each word of it."""
    net, kms = networks.make(box.backends, box.region), box.client("kms")
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    words = {"BUCKET": box.bucket, "ROLE": box.role_arn, "SUBNET": net.subnet, "GROUP": net.group}
    words |= {"KEY-1": keys[0], "KEY-2": keys[1]}
    text = CONFIG
    for word, value in words.items():
        text = text.replace(word, value)
    path = tmp_path / "config.yaml"
    path.write_text(text)
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    return words


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_the_sdks_defaults_are_honoured(
    planned: Planned, box: Sandbox, configured: dict[str, str], kind: str
) -> None:
    made = planned(job_kind=kind, environment={"A": "form"})
    request = made.request
    assert made.can_run, made.checks
    assert request["RoleArn"] == box.role_arn
    assert made.record_uri.startswith(f"s3://{box.bucket}/team/a/smext/{made.name}/")
    network = request if kind == "training" else request["NetworkConfig"]
    assert network["VpcConfig"] == {
        "Subnets": [configured["SUBNET"]],
        "SecurityGroupIds": [configured["GROUP"]],
    }
    assert network["EnableNetworkIsolation"] is True
    assert (request["Environment"]["A"], request["Environment"]["B"]) == ("form", "config")
    tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    assert tags["team"] == "a"
    assert tags["smext:run"] == request["Environment"]["SMEXT_RUN"]
    output = request["OutputDataConfig"] if kind == "training" else request["ProcessingOutputConfig"]
    assert output["KmsKeyId"] == configured["KEY-1"]
    assert configured["KEY-2"] in str(request)


def test_a_default_that_aws_would_not_take_is_traced_to_the_config(
    planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {ProcessingJob: {NetworkConfig: {VpcConfig: {Subnets: subnet-1}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned()
    assert not made.can_run
    assert "config.yaml" in check(made, "request", "will fail").advice


def test_a_broken_config_is_said_and_does_not_stop_it(
    planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a: [")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned()
    assert made.can_run
    assert check(made, "SDK config", "warning")


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("instance_type", ["", "m5.xlarge", "ml.m5", "large"])
def test_a_malformed_instance_type_is_refused(planned: Planned, instance_type: str) -> None:
    made = planned(instance_type=instance_type)
    assert failing(made).field == "instance_type"


def test_a_near_miss_gets_a_suggestion(planned: Planned) -> None:
    assert "ml.m5.xlarge" in failing(planned(instance_type="m5.xlarge")).advice


def test_a_type_that_nobody_knows_cannot_be_told(planned: Planned) -> None:
    made = planned(instance_type="ml.m5.xxlarge")
    found = check(made, "instance type", "cannot tell")
    assert found.field == "instance_type"
    assert "ml.m5" in found.advice
    assert made.max_usd is None


def test_parameters_of_the_wrong_type_are_named(planned: Planned, document: Notebook) -> None:
    notebook = document(("parameters", "lr = 0.1\ndepth = 6"))
    found = failing(planned(notebook, parameters={"lr": 0.2, "depth": "deep"}))
    assert found.field == "parameters.depth"


def test_an_environment_that_aws_would_not_take(planned: Planned) -> None:
    for environment in ({"1A": "x"}, {"A B": "x"}, {"": "x"}, {"A": "x" * 300}, {"SMEXT_RUN": "x"}):
        made = planned(environment=environment)
        assert not made.can_run, environment
        assert check(made, "environment", "will fail").field == "environment"


def test_long_values_fit_a_training_job(planned: Planned) -> None:
    assert planned(job_kind="training", environment={"A": "x" * 300}).can_run


def test_blanks_around_texts_are_left_out_and_said(planned: Planned, box: Sandbox) -> None:
    made = planned(instance_type=" ml.m5.xlarge ", role=f"{box.role_arn}\n", environment={" A": "1 "})
    assert made.can_run, made.checks
    assert made.request["RoleArn"] == box.role_arn
    assert made.request["Environment"]["A"] == "1"
    assert {each.field for each in made.checks if "Blanks" in each.message} == {
        "instance_type", "role", "environment",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["MyRole", "arn:aws:iam::123456789012:user/eve", "arn:aws:iam::1:role/x"])
def test_what_is_no_role_arn_is_refused(planned: Planned, role: str) -> None:
    assert failing(planned(role=role)).field == "role"


def test_a_processing_job_may_not_run_for_ever(planned: Planned) -> None:
    made = planned(max_runtime_seconds=10 * 86400)
    assert not made.can_run
    assert check(made, "longest run", "will fail").field == "max_runtime_seconds"
    assert planned(job_kind="training", max_runtime_seconds=10 * 86400).can_run


def test_a_cpu_image_on_a_gpu_is_said(planned: Planned) -> None:
    image = planned().request["AppSpecification"]["ImageUri"]
    assert image.endswith("-cpu")
    assert check(planned(instance_type="ml.g5.xlarge", image=image), "image", "warning").field == "image"
    assert planned(instance_type="ml.g5.xlarge").request["AppSpecification"]["ImageUri"].endswith("-gpu")


def test_an_image_of_another_region_is_said(planned: Planned) -> None:
    made = planned(image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1")
    assert "eu-west-1" in check(made, "image", "warning").message


def test_read_only_plans_but_does_not_run(planned: Planned) -> None:
    assert failing(planned(limits=Limits(read_only=True))).name == "read-only"


@pytest.mark.parametrize("name", ["", "a b", "-a", "x" * 64, "a/b"])
def test_a_name_that_no_job_can_have(account: Account, request_of: Make, name: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        plan(account, request_of(name=name), None, LIMITS)
    assert caught.value.field == "name"
