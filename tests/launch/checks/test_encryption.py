"""KMS keys: that they are there, enabled, and may be used; and what a bucket wants of what is written to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import Check, LaunchForm, Plan
from smext.launch.network import has_own_disks
from smext.sandbox import Sandbox

Planned = Callable[..., Plan]


@pytest.fixture
def key(box: Sandbox) -> str:
    return str(box.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture
def deny(box: Sandbox) -> Iterator[Callable[[str], None]]:
    """Take an action from the role."""
    iam, name = box.client("iam"), box.role_arn.rsplit("/", 1)[1]

    def take(action: str) -> None:
        statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=name, PolicyName="no", PolicyDocument=document)

    take("nothing:AtAll")
    yield take
    iam.delete_role_policy(RoleName=name, PolicyName="no")


def checks(made: Plan) -> list[Check]:
    return [each for each in made.checks if each.name == "encryption"]


def one(made: Plan, status: str) -> Check:
    found = [each for each in checks(made) if each.status == status]
    assert len(found) == 1, [(each.status, each.message) for each in checks(made)]
    return found[0]


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_a_key_is_sent_for_outputs_and_disks(planned: Planned, key: str, kind: str) -> None:
    made = planned(job_kind=kind, kms_key=f" {key} ")
    assert made.can_run, made.checks
    assert {each.status for each in checks(made)} == {"ok"}
    if kind == "training":
        assert made.request["OutputDataConfig"]["KmsKeyId"] == key
        assert made.request["ResourceConfig"]["VolumeKmsKeyId"] == key
    else:
        assert made.request["ProcessingOutputConfig"]["KmsKeyId"] == key
        assert made.request["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == key


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_disks_with_a_key_of_their_own_get_no_other(planned: Planned, key: str, kind: str) -> None:
    made = planned(job_kind=kind, kms_key=key, instance_type="ml.g5.xlarge")
    assert made.can_run, made.checks
    assert "VolumeKmsKeyId" not in str(made.request)
    assert key in str(made.request)


@pytest.mark.parametrize(
    ("instance_type", "own"),
    [
        ("ml.m5.xlarge", False),
        ("ml.m5d.xlarge", True),
        ("ml.c6id.large", True),
        ("ml.g4dn.xlarge", True),
        ("ml.g6e.2xlarge", True),
        ("ml.p3.2xlarge", False),
        ("ml.p3dn.24xlarge", True),
        ("ml.p4de.24xlarge", True),
        ("ml.p5.48xlarge", True),
        ("ml.trn1.2xlarge", True),
        ("ml.r7i.large", False),
        ("ml.t3.medium", False),
        ("ml.inf2.xlarge", False),
    ],
)
def test_which_types_have_disks_inside(instance_type: str, own: bool) -> None:
    assert has_own_disks(instance_type) is own


def test_a_key_that_is_not_there_fails_before_it_is_paid_for(
    planned: Planned, box: Sandbox, key: str
) -> None:
    start = key.rpartition("/")[0]
    found = one(planned(kms_key=f"{start}/11111111-2222-3333-4444-555555555555"), "will fail")
    assert (found.field, "no such key" in found.message) == ("kms_key", True)
    elsewhere = key.replace(box.region, "eu-west-1")
    assert "another region" in one(planned(kms_key=elsewhere), "will fail").message


def test_a_key_that_is_off_fails(planned: Planned, box: Sandbox, key: str) -> None:
    box.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    made = planned(kms_key=key)
    assert (one(made, "will fail").field, made.can_run) == ("kms_key", False)
    assert "Disabled" in one(made, "will fail").message


def test_a_key_for_signatures_fails(planned: Planned, box: Sandbox) -> None:
    made = box.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    assert "RSA_2048" in one(planned(kms_key=made), "will fail").message


def test_disks_take_no_alias(planned: Planned, box: Sandbox, key: str) -> None:
    box.client("kms").create_alias(AliasName="alias/runs", TargetKeyId=key)
    found = one(planned(kms_key="alias/runs"), "will fail")
    assert key in found.advice
    assert planned(kms_key="alias/runs", instance_type="ml.g5.xlarge").can_run


@pytest.mark.parametrize("action", ["kms:GenerateDataKey", "kms:Decrypt", "kms:CreateGrant"])
def test_a_role_that_may_not_use_the_key_fails(
    planned: Planned, key: str, deny: Callable[[str], None], action: str
) -> None:
    deny(action)
    found = one(planned(kms_key=key), "will fail")
    assert found.message.endswith(f": {action}")


def test_a_server_that_may_not_use_the_key_to_send_fails(
    planned: Planned, box: Sandbox, key: str, deny: Callable[[str], None]
) -> None:
    """The run has a role of its own, the server keeps the one that may not."""
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = box.client("iam").create_role(RoleName="of-runs", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    deny("kms:GenerateDataKey")
    found = one(planned(kms_key=key, role=role), "will fail")
    assert found.message == "This server may not do this with the key: kms:GenerateDataKey"


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_a_key_that_may_not_be_seen_cannot_be_told(
    planned: Planned, box: Sandbox, key: str, code: str
) -> None:
    box.control.fail("DescribeKey", code)
    made = planned(kms_key=key)
    found = one(made, "cannot tell")
    assert (found.field, made.can_run) == ("kms_key", True)
    assert code != "AccessDeniedException" or "kms:DescribeKey" in found.message


def test_a_use_that_may_not_be_simulated_cannot_be_told(planned: Planned, box: Sandbox, key: str) -> None:
    box.control.fail("SimulatePrincipalPolicy", "AccessDenied")
    made = planned(kms_key=key)
    assert "iam:SimulatePrincipalPolicy" in one(made, "cannot tell").message
    assert "is there and enabled" in one(made, "ok").message
    assert made.can_run


# --- the bucket ---------------------------------------------------------------------------------


@pytest.fixture
def rules(box: Sandbox) -> Iterator[Callable[..., None]]:
    """Give the bucket a default key, or a policy that refuses what is written under a condition."""
    s3 = box.client("s3")

    def give(key: str = "", condition: dict[str, Any] | None = None) -> None:
        if key:
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
            s3.put_bucket_encryption(
                Bucket=box.bucket,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
                },
            )
        if condition:
            statement = {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{box.bucket}/*",
                "Condition": condition,
            }
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            s3.put_bucket_policy(Bucket=box.bucket, Policy=document)

    yield give
    s3.delete_bucket_encryption(Bucket=box.bucket)
    s3.delete_bucket_policy(Bucket=box.bucket)


def test_a_bucket_without_rules_is_not_worth_a_word(planned: Planned) -> None:
    assert checks(planned()) == []


def test_the_buckets_own_key_must_be_usable(
    planned: Planned, box: Sandbox, key: str, rules: Callable[..., None], deny: Callable[[str], None]
) -> None:
    rules(key)
    assert {each.status for each in checks(planned())} == {"ok"}
    deny("kms:GenerateDataKey")
    assert "the key of the bucket" in one(planned(), "will fail").message
    box.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    assert "Disabled" in one(planned(), "will fail").message


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        {"Null": {"s3:x-amz-server-side-encryption": "true"}},
        {"Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"}},
        {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:of:another"}},
    ],
)
def test_a_bucket_that_demands_a_key_is_noticed(
    planned: Planned, key: str, rules: Callable[..., None], condition: dict[str, Any]
) -> None:
    rules(condition=condition)
    found = one(planned(), "will fail")
    assert (found.field, "policy refuses" in found.message) == ("kms_key", True)
    other = "arn:of:another" in str(condition)
    assert planned(kms_key=key).can_run is not other


def test_a_demand_under_more_conditions_is_a_warning(planned: Planned, rules: Callable[..., None]) -> None:
    condition = {
        "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
        "StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"},
    }
    rules(condition=condition)
    made = planned()
    assert (one(made, "warning").field, made.can_run) == ("kms_key", True)


@pytest.mark.parametrize(
    ("operation", "permission"),
    [("GetBucketEncryption", "s3:GetEncryptionConfiguration"), ("GetBucketPolicy", "s3:GetBucketPolicy")],
)
def test_rules_that_may_not_be_seen_cannot_be_told(
    planned: Planned, box: Sandbox, operation: str, permission: str
) -> None:
    box.control.fail(operation, "AccessDeniedException", message="Access Denied")
    made = planned()
    assert permission in one(made, "cannot tell").message
    assert made.can_run


# --- the SDK's config ---------------------------------------------------------------------------


def test_the_form_wins_over_the_sdks_config(
    planned: Planned, key: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        f"SageMaker: {{TrainingJob: {{OutputDataConfig: {{KmsKeyId: {key}}}, ResourceConfig: {{VolumeKmsKeyId: {key}}},"
        " EnableNetworkIsolation: true, VpcConfig: {Subnets: [subnet-1], SecurityGroupIds: [sg-1]}}}"
    )
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned(job_kind="training").request
    assert (made["EnableNetworkIsolation"], made["VpcConfig"]["Subnets"]) == (True, ["subnet-1"])
    assert made["OutputDataConfig"]["KmsKeyId"] == key
    # What the form says, even that there is none, is what somebody saw and chose.
    shown = LaunchForm().model_dump(include={"subnets", "security_groups", "network_isolation", "kms_key"})
    made = planned(job_kind="training", **shown).request
    assert not {"EnableNetworkIsolation", "VpcConfig"} & made.keys()
    assert key not in str(made)
