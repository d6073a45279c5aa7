"""A job that AWS could not run says what would do instead; one whose notebook failed says only that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import smext
from smext.api import Problem
from smext.kinds import registry
from smext.launch import Limits
from smext.launch.form.settings import limits_of
from smext.launch.rejections.job_failures import explained
from smext.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(scene="strict", mode="timeline") as made:
        yield made


def why(kind: str, reason: str, limits: Limits | None = None, **item: Any) -> Problem | None:
    whole = {"ResourceConfig": {"InstanceType": "ml.g4dn.xlarge"}, **item}
    return explained(kind, whole, reason, "us-east-1", limits or Limits())


CAPACITY = (
    "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different type."
)


def test_no_capacity_names_what_fits_is_offered_and_allowed() -> None:
    found = why("training-job", CAPACITY, VpcConfig={"Subnets": ["s"]})
    assert found is not None
    assert (found.code, found.field, "ml.g4dn.xlarge" in found.message) == ("capacity", "instance_type", True)
    assert all(word in found.advice for word in ("other zones", "in a while", "spot job"))
    limited = why("training-job", CAPACITY, limits_of({"instance_types": ["ml.g5.*"]}))
    assert limited is not None
    assert "ml.g5." in limited.advice
    assert "ml.g6." not in limited.advice
    spot = why("training-job", CAPACITY, EnableManagedSpotTraining=True)
    assert spot is not None
    assert "Without spot" in spot.advice


def test_a_job_that_still_waits_for_a_machine_says_so() -> None:
    before = {"Status": "Starting", "StatusMessage": "Starting the training job"}
    now = {
        "Status": "Pending",
        "StatusMessage": "Insufficient capacity error from EC2 while launching instances, retrying!",
    }
    found = why("training-job", "", SecondaryStatusTransitions=[before, now])
    assert found is not None
    assert ("goes on looking" in found.message, "ml.g" in found.advice) == (True, True)
    assert why("training-job", "", SecondaryStatusTransitions=[now, before]) is None


@pytest.mark.parametrize(
    ("reason", "field", "said"),
    [
        ("ClientError: Cannot pull algorithm container. Either the image does not exist", "image", "ecr:"),
        ("ClientError: API error (404): manifest for a:1 not found: manifest unknown", "image", "repository"),
        ('ClientError: Data download failed:No S3 objects found under S3 URL "s3://a/b"', "inputs", "prefix"),
        ("InternalServerError: We encountered an internal error.", None, "Run it again"),
        (
            "ClientError: User: arn:aws:sts::1:assumed-role/jobs/SageMaker is not authorized to perform: "
            "kms:Decrypt on resource: arn:aws:kms:us-east-1:1:key/k because no resource-based policy allows it",
            "kms_key",
            '"kms:Decrypt"',
        ),
    ],
)
def test_what_sagemaker_could_not_do_has_its_field_and_a_way_out(
    reason: str, field: str | None, said: str
) -> None:
    found = why("processing-job", reason)
    assert found is not None
    assert (found.field, said in found.advice) == (field, True)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "cell 4: KeyError: 'kms repository subnet'",
        "AlgorithmError: , exit code: 1 repository",
        "ClientError: something new",
    ],
)
def test_a_failure_of_the_notebook_is_left_to_it(reason: str) -> None:
    assert why("training-job", reason) is None


def test_other_kinds_are_left_alone() -> None:
    assert why("endpoint", CAPACITY) is None


def test_every_kind_of_job_is_one_of_the_tables() -> None:
    assert why("training-job", CAPACITY)
    assert {"training-job", "processing-job"} <= set(registry())


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    nbformat.write(made, tmp_path / "a.ipynb")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "a.ipynb"


def test_an_image_that_cannot_be_pulled_is_told_to_who_waits(box: Sandbox, notebook: Path) -> None:
    """The job is taken, and fails when it has its machine."""
    image = "999999999999.dkr.ecr.us-east-1.amazonaws.com/private:old"
    run = smext.run(notebook, image=image, files=False, packages=[], quiet=True)
    box.control.advance(600)
    with pytest.raises(smext.SmextError, match="Cannot pull algorithm container") as caught:
        run.wait()
    assert "ecr:BatchGetImage" in caught.value.advice
