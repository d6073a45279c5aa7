"""The SDK's two files of defaults are read as the SDK reads them."""

from pathlib import Path

import pytest

from smext.api import Target
from smext.aws.account import Account
from smext.launch import sdk_config
from smext.sandbox import Sandbox

ADMIN = """
SchemaVersion: '1.0'
SageMaker:
  PythonSDK:
    Modules:
      Session:
        DefaultS3Bucket: admin-bucket
        DefaultS3ObjectKeyPrefix: /team/a/
  TrainingJob:
    RoleArn: arn:aws:iam::123456789012:role/admin
    VpcConfig:
      Subnets: [subnet-1, subnet-2]
      SecurityGroupIds: [sg-1]
"""
USER = """
SageMaker:
  TrainingJob:
    RoleArn: arn:aws:iam::123456789012:role/user
    VpcConfig:
      Subnets: [subnet-9]
"""


@pytest.fixture
def account() -> Account:
    return Account(Target(id="here", label="here"))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    admin, user = tmp_path / "admin" / "config.yaml", tmp_path / "user" / "config.yaml"
    for path, variable in ((admin, sdk_config.ADMIN_OVERRIDE), (user, sdk_config.USER_OVERRIDE)):
        path.parent.mkdir()
        path.write_text("")
        monkeypatch.setenv(variable, str(path))
    return admin, user


def test_both_are_merged_and_the_users_wins(account: Account, files: tuple[Path, Path]) -> None:
    files[0].write_text(ADMIN)
    files[1].write_text(USER)
    found = sdk_config.load(account)
    assert found.problems == ()
    assert found.bucket == "admin-bucket"
    assert found.prefix == "team/a"
    assert found.text("TrainingJob", "RoleArn") == "arn:aws:iam::123456789012:role/user"
    assert found.mapping("TrainingJob", "VpcConfig") == {
        "Subnets": ["subnet-9"],
        "SecurityGroupIds": ["sg-1"],
    }


def test_an_override_may_be_a_folder(
    account: Account, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files[0].write_text(ADMIN)
    monkeypatch.setenv(sdk_config.ADMIN_OVERRIDE, str(files[0].parent))
    assert sdk_config.load(account).bucket == "admin-bucket"


def test_default_places_are_the_sdks(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (sdk_config.ADMIN_OVERRIDE, sdk_config.USER_OVERRIDE):
        monkeypatch.delenv(variable, raising=False)
    for variable, text in (("XDG_CONFIG_DIRS", ADMIN), ("XDG_CONFIG_HOME", USER)):
        place = tmp_path / variable
        (place / "sagemaker").mkdir(parents=True)
        (place / "sagemaker" / "config.yaml").write_text(text)
        monkeypatch.setenv(variable, str(place))
    found = sdk_config.load(account)
    assert found.bucket == "admin-bucket"
    assert found.text("TrainingJob", "RoleArn") == "arn:aws:iam::123456789012:role/user"


def test_no_files_are_no_problem(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (sdk_config.ADMIN_OVERRIDE, sdk_config.USER_OVERRIDE):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    found = sdk_config.load(account)
    assert (found.values, found.problems) == ({}, ())
    assert found.bucket is None
    assert found.prefix == ""


@pytest.mark.parametrize("text", ["a: [", "- a\n- b", "just text", "\x00", "a: !!python/object:os.system x"])
def test_a_malformed_file_is_a_problem_and_the_other_counts(
    account: Account, files: tuple[Path, Path], text: str
) -> None:
    files[0].write_text(ADMIN)
    files[1].write_text(text)
    found = sdk_config.load(account)
    assert found.bucket == "admin-bucket"
    [problem] = found.problems
    assert str(files[1]) in problem.message
    assert problem.advice


def test_a_named_file_that_is_missing_is_a_problem(
    account: Account, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sdk_config.USER_OVERRIDE, "/no/such/file.yaml")
    [problem] = sdk_config.load(account).problems
    assert "/no/such/file.yaml" in problem.message


@pytest.mark.parametrize(
    "text", ["SageMaker: 5", "SageMaker: {TrainingJob: [1]}", "SageMaker: {PythonSDK: x}"]
)
def test_members_of_another_type_are_as_if_absent(
    account: Account, files: tuple[Path, Path], text: str
) -> None:
    files[0].write_text(text)
    found = sdk_config.load(account)
    assert found.bucket is None
    assert found.text("TrainingJob", "RoleArn") is None
    assert found.mapping("TrainingJob", "VpcConfig") == {}


def test_it_may_lie_in_s3(box: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="conf/config.yaml", Body=ADMIN.encode())
    for place in (f"s3://{box.bucket}/conf", f"s3://{box.bucket}/conf/config.yaml"):
        monkeypatch.setenv(sdk_config.ADMIN_OVERRIDE, place)
        assert (
            sdk_config.load(account).text("TrainingJob", "RoleArn") == "arn:aws:iam::123456789012:role/admin"
        )
    monkeypatch.setenv(sdk_config.ADMIN_OVERRIDE, f"s3://{box.bucket}/none")
    [problem] = sdk_config.load(account).problems
    assert problem.code == "not-found"
