"""The real SageMaker SDK, 3.x and 2.x, launches jobs that run in the same sandbox as everything else.

Each version has an environment of its own, whose interpreter SMEXT_SDK3_PYTHON and SMEXT_SDK2_PYTHON name.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext.sandbox import Sandbox

HERE = Path(__file__).parent
SECONDS = 900.0
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
TRAIN = """
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
given, _ = parser.parse_known_args()
rows = pathlib.Path("/opt/ml/input/data/train/rows.csv").read_text().splitlines()
model = {"epochs": given.epochs, "rows": len(rows), "colour": os.environ["COLOUR"]}
pathlib.Path("/opt/ml/model/model.json").write_text(json.dumps(model))
print("trained on", len(rows), "rows")
"""
PROCESS = """
import argparse, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--rows", type=int)
folder = pathlib.Path("/opt/ml/processing/output")
folder.mkdir(parents=True, exist_ok=True)
(folder / "result.txt").write_text(f"{parser.parse_args().rows} {os.environ['COLOUR']}")
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        sandbox.client("s3").put_object(Bucket=sandbox.bucket, Key="sdk/data/rows.csv", Body=b"1\n2\n3\n")
        yield sandbox


def launch(box: Sandbox, python: str, major: int, folder: Path) -> dict[str, str]:
    """Run the launching script with the SDK's own interpreter; the names of its jobs."""
    (folder / "train.py").write_text(TRAIN)
    (folder / "process.py").write_text(PROCESS)
    place = f"s3://{box.bucket}/sdk"
    ran = subprocess.run(
        [python, str(HERE / f"launch_sdk{major}.py"), str(folder), box.role_arn, IMAGE, place],
        env={**_plain_environment(), **box.env, "SAGEMAKER_SUPPRESS_V2_WARNING": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    names: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    assert names.pop("version").startswith(f"{major}.")
    return names


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))}


def ended(box: Sandbox, kind: str, name: str) -> dict[str, Any]:
    client, end = box.client("sagemaker"), time.monotonic() + SECONDS
    while time.monotonic() < end:
        if kind == "training":
            job: dict[str, Any] = client.describe_training_job(TrainingJobName=name)
        else:
            job = client.describe_processing_job(ProcessingJobName=name)
        if job[f"{kind.title()}JobStatus"] not in {"InProgress", "Stopping"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"{name} did not end in {SECONDS:.0f} s")


def content(box: Sandbox, uri: str) -> bytes:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bytes(box.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


@pytest.mark.parametrize("major", [3, 2])
def test_jobs_of_the_sdk_run_to_their_end(
    box: Sandbox, interpreter: Callable[[int], str], tmp_path: Path, major: int
) -> None:
    names = launch(box, interpreter(major), major, tmp_path)
    trained, processed = (
        ended(box, "training", names["training"]),
        ended(box, "processing", names["processing"]),
    )
    assert trained["TrainingJobStatus"] == "Completed", trained.get("FailureReason")
    assert processed["ProcessingJobStatus"] == "Completed", processed.get("FailureReason")
    archive = content(box, trained["ModelArtifacts"]["S3ModelArtifacts"])
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        [model] = [member for member in files if member.name.endswith("model.json")]
        file = files.extractfile(model)
        assert file is not None
        assert json.load(file) == {"epochs": 3, "rows": 3, "colour": "green"}
    assert content(box, f"s3://{box.bucket}/sdk/sdk{major}/result.txt") == b"2 green"
    listed = box.client("sagemaker")
    assert names["training"] in str(listed.list_training_jobs(MaxResults=100)["TrainingJobSummaries"])
    assert names["processing"] in str(listed.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"])
