"""What can be known before a launch is known before it, each by itself; what may not be asked cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Check, LaunchRequest, Plan
from smext.aws.account import Account
from smext.aws.cache import forget, remembered
from smext.launch import Limits, apply, plan
from smext.launch.checks import with_aws
from smext.launch.machines import quota_names
from smext.pricing import offered_types as prices
from smext.pricing.offered_types import similar
from smext.sandbox import Sandbox

Planned = Callable[..., Plan]
LIMITS = Limits(patience_seconds=600.0)
# Of these the sandbox's account may have 15, 2 and no instances.
MANY, TWO, NONE = "ml.m5.xlarge", "ml.g5.xlarge", "ml.g5.12xlarge"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine answers late, and the plan would say that it cannot tell."""
    monkeypatch.setattr(with_aws, "PATIENCE_SECONDS", 600.0)


@pytest.fixture
def planned(account: Account, request_of: Callable[..., LaunchRequest], root: Path) -> Iterator[Planned]:
    def make(**form: Any) -> Plan:
        return plan(account, request_of(**form), root, LIMITS)

    forget(account)
    yield make
    forget(account)


def check(made: Plan, name: str, part: str = "") -> Check:
    found = [each for each in made.checks if each.name == name and part in each.message]
    assert found, [(each.name, each.message) for each in made.checks]
    return found[0]


@pytest.fixture
def running(
    box: Sandbox, request_of: Callable[..., LaunchRequest], account: Account
) -> Iterator[Callable[..., None]]:
    """Start jobs that go on until the test ends."""
    names = []

    def start(instance_type: str, count: int, jobs: int = 1) -> None:
        for _ in range(jobs):
            made = plan(
                account, request_of(instance_type=instance_type, instance_count=count), None, Limits()
            )
            request = request_of(instance_type=instance_type, instance_count=count, name=made.name)
            names.append(apply(account, request, None, LIMITS).name)
        forget(account)

    yield start
    for name in names:
        box.control.end(name)


# --- quota --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_enough_quota_is_fine(planned: Planned, kind: str) -> None:
    found = check(planned(job_kind=kind, instance_type=MANY), "quota")
    assert found.status == "ok"
    assert "15 of 15 instances are free" in found.message


@pytest.mark.parametrize(("instance_type", "count"), [(NONE, 1), (TWO, 3)])
def test_a_quota_that_is_too_small_fails_before_it_is_paid_for(
    planned: Planned, instance_type: str, count: int, box: Sandbox
) -> None:
    made = planned(instance_type=instance_type, instance_count=count)
    found = check(made, "quota")
    assert (found.status, found.field, made.can_run) == ("will fail", "instance_type", False)
    code = quota_names.code("processing job", instance_type)
    assert (
        f"https://{box.region}.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas/{code}"
        in found.advice
    )
    # Nobody has to be asked who uses it.
    assert "ListProcessingJobs" not in box.control.calls


def test_the_quota_of_all_types_counts_too(planned: Planned) -> None:
    found = check(planned(instance_type="ml.m5.large", instance_count=41), "quota")
    assert (found.status, "ml.m5.large for" in found.message) == ("will fail", True)
    found = check(planned(instance_type=MANY, instance_count=15), "quota")
    assert found.status == "ok"


def test_what_others_use_counts(planned: Planned, running: Callable[..., None]) -> None:
    running(TWO, 2)
    found = check(planned(instance_type=TWO), "quota")
    assert found.status == "warning"
    assert "2 are in use, 1 are wanted" in found.message
    assert check(planned(instance_type=MANY), "quota").status == "ok"
    assert check(planned(instance_type=TWO, job_kind="training"), "quota").status == "ok"


CHOSEN = {"SelectedInstanceType": TWO, "SelectedInstanceCount": 2}


@pytest.mark.parametrize(
    ("chosen", "status", "message"),
    [(CHOSEN, "warning", "2 are in use, 1 are wanted"), ({}, "cannot tell", "cannot be told")],
)
def test_of_preferred_types_the_chosen_one_counts(
    planned: Planned,
    running: Callable[..., None],
    account: Account,
    chosen: dict[str, object],
    status: str,
    message: str,
) -> None:
    running(MANY, 1)
    preferred = {"InstancePreferences": [{"InstanceType": MANY}, {"InstanceType": TWO}], "InstanceCount": 2}

    def prefer(parsed: dict[str, object], **_: object) -> None:
        parsed["ProcessingResources"] = {"ClusterConfig": {**preferred, **chosen}}

    events, event = account.client("sagemaker").meta.events, "after-call.sagemaker.DescribeProcessingJob"
    events.register(event, prefer)
    try:
        found = check(planned(instance_type=TWO), "quota")
    finally:
        events.unregister(event, prefer)
    assert (found.status, message in found.message) == (status, True)


