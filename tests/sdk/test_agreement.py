"""What smext reads and knows without the SDK is what the SDK reads and knows."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.api import Target
from smext.aws.account import Account
from smext.launch import images, sdk_config

ADMIN = """
SchemaVersion: '1.0'
SageMaker:
  PythonSDK: {Modules: {Session: {DefaultS3Bucket: admin-bucket, DefaultS3ObjectKeyPrefix: team/a}, TelemetryOptOut: true}}
  TrainingJob:
    RoleArn: arn:aws:iam::123456789012:role/admin
    VpcConfig: {Subnets: [subnet-1, subnet-2], SecurityGroupIds: [sg-1]}
    Environment: {A: admin, B: admin}
    Tags: [{Key: team, Value: a}]
    OutputDataConfig: {KmsKeyId: key-1}
    ResourceConfig: {VolumeKmsKeyId: key-2}
    EnableNetworkIsolation: true
"""
USER = """
SchemaVersion: '1.0'
SageMaker:
  TrainingJob:
    RoleArn: arn:aws:iam::123456789012:role/user
    VpcConfig: {Subnets: [subnet-9], SecurityGroupIds: [sg-1]}
    Environment: {B: user}
  ProcessingJob:
    RoleArn: arn:aws:iam::123456789012:role/user
    NetworkConfig: {EnableNetworkIsolation: true, VpcConfig: {Subnets: [subnet-1], SecurityGroupIds: [sg-1]}}
    ProcessingOutputConfig: {KmsKeyId: key-1}
    ProcessingResources: {ClusterConfig: {VolumeKmsKeyId: key-2}}
"""
MODULES = {3: "sagemaker.core.config.config", 2: "sagemaker.config.config"}
MAPS = {3: "core/image_uri_config", 2: "image_uri_config"}


def ask(python: str, code: str) -> Any:
    environment = {**os.environ, "SAGEMAKER_SUPPRESS_V2_WARNING": "1"}
    ran = subprocess.run(
        [python, "-c", code], env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("major", [3, 2])
def test_the_config_files_are_merged_as_the_sdk_merges_them(
    interpreter: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, major: int
) -> None:
    for name, text, variable in (
        ("admin", ADMIN, sdk_config.ADMIN_OVERRIDE),
        ("user", USER, sdk_config.USER_OVERRIDE),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.yaml").write_text(text)
        monkeypatch.setenv(variable, str(tmp_path / name))
    code = (
        f"import json; from {MODULES[major]} import load_sagemaker_config as load; print(json.dumps(load()))"
    )
    ours = sdk_config.load(Account(Target(id="here", label="here")))
    assert ours.problems == ()
    assert ours.values == ask(interpreter(major), code)


@pytest.mark.parametrize("major", [3, 2])
def test_the_registries_of_the_distribution_are_the_sdks(
    interpreter: Callable[[int], str], major: int
) -> None:
    name = f"{MAPS[major]}/sagemaker-distribution.json"
    code = (
        "import json, sysconfig, pathlib; place = pathlib.Path(sysconfig.get_path('purelib'), 'sagemaker');"
        f"print(json.dumps(json.loads((place / '{name}').read_text())))"
    )
    found = list(ask(interpreter(major), code)["versions"].values())[-1]
    for region, account in found["registries"].items():
        uri = images.distribution(region, "cpu")
        assert uri is not None
        assert uri.startswith(f"{account}.dkr.ecr.{region}.amazonaws.com/{found['repository']}:")
