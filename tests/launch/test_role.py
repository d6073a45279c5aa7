"""The execution role is looked up in the SDK's order."""

from __future__ import annotations

from pathlib import Path

import pytest

from smext.aws.account import Account
from smext.aws.studio import Metadata
from smext.launch.role import find_role
from smext.launch.sdk_config import SdkConfig
from smext.sandbox import Sandbox

ROLE = "arn:aws:iam::123456789012:role/"
NOTHING = SdkConfig()


def test_the_sdks_config_comes_first(account: Account) -> None:
    config = SdkConfig(
        {"SageMaker": {"TrainingJob": {"RoleArn": f"{ROLE}t"}, "ProcessingJob": {"RoleArn": f"{ROLE}p"}}}
    )
    metadata = Metadata(role=f"{ROLE}space")
    assert find_role(account, metadata, "training", config) == (
        f"{ROLE}t",
        "SDK config (TrainingJob.RoleArn)",
    )
    assert find_role(account, metadata, "processing", config)[0] == f"{ROLE}p"
    assert find_role(account, metadata, None, config)[0] == f"{ROLE}p"


def test_a_config_for_the_other_kind_is_not_used(account: Account) -> None:
    config = SdkConfig({"SageMaker": {"TrainingJob": {"RoleArn": f"{ROLE}t"}}})
    assert find_role(account, Metadata(role=f"{ROLE}space"), "processing", config) == (
        f"{ROLE}space",
        "from this space",
    )


def test_a_notebook_instance_has_a_role(account: Account, box: Sandbox) -> None:
    box.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="own", InstanceType="ml.t3.medium", RoleArn=f"{ROLE}instance"
    )
    found = find_role(account, Metadata(resource="own"), None, NOTHING)
    assert found == (f"{ROLE}instance", "from this notebook instance")


@pytest.fixture
def domain(box: Sandbox) -> str:
    client = box.client("sagemaker")
    answer = client.create_domain(
        DomainName="team",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": f"{ROLE}domain"},
        DefaultSpaceSettings={"ExecutionRole": f"{ROLE}shared"},
        VpcId="vpc-1",
        SubnetIds=["subnet-1"],
    )
    return str(answer["DomainArn"]).rsplit("/", 1)[-1]


def test_a_profile_then_its_domain(account: Account, box: Sandbox, domain: str) -> None:
    client = box.client("sagemaker")
    client.create_user_profile(DomainId=domain, UserProfileName="plain")
    client.create_user_profile(
        DomainId=domain, UserProfileName="own", UserSettings={"ExecutionRole": f"{ROLE}profile"}
    )
    assert find_role(account, Metadata(domain=domain, user="own"), None, NOTHING)[0] == f"{ROLE}profile"
    assert find_role(account, Metadata(domain=domain, user="plain"), None, NOTHING)[0] == f"{ROLE}domain"


def test_a_shared_space_has_the_spaces_role(account: Account, domain: str) -> None:
    assert find_role(account, Metadata(domain=domain, space="team"), None, NOTHING)[0] == f"{ROLE}shared"


def test_a_denied_look_is_passed_over(account: Account, box: Sandbox, domain: str) -> None:
    box.control.fail("DescribeUserProfile", "AccessDeniedException")
    found = find_role(account, Metadata(domain=domain, user="x"), None, NOTHING)
    assert found == (f"{ROLE}domain", "from the domain")


def test_elsewhere_it_is_the_callers_own_with_its_path(account: Account, box: Sandbox) -> None:
    assert find_role(account, Metadata(), None, NOTHING) == (box.role_arn, "the role of this server")


def test_a_console_made_role_is_found_without_iam(account: Account, box: Sandbox) -> None:
    box.control.fail("GetRole", "AccessDeniedException")
    role, source = find_role(account, Metadata(), None, NOTHING)
    assert role == box.role_arn
    assert "could not be looked up" in source


def test_nothing_found_says_why(account: Account, box: Sandbox) -> None:
    box.control.fail("GetCallerIdentity", "AccessDeniedException")
    role, why = find_role(account, Metadata(), None, NOTHING)
    assert role is None
    assert "sts:GetCallerIdentity" in why


def test_it_reads_the_config_itself(
    account: Account, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"SageMaker: {{ProcessingJob: {{RoleArn: '{ROLE}config'}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    assert find_role(account, Metadata(role=f"{ROLE}space"))[0] == f"{ROLE}config"
