"""When AWS says no: which field, why, and what would do instead. Each no really comes from an account over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import botocore.session
import pytest

from smext import errors
from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Target
from smext.aws.account import Account
from smext.launch import Limits, apply
from smext.launch.form.settings import limits_of
from smext.launch.rejections.field_errors import MEMBERS
from smext.launch.rejections.missing_permission import read
from smext.launch.request import APIS
from smext.sandbox import Sandbox

Launch = Callable[..., errors.SmextError]


@pytest.fixture(scope="module", params=["empty"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(scene=request.param, mode="timeline") as made:
        yield made


@pytest.fixture
def box(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """As the scene has it; nothing of it is mended, but what a test itself has made fail is named by it."""
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    return sandbox


@pytest.fixture
def account(box: Sandbox) -> Iterator[Account]:
    made = Account(Target(id="here", label="here"), connect_timeout=30, read_timeout=60)
    yield made
    made.close()


@pytest.fixture
def refused(account: Account, document: Callable[..., NotebookDocument]) -> Launch:
    """Launch with this form; the error."""

    def launch(limits: Limits | None = None, **form: Any) -> errors.SmextError:
        values = {"include_files": False, "packages": [], **form}
        request = LaunchRequest(notebook=document(), form=LaunchForm(**values), name="refused-1")
        with pytest.raises(errors.SmextError) as caught:
            apply(account, request, None, limits or Limits())
        return caught.value

    return launch


def statement(error: errors.SmextError) -> dict[str, Any]:
    """The policy's statement in the advice."""
    found: dict[str, Any] = json.loads(error.advice[error.advice.index("{") :])
    return found


def test_every_member_is_one_of_the_requests_and_of_the_form() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    known = {name for api in APIS.values() for name in _names(model.operation_model(api.create).input_shape)}
    assert set(MEMBERS) <= known
    assert set(MEMBERS.values()) <= {*LaunchForm.model_fields, "name"}


def _names(shape: Any) -> Iterator[str]:
    for name, member in getattr(shape, "members", {}).items():
        yield name
        yield from _names(getattr(member, "member", member))


@pytest.mark.parametrize("sandbox", ["capacity"], indirect=True)
class TestCapacity:
    """The plan could not tell: it may not ask for quotas."""

    @pytest.fixture(autouse=True)
    def blind(self, box: Sandbox) -> None:
        box.control.fail("service-quotas:*", "AccessDeniedException")

    def test_a_quota_is_named_with_its_use_its_page_and_other_types(self, refused: Launch) -> None:
        error = refused(job_kind="training", instance_type="ml.p3.2xlarge")
        assert isinstance(error, errors.Quota)
        assert error.field == "instance_type"
        assert "'ml.p3.2xlarge for training job usage' is 0, 0 in use, 1 more wanted" in error.message
        assert re.search(r"us-east-1\.console\.aws\.amazon\.com/\S+/quotas/L-[0-9A-F]{8} ", error.advice)
        assert re.search(r"quotas of their own: ml\.[gp]", error.advice)

    def test_only_types_that_are_allowed_are_named(self, refused: Launch) -> None:
        rules = limits_of({"instance_types": ["ml.p3.*", "ml.g5.*"]})
        error = refused(rules, job_kind="training", instance_type="ml.p3.2xlarge")
        offered = error.advice.rpartition(": ")[2]
        assert re.fullmatch(r"(ml\.g5\.\w+(, )?)+\.", offered), offered


def test_no_machine_at_once_names_other_types_zones_and_waiting(box: Sandbox, refused: Launch) -> None:
    for code, text in (
        ("InsufficientInstanceCapacity", "none"),
        ("ValidationException", "CapacityError: Unable to provision requested ML compute capacity."),
    ):
        box.control.fail("ec2:*", "AccessDeniedException")
        box.control.fail("CreateTrainingJob", code, message=text, times=1)
        error = refused(
            job_kind="training",
            instance_type="ml.g4dn.xlarge",
            subnets=["subnet-0a"],
            security_groups=["sg-0a"],
        )
        box.control.heal()
        assert isinstance(error, errors.Capacity)
        assert error.field == "instance_type"
        assert re.search(r"These have as much of everything: ml\.g", error.advice)
        assert all(word in error.advice for word in ("other zones", "in a while", "spot"))


@pytest.mark.parametrize("sandbox", ["denied"], indirect=True)
class TestDenied:
    @pytest.mark.parametrize("kind", ["training", "processing"])
    def test_what_is_missing_is_a_statement_for_the_policy(
        self, box: Sandbox, refused: Launch, kind: str
    ) -> None:
        error = refused(job_kind=kind, role=box.role_arn)
        assert isinstance(error, errors.Denied)
        assert error.permission == f"sagemaker:Create{kind.title()}Job"
        assert statement(error) == {"Effect": "Allow", "Action": error.permission, "Resource": "*"}
        assert "AmazonSageMaker-ExecutionRole-Sandbox" in error.advice


WHO = "User: arn:aws:sts::123456789012:assumed-role/lab/me is not authorized to perform: "
JOB = (
    "sagemaker:CreateProcessingJob on resource: arn:aws:sagemaker:us-east-1:123456789012:processing-job/a-1 "
)
ROLE = "arn:aws:iam::123456789012:role/jobs"