def test_with_many_jobs_what_is_in_use_cannot_be_told(
    planned: Planned, running: Callable[..., None], box: Sandbox
) -> None:
    running("ml.t3.medium", 1, jobs=11)
    box.control.calls.clear()
    assert check(planned(instance_type=TWO), "quota").status == "cannot tell"
    # Only to learn how long the last runs took.
    assert box.control.calls.count("DescribeProcessingJob") <= 5


@pytest.mark.parametrize("operation", ["GetServiceQuota", "ListProcessingJobs"])
def test_a_quota_that_may_not_be_seen_cannot_be_told(planned: Planned, box: Sandbox, operation: str) -> None:
    box.control.fail(operation, "AccessDeniedException")
    made = planned(instance_type=TWO)
    assert check(made, "quota").status == "cannot tell"
    assert made.can_run


@pytest.mark.parametrize("instance_type", ["ml.p4d.24xlarge", "ml.x99.large"])
def test_a_quota_that_is_not_known_cannot_be_told(planned: Planned, box: Sandbox, instance_type: str) -> None:
    box.control.fail("GetServiceQuota", "NoSuchResourceException")
    assert check(planned(instance_type=instance_type), "quota").status == "cannot tell"


def test_a_change_of_the_form_asks_for_nothing_that_it_does_not_touch(planned: Planned, box: Sandbox) -> None:
    planned()
    box.control.calls.clear()
    planned(max_runtime_seconds=7200, parameters={"a": 1})
    assert not {"GetServiceQuota", "ListProcessingJobs", "SimulatePrincipalPolicy"} & set(box.control.calls)
    planned(instance_type="ml.m5.large")
    assert box.control.calls.count("GetServiceQuota") == 1


def test_a_failure_is_not_remembered_as_an_answer(account: Account) -> None:
    def fail() -> None:
        raise errors.TimedOut("no answer")

    forget(account)
    with pytest.raises(errors.TimedOut):
        remembered(account, "question", fail)
    assert remembered(account, "question", lambda: 1) == 1
    assert remembered(account, "question", fail) == 1


# --- permissions --------------------------------------------------------------------------------


def deny(box: Sandbox, *actions: str) -> str:
    """A role of the sandbox that may not do this."""
    iam = box.client("iam")
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
    }
    name = "not-" + actions[0].replace(":", "-").strip("*")
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": list(actions), "Resource": "*"}],
    }
    iam.put_role_policy(RoleName=name, PolicyName="no", PolicyDocument=json.dumps(document))
    return str(role["Arn"])


def test_a_role_that_may_do_it_is_fine(planned: Planned) -> None:
    made = planned()
    assert check(made, "permissions", "read and write").status == "ok"
    assert check(made, "permissions", "pass the role").status == "ok"


def test_a_role_that_may_not_write_the_output_fails_before_it_is_paid_for(
    planned: Planned, box: Sandbox
) -> None:
    made = planned(role=deny(box, "s3:Put*"))
    found = check(made, "permissions", "s3:PutObject")
    assert (found.status, found.field, made.can_run) == ("will fail", "role", False)
    assert "s3:GetObject" not in found.message


def test_a_role_that_may_not_be_passed_fails_before_it_is_sent(planned: Planned, box: Sandbox) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}],
    }
    name = box.role_arn.rsplit("/", 1)[1]
    box.client("iam").put_role_policy(RoleName=name, PolicyName="no", PolicyDocument=json.dumps(policy))
    made = planned()
    box.client("iam").delete_role_policy(RoleName=name, PolicyName="no")
    assert check(made, "permissions", "iam:PassRole").status == "will fail"


def test_permissions_that_may_not_be_simulated_cannot_be_told_and_are_said_once(
    planned: Planned, box: Sandbox
) -> None:
    box.control.fail("SimulatePrincipalPolicy", "AccessDenied")
    made = planned()
    assert [each.status for each in made.checks if each.name == "permissions"] == ["cannot tell"]
    assert made.can_run


# --- image, type, network -----------------------------------------------------------------------


def test_an_image_of_the_accounts_own_is_looked_for(planned: Planned, box: Sandbox) -> None:
    host = f"{box.account_id}.dkr.ecr.{box.region}.amazonaws.com"
    made = planned(image=f"{host}/nothing:1")
    assert (check(made, "image", "no such image").status, made.can_run) == ("will fail", False)
    box.control.fail("DescribeImages", "AccessDeniedException")
    found = check(planned(image=f"{host}/nothing:2"), "image")
    assert (found.status, found.field) == ("cannot tell", "image")


