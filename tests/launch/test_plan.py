"""A plan holds all that a launch is, and making it creates nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import LaunchRequest, NotebookDocument, Plan, Target
from smext.aws.account import Account
from smext.launch import Limits, plan
from smext.launch.checks.botocore_model import violations
from smext.launch.files.selection import FileSet
from smext.sandbox import Sandbox
from tests.launch.plans import check, failing

Make = Callable[..., LaunchRequest]
Notebook = Callable[..., NotebookDocument]
LIMITS = Limits()


Planned = Callable[..., Plan]


# --- cost and content ---------------------------------------------------------------------------


def test_the_most_it_can_cost(planned: Planned) -> None:
    made = planned(instance_type="ml.m5.xlarge", instance_count=3, max_runtime_seconds=2 * 3600)
    assert made.usd_per_hour == pytest.approx(0.69)
    assert made.max_usd == pytest.approx(1.38)
    assert made.price is not None
    assert check(made, "instances", "warning").field == "instance_count"


def test_an_unknown_price_is_no_price(planned: Planned) -> None:
    made = planned(job_kind="training", instance_type="ml.trn2.48xlarge")
    assert (made.usd_per_hour, made.max_usd, made.price) == (None, None, None)
    assert check(made, "price").status == "cannot tell"
    assert made.can_run


def test_the_folder_goes_along_without_the_copy_on_disk(planned: Planned) -> None:
    made = planned()
    assert made.files == ["data.csv", "lib/features.py"]
    assert [upload.name for upload in made.uploads] == [
        "runner.pyz",
        "run.json",
        "notebook.ipynb",
        "files",
    ]
    assert made.upload_bytes == sum(upload.bytes for upload in made.uploads) > 0
    assert all(
        upload.uri.startswith(made.record_uri.removesuffix("record.json") + "input/")
        for upload in made.uploads
    )


def test_the_folder_stays_when_nobody_wants_it(planned: Planned) -> None:
    made = planned(include_files=False)
    assert made.files == []
    assert "files" not in [upload.name for upload in made.uploads]
    assert check(made, "files", "ok")


def test_contents_that_are_no_files_go_alone(account: Account, request_of: Make) -> None:
    made = plan(account, request_of(), None, LIMITS)
    assert made.files == []
    assert made.can_run
    assert check(made, "files", "warning")


def test_a_folder_over_the_limits_is_shown_and_asks(planned: Planned) -> None:
    made = planned(limits=Limits(max_files=1))
    assert made.files == ["data.csv", "lib/features.py"]
    assert made.file_count == 2
    assert check(made, "files", "will fail").advice


def test_nothing_is_created(planned: Planned, box: Sandbox) -> None:
    planned(job_kind="training")
    planned(job_kind="processing")
    assert {
        call
        for call in box.control.calls
        if not call.startswith(("Get", "Head", "Describe", "List", "Simulate"))
    } == set()
    assert "Contents" not in box.client("s3").list_objects_v2(Bucket=box.bucket)


def test_a_folder_that_takes_too_long_is_not_left_out_in_silence(planned: Planned, root: Path) -> None:
    for index in range(3000):
        (root / "analysis" / f"d{index}").mkdir()
    made = planned(limits=Limits(patience_seconds=0.0))
    assert not made.can_run
    assert check(made, "files", "will fail").field == "include_files"


def test_a_plan_leaves_nothing_for_the_collector(planned: Planned, box: Sandbox, root: Path) -> None:
    """Of many files that would hold up the whole server."""
    box.control.fail("GetRole", "AccessDeniedException")
    gc.collect()
    gc.disable()
    try:
        planned()
        left = [each for each in gc.get_objects() if isinstance(each, FileSet)]
        assert root / "analysis" not in [each.folder for each in left]
    finally:
        gc.enable()


# --- notebooks nobody prepared ------------------------------------------------------------------


def test_a_notebook_that_was_never_saved(planned: Planned, document: Notebook) -> None:
    made = planned(document("x = 1", path="Untitled.ipynb", unsaved=True))
    assert made.can_run
    assert "not saved" in check(made, "notebook").message


@pytest.mark.parametrize(
    "content", [{}, {"cells": []}, {"cells": None}, {"cells": [{"cell_type": "markdown"}]}]
)
def test_an_empty_notebook_is_refused(planned: Planned, content: dict[str, Any]) -> None:
    found = failing(planned(NotebookDocument(path="a.ipynb", content=content)))
    assert found.name == "notebook"
    assert "no code" in found.message


def test_cells_of_blanks_are_no_code(planned: Planned, document: Notebook) -> None:
    assert failing(planned(document("   \n"))).name == "notebook"


def test_a_notebook_without_a_kernelspec_says_what_runs_it(planned: Planned, document: Notebook) -> None:
    made = planned(document("x = 1", kernel={}))
    assert made.can_run
    assert "image's Python" in check(made, "kernel", "warning").message


def test_a_kernel_is_known_in_an_image_or_cannot_be_told(planned: Planned, document: Notebook) -> None:
    def told(kernel: str, **form: Any) -> tuple[str, str]:
        found = check(planned(document(kernel={"name": kernel, "language": "python"}), **form), "kernel")
        return found.status, found.message

    status, message = told("python3")
    assert (status, "python3" in message) == ("ok", True)
    status, message = told("conda-of-mine")
    assert (status, "no such kernel: conda-of-mine" in message) == ("warning", True)
    assert told("glue_pyspark")[0] == "cannot tell"
    status, message = told("python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:1:image/x")
    assert (status, "python3" in message) == ("ok", True)
    status, message = told("python3", image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")
    assert (status, "python3" in message) == ("cannot tell", True)


def test_a_language_whose_parameters_cannot_be_written_is_refused_before_a_machine_starts(
    planned: Planned, document: Notebook
) -> None:
    notebook = document("x = 1", kernel={"name": "sas", "language": "sas"})
    assert planned(notebook).can_run
    made = planned(notebook, parameters={"lr": 1})
    assert not made.can_run
    assert check(made, "parameters", "will fail").field == "parameters"


@pytest.mark.parametrize("kernel", [{"name": "bash", "language": "bash"}, {"name": "bash"}])
def test_parameters_are_written_in_the_notebooks_language(
    planned: Planned, document: Notebook, kernel: dict[str, str]
) -> None:
    made = planned(document(("parameters", "name=x"), kernel=kernel), parameters={"name": "a b"})
    assert made.can_run
    assert made.parameters == {"name": "'a b'"}


def test_the_plan_has_the_parameters_that_are_set_alone(planned: Planned, document: Notebook) -> None:
    notebook = document(("parameters", "lr = 0.1\ndepth = 6\ndepth += 1"))
    assert planned(notebook).parameters == {}
    assert planned(notebook, parameters={"lr": 0.5}).parameters == {"lr": "0.5"}


def test_another_language_is_said(planned: Planned, document: Notebook) -> None:
    made = planned(document("x <- 1", kernel={"name": "ir", "language": "R"}), parameters={"lr": 1})
    assert made.can_run
    found = check(made, "kernel", "warning")
    assert (found.field, "It has python3, glue_pyspark" in found.message) == ("image", True)


@pytest.mark.parametrize(
    "name", ["my first try", "🚀 launch", "a" * 200, "Ünïcödé", "x;rm -rf $(HOME)", "a'b\"c"]
)
@pytest.mark.parametrize("kind", ["training", "processing"])
def test_any_notebook_name_makes_a_valid_request(
    planned: Planned, document: Notebook, name: str, kind: str
) -> None:
    made = planned(document("x = 1", path=f"deep/folder/{name}.ipynb"), job_kind=kind)
    assert made.can_run, made.checks
    assert violations(made.operation, made.request) == []
    assert made.request["Environment"]["SMEXT_NOTEBOOK"].endswith(f"{name}.ipynb")


def test_a_path_of_any_length_fits_the_environment(planned: Planned, document: Notebook) -> None:
    path = "/".join(["d" * 100] * 8) + "/end.ipynb"
    for kind, most in (("training", 512), ("processing", 256)):
        made = planned(document("x = 1", path=path), job_kind=kind)
        assert made.can_run, made.checks
        assert len(made.request["Environment"]["SMEXT_NOTEBOOK"]) == most
        assert made.request["Environment"]["SMEXT_NOTEBOOK"].endswith("/end.ipynb")


@pytest.mark.parametrize("path", ["../../etc/passwd.ipynb", "a/../../b.ipynb", "/../x.ipynb"])
def test_a_path_out_of_the_servers_folder_is_refused(planned: Planned, document: Notebook, path: str) -> None:
    with pytest.raises(errors.Invalid, match="leaves"):
        planned(document("x = 1", path=path))


def test_a_shared_document_has_the_same_folder(planned: Planned, document: Notebook) -> None:
    made = planned(document("x = 1", path="RTC:analysis/churn.ipynb"))
    assert made.files == ["data.csv", "lib/features.py"]
    assert made.request["Environment"]["SMEXT_NOTEBOOK"] == "analysis/churn.ipynb"


# --- what AWS says ------------------------------------------------------------------------------


def test_no_role_to_be_found(
    planned: Planned, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESOURCE_METADATA_FILE", str(tmp_path / "none"))
    box.control.fail("GetCallerIdentity", "AccessDeniedException")
    found = failing(planned())
    assert found.field == "role"
    assert "role" in found.message


def test_a_role_that_does_not_exist(planned: Planned, box: Sandbox) -> None:
    found = failing(planned(role=f"arn:aws:iam::{box.account_id}:role/nobody"))
    assert found.field == "role"
    assert "no such role" in found.message.lower()


def test_a_role_whose_path_is_left_out(planned: Planned, box: Sandbox) -> None:
    trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}]}'
    made = box.client("iam").create_role(RoleName="deep", Path="/a/", AssumeRolePolicyDocument=trust)["Role"]
    found = check(planned(role=made["Arn"].replace("/a/deep", "/deep")), "role", "will fail")
    assert made["Arn"] in found.message


def test_a_role_that_sagemaker_may_not_assume(planned: Planned, box: Sandbox) -> None:
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}'
    role = box.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    assert check(planned(role=role), "role", "warning").field == "role"


def test_what_may_not_be_asked_cannot_be_told(planned: Planned, box: Sandbox) -> None:
    box.control.fail("GetRole", "AccessDeniedException")
    box.control.fail("HeadBucket", "AccessDeniedException")
    made = planned()
    assert made.can_run
    assert check(made, "role").status == "cannot tell"
    assert "iam:GetRole" in check(made, "role").message + check(made, "role").advice
    assert check(made, "bucket").status == "cannot tell"
    assert box.bucket in check(made, "bucket").message


def test_a_bucket_that_is_missing_will_be_created(
    planned: Planned, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {PythonSDK: {Modules: {Session: {DefaultS3Bucket: not-there-yet}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned()
    assert made.can_run
    assert "will be created: not-there-yet" in check(made, "bucket").message
    assert "not-there-yet" not in str(box.client("s3").list_buckets()["Buckets"])


def test_the_default_bucket_is_the_sdks(
    planned: Planned, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("SAGEMAKER_USER_CONFIG_OVERRIDE", "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"):
        monkeypatch.setenv(variable, "/dev/null")
    made = planned()
    assert made.record_uri.startswith(f"s3://sagemaker-{box.region}-{box.account_id}/smext/")


def test_without_an_identity_the_account_comes_from_the_role(
    planned: Planned, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("SAGEMAKER_USER_CONFIG_OVERRIDE", "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"):
        monkeypatch.setenv(variable, "/dev/null")
    box.control.fail("GetCallerIdentity", "AccessDeniedException")
    assert planned().record_uri.startswith(f"s3://sagemaker-{box.region}-{box.account_id}/smext/")


def test_a_call_that_never_answers_cannot_be_told(planned: Planned, box: Sandbox) -> None:
    box.control.hang("GetRole")
    made = planned(limits=Limits(patience_seconds=1.0))
    assert made.can_run
    assert "no answer in time" in check(made, "role").message
    assert check(made, "role").status == "cannot tell"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("ExpiredTokenException", errors.Expired), ("UnrecognizedClientException", errors.NoCredentials)],
)
def test_credentials_that_aws_refuses(
    planned: Planned, box: Sandbox, code: str, kind: type[errors.SmextError]
) -> None:
    box.control.fail("*", code)
    with pytest.raises(kind) as caught:
        planned()
    assert caught.value.advice


def test_no_credentials(box: Sandbox, request_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    account = Account(Target(id="nobody", label="nobody"))
    with pytest.raises(errors.NoCredentials):
        plan(account, request_of(), None, LIMITS)
    account.close()


def test_no_region(box: Sandbox, request_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    account = Account(Target(id="nowhere", label="nowhere"))
    with pytest.raises(errors.NoRegion):
        plan(account, request_of(), None, LIMITS)
    account.close()


def test_cells_that_are_to_be_skipped_are_not_counted(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Callable[..., NotebookDocument],
    root: Path,
) -> None:
    notebook = document("1", ("skip-execution", "2"))
    made = plan(account, request_of(notebook), root, Limits())
    assert next(each.message for each in made.checks if each.name == "notebook").startswith("1 cell runs")
    alone = plan(account, request_of(document(("skip-execution", "2"))), root, Limits())
    assert not alone.can_run