@pytest.mark.parametrize(
    ("why", "said", "helps"),
    [
        ("because no identity-based policy allows the sagemaker:CreateProcessingJob action", "policy of lab", True),
        ("because no permissions boundary allows the sagemaker:CreateProcessingJob action", "boundary of lab", True),
        ("with an explicit deny in a service control policy", "organisation forbids", False),
        ("with an explicit deny in an identity-based policy", "on purpose", False),
        ("", "does not say why", True),
    ],
)  # fmt: skip
def test_the_five_shapes_of_a_denial(box: Sandbox, refused: Launch, why: str, said: str, helps: bool) -> None:
    box.control.fail("CreateProcessingJob", "AccessDeniedException", times=1, message=WHO + JOB + why)
    error = refused()
    assert said in error.advice
    assert ("{" in error.advice) == helps
    if helps:
        assert statement(error)["Resource"].endswith(":processing-job/*")


def test_passing_the_role_is_asked_for_with_its_condition(box: Sandbox, refused: Launch) -> None:
    text = f"{WHO}iam:PassRole on resource: {ROLE} because no identity-based policy allows the iam:PassRole action"
    box.control.fail("CreateProcessingJob", "AccessDeniedException", times=1, message=text)
    error = refused()
    assert error.field == "role"
    assert statement(error) == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": ROLE,
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    }


def test_an_upload_that_is_denied_names_the_place(box: Sandbox, refused: Launch) -> None:
    box.control.fail("PutObject", "AccessDeniedException", message="Access Denied", times=20)
    error = refused()
    box.control.heal()
    assert isinstance(error, errors.Denied)
    assert statement(error)["Action"] == "s3:PutObject"
    assert statement(error)["Resource"] == f"arn:aws:s3:::{box.bucket}/smext/*"


@pytest.mark.parametrize(
    ("at", "field"),
    [
        ("resourceConfig.volumeSizeInGB", "volume_gb"),
        ("inputDataConfig.2.member.dataSource.s3DataSource.s3Uri", "inputs"),
        ("stoppingCondition.maxWaitTimeInSeconds", "max_wait_seconds"),
        ("vpcConfig.securityGroupIds.1.member", "security_groups"),
        ("outputDataConfig.kmsKeyId", "kms_key"),
        ("environment", "environment"),
        ("tags.3.member.value", "tags"),
        ("retryStrategy.maximumRetryAttempts", "retries"),
        ("experimentConfig", None),
    ],
)
def test_a_value_that_aws_names_is_a_field_of_the_form(
    box: Sandbox, refused: Launch, at: str, field: str | None
) -> None:
    text = (
        f"1 validation error detected: Value '0' at '{at}' failed to satisfy constraint: Member must be other"
    )
    box.control.fail("CreateProcessingJob", "ValidationException", times=1, message=text)
    error = refused()
    assert (type(error), error.field) == (errors.Invalid, field)
    assert error.advice


@pytest.mark.parametrize("sandbox", ["strict"], indirect=True)
class TestStrict:
    """What the plan could not tell: the questions are denied, and AWS looks itself."""

    @pytest.fixture
    def blind(self, box: Sandbox) -> Sandbox:
        for question in ("GetRole", "SimulatePrincipalPolicy", "ec2:*", "kms:*", "ecr:*"):
            box.control.fail(question, "AccessDeniedException")
        return box

    @pytest.mark.parametrize(
        ("form", "field", "said"),
        [
            ({"role": "arn:aws:iam::123456789012:role/nobody"}, "role", "sts:AssumeRole"),
            ({"image": "{account}.dkr.ecr.us-east-1.amazonaws.com/mine:1"}, "image", "ecr:BatchGetImage"),
            ({"image": "999999999999.dkr.ecr.us-east-1.amazonaws.com/private:1"}, "image", "repository's own"),
            ({"image": "docker.io/python:3"}, "image", "region in ECR"),
            ({"subnets": ["subnet-0dead"], "security_groups": ["sg-0dead"]}, "subnets", "one VPC"),
            ({"kms_key": "1234abcd-12ab-34cd-56ef-1234567890ab"}, "kms_key", "kms:CreateGrant"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("kind", ["training", "processing"])
    def test_what_a_job_names_and_aws_does_not_find(
        self, blind: Sandbox, refused: Launch, kind: str, form: dict[str, Any], field: str, said: str
    ) -> None:
        given = {
            name: value.format(account=blind.account_id) if isinstance(value, str) else value
            for name, value in form.items()
        }
        error = refused(job_kind=kind, **{"role": blind.role_arn, **given})
        assert (type(error), error.field) == (errors.Invalid, field), error.message
        assert said in error.advice

    def test_a_security_group_that_is_not_there(self, blind: Sandbox, refused: Launch) -> None:
        vpc = blind.backends.service("ec2", blind.region).create_vpc("10.9.0.0/16")
        subnet = blind.backends.service("ec2", blind.region).create_subnet(vpc.id, "10.9.1.0/24")
        error = refused(role=blind.role_arn, subnets=[subnet.id], security_groups=["sg-0dead"])
        assert error.field == "security_groups"


@pytest.mark.parametrize("sandbox", ["no-role"], indirect=True)
def test_without_a_role_nothing_is_sent(box: Sandbox, refused: Launch) -> None:
    error = refused()
    assert error.field == "role"
    assert "No execution role was found" in error.message


def test_what_names_no_action_is_no_denial() -> None:
    assert read("Forbidden") is None