def test_a_type_that_a_long_price_list_lacks_may_not_be_offered(planned: Planned) -> None:
    found = check(planned(job_kind="training", instance_type="ml.trn2.48xlarge"), "instance type", "offered")
    assert found.status == "warning"
    assert not [each for each in planned().checks if "offered" in each.message]


def test_where_few_prices_are_known_nobody_can_tell_what_is_offered(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices, "COMPLETE", 10**6)
    made = planned(job_kind="training", instance_type="ml.trn2.48xlarge")
    assert check(made, "instance type", "offered").status == "cannot tell"
    assert not [each for each in planned().checks if "offered" in each.message]


def test_other_types_of_the_same_size_are_near_in_price() -> None:
    found = similar("Training", "ml.g5.2xlarge", "us-east-1")
    assert found
    assert all(name.endswith(".2xlarge") and name.startswith(("ml.g", "ml.p")) for name in found)


def test_an_image_of_somebody_elses_cannot_be_told_where_its_registry_is_silent(
    planned: Planned, box: Sandbox
) -> None:
    other = f"763104351884.dkr.ecr.{box.region}.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
    found = check(planned(image=other), "image")
    assert (found.status, found.field) == ("cannot tell", "image")
    # The space's own and the Distribution's are there.
    assert not [each for each in planned().checks if each.name == "image"]


def test_a_name_of_ones_own_must_be_free(
    account: Account, request_of: Callable[..., LaunchRequest], box: Sandbox
) -> None:
    def told(name: str) -> list[Check]:
        made = plan(account, request_of(name=name), None, LIMITS)
        return [each for each in made.checks if each.name == "name"]

    assert [each.status for each in told("my-own-name")] == ["ok"]
    apply(account, request_of(name="my-own-name"), None, LIMITS)
    assert "has been sent" in told("my-own-name")[0].message
    box.client("sagemaker").create_processing_job(
        ProcessingJobName="somebody-elses",
        ProcessingResources={
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        },
        AppSpecification={"ImageUri": "image"},
        RoleArn=box.role_arn,
    )
    [found] = told("somebody-elses")
    assert (found.status, found.field) == ("will fail", "name")
    box.control.fail("DescribeProcessingJob", "AccessDeniedException")
    [found] = told("another-name")
    assert (found.status, "sagemaker:DescribeProcessingJob" in found.message) == ("cannot tell", True)
    # A name out of a plan has a date, a time and a token.
    assert told("churn-1120-1004-x7k2q") == []


def test_a_bucket_of_another_region_fails(
    planned: Planned, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    west = {"LocationConstraint": "eu-west-1"}
    box.client("s3").create_bucket(Bucket="in-the-west", CreateBucketConfiguration=west)
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {PythonSDK: {Modules: {Session: {DefaultS3Bucket: in-the-west}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned()
    found = check(made, "bucket")
    assert (found.status, made.can_run) == ("will fail", False)
    assert "(eu-west-1)" in found.message


@pytest.mark.parametrize(
    "operation", ["GetRole", "HeadBucket", "GetServiceQuota", "SimulatePrincipalPolicy", "ListProcessingJobs"]
)
def test_one_that_never_answers_holds_up_no_other(
    account: Account, box: Sandbox, request_of: Callable[..., LaunchRequest], operation: str
) -> None:
    forget(account)
    box.control.hang(operation)
    made = plan(account, request_of(instance_type=TWO), None, Limits(patience_seconds=1.0))
    told = [each for each in made.checks if "no answer in time" in each.message]
    assert told
    assert {each.status for each in told} == {"cannot tell"}
    assert made.can_run


# --- the table of codes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "instance_type", "code"),
    [
        ("training job", "ml.m5.xlarge", "L-CCE2AFA6"),
        ("processing job", "ml.m5.xlarge", "L-0307F515"),
        ("spot training job", "ml.g5.xlarge", "L-DE07CBDF"),
        ("training job", quota_names.ALL_TYPES, "L-00C91CB5"),
        ("processing job", quota_names.ALL_TYPES, "L-F311B08F"),
        ("training job", "ml.unheard.of", None),
        ("no such use", "ml.m5.xlarge", None),
    ],
)
def test_codes_of_quotas(use: str, instance_type: str, code: str | None) -> None:
    assert quota_names.code(use, instance_type) == code
