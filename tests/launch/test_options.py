"""Inputs from S3, tags, spot machines and machines that are kept: in the request, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import Check, InputChannel, LaunchRequest, NotebookDocument, Plan
from smext.aws import Account
from smext.launch import Limits, plan
from smext.launch.remembered import forget
from smext.launch.shape import violations
from smext.sandbox import Sandbox

Planned = Callable[..., Plan]
KINDS = ["training", "processing"]


@pytest.fixture
def planned(
    account: Account, request_of: Callable[..., LaunchRequest], document: Callable[..., NotebookDocument]
) -> Iterator[Planned]:
    def make(source: str = "x = 1", **form: Any) -> Plan:
        made = plan(account, request_of(document(source), **form), None, Limits())
        assert violations(made.operation, made.request) == [] or not made.can_run
        return made

    forget(account)
    yield make
    forget(account)


def check(made: Plan, name: str) -> Check:
    return next(each for each in made.checks if each.name == name)


def channel(uri: str, name: str = "train", mode: Any = "File") -> InputChannel:
    return InputChannel(name=name, uri=uri, mode=mode)


@pytest.mark.parametrize("kind", KINDS)
def test_data_in_s3_is_an_input_whose_folder_the_notebook_is_told(
    planned: Planned, box: Sandbox, kind: str
) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="data/a.csv", Body=b"a")
    made = planned(job_kind=kind, inputs=[channel(f" s3://{box.bucket}/data/ ")])
    assert made.can_run, made.checks
    assert check(made, "inputs").status == "warning"
    inputs = made.request["InputDataConfig" if kind == "training" else "ProcessingInputs"]
    assert len(inputs) == 2
    assert f"s3://{box.bucket}/data/'" in str(inputs[1])
    folder = "/opt/ml/input/data/train" if kind == "training" else "/opt/ml/processing/input/train"
    assert made.request["Environment"]["SM_CHANNEL_TRAIN"] == folder
    assert kind == "training" or inputs[1]["S3Input"]["LocalPath"] == folder


def test_an_input_without_data_fails_before_it_is_paid_for(planned: Planned, box: Sandbox) -> None:
    for uri in (f"s3://{box.bucket}/nothing-there/", "s3://no-bucket-of-this-name/"):
        made = planned(inputs=[channel(uri)])
        assert (made.can_run, check(made, "inputs").field) == (False, "inputs")
        assert "nothing at this address" in check(made, "inputs").message


def test_an_input_that_may_not_be_seen_cannot_be_told(planned: Planned, box: Sandbox) -> None:
    box.control.fail("ListObjectsV2", "AccessDenied")
    made = planned(inputs=[channel(f"s3://{box.bucket}/data/")])
    assert (made.can_run, check(made, "inputs").status) == (True, "cannot tell")


@pytest.mark.parametrize(
    "given",
    [
        {"uri": "data/"},
        {"uri": "s3:///data"},
        {"uri": "s3://b/d", "name": "smext"},
        {"uri": "s3://b/d", "name": "a b"},
        {"uri": "s3://b/d", "mode": "FastFile"},
    ],
)
def test_an_input_that_cannot_be_is_refused(planned: Planned, given: dict[str, Any]) -> None:
    made = planned(inputs=[channel(**given)])
    assert not made.can_run
    assert check(made, "inputs").status == "will fail"


@pytest.mark.parametrize("kind", KINDS)
def test_tags_of_the_form_are_sent_and_ours_stay(planned: Planned, kind: str) -> None:
    made = planned(job_kind=kind, tags={"team": "blue"})
    tags = {tag["Key"]: tag["Value"] for tag in made.request["Tags"]}
    assert tags["team"] == "blue"
    assert "smext:run" in tags
    assert check(planned(tags={"smext:run": "x"}), "tags").status == "will fail"
    assert not planned(tags={"aws:x": "x"}).can_run


def test_spot_always_has_an_end_and_is_warned_of_without_checkpoints(planned: Planned) -> None:
    made = planned(job_kind="training", spot=True, max_runtime_seconds=3600)
    assert made.request["EnableManagedSpotTraining"] is True
    assert made.request["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}
    assert check(made, "spot").status == "warning"
    assert "spot training job" in check(made, "quota").message
    made = planned(
        "open('/opt/ml/checkpoints/state', 'w')", job_kind="training", spot=True, max_wait_seconds=60
    )
    assert made.request["StoppingCondition"]["MaxWaitTimeInSeconds"] == 3600
    assert check(made, "spot").field == "max_wait_seconds"
    assert check(planned("'/opt/ml/checkpoints'", job_kind="training", spot=True), "spot").status == "ok"
    assert not planned(job_kind="processing", spot=True).can_run


def test_without_spot_nothing_of_it_is_sent(planned: Planned) -> None:
    made = planned(job_kind="training", max_wait_seconds=7200)
    assert "MaxWait" not in str(made.request)
    assert "Spot" not in str(made.request)
    assert "KeepAlive" not in str(made.request)


def test_machines_that_are_kept_cost(planned: Planned) -> None:
    plain = planned(job_kind="training")
    made = planned(job_kind="training", keep_alive_seconds=1800)
    assert made.request["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 1800
    assert made.max_usd is not None
    assert plain.max_usd is not None
    assert made.usd_per_hour is not None
    assert made.max_usd == pytest.approx(plain.max_usd + made.usd_per_hour / 2)
    found = check(made, "warm pool")
    assert (found.status, "for 30 minutes" in found.message, "$" in found.message) == ("warning", True, True)
    assert not planned(job_kind="training", keep_alive_seconds=60, spot=True).can_run
    assert not planned(job_kind="processing", keep_alive_seconds=60).can_run


@pytest.mark.parametrize(
    ("instance_type", "status"),
    [("ml.c5.xlarge", "ok"), ("ml.g5.12xlarge", "will fail"), ("ml.x9.large", "cannot tell")],
)
def test_machines_that_are_kept_have_a_quota_of_their_own(
    planned: Planned, instance_type: str, status: str
) -> None:
    made = planned(job_kind="training", keep_alive_seconds=60, instance_type=instance_type)
    [found] = [
        each for each in made.checks if "training warm pool" in each.message or "are kept: " in each.message
    ]
    assert (found.name, found.status) == ("quota", status)
