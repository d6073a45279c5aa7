"""What this server cannot find by its path is sent by its content alone, and never taken for something else of that name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Check, DefaultsRequest, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.launch import Limits, apply, defaults, plan
from smext.launch.notebook.content import contents_path, file_name
from smext.sandbox import Sandbox

Make = Callable[..., LaunchRequest]
Notebook = Callable[..., NotebookDocument]
LIMITS = Limits()


def of_files(made: Plan) -> list[Check]:
    return [each for each in made.checks if each.name == "files"]


@pytest.fixture
def planned(account: Account, request_of: Make, document: Notebook, root: Path) -> Callable[..., Plan]:
    def make(path: str, *sources: str, **form: Any) -> Plan:
        return plan(account, request_of(document(*sources, path=path), **form), root, LIMITS)

    return make


ALONE = {
    "Bucket:analysis/churn.ipynb": "it is on another drive, Bucket,",
    "Bucket:churn.ipynb": "it is on another drive, Bucket,",
    "my-s3.2:/analysis/churn.ipynb": "it is on another drive, my-s3.2,",
    "analysis/renamed.ipynb": "this server finds no file at its path: analysis/renamed.ipynb",
    "elsewhere/churn.ipynb": "this server finds no file at its path: elsewhere/churn.ipynb",
    "Untitled": "this server finds no file at its path: Untitled",
    "analysis": "this server finds no file at its path: analysis",
    "": "this server finds no file at its path",
}


@pytest.mark.parametrize("path", ALONE)
def test_nothing_goes_along_with_what_is_not_found_and_that_is_said(
    planned: Callable[..., Plan], root: Path, path: str
) -> None:
    (root / "features.py").write_text("Y = 2\n")
    made = planned(path, "import features")
    assert (made.files, made.file_count) == ([], 0)
    assert not any(upload.name.startswith("files") for upload in made.uploads)
    [said] = of_files(made)
    assert said.status == "warning"
    assert ALONE[path] in said.message
    assert "bucket" not in made.name.lower()
    assert made.can_run


def test_chosen_files_of_it_are_refused(planned: Callable[..., Plan]) -> None:
    made = planned("Bucket:analysis/churn.ipynb", include_files=False, files=["data.csv"])
    [said] = of_files(made)
    assert (said.status, said.field) == ("will fail", "files")
    assert not made.can_run
    assert not planned("Bucket:analysis/churn.ipynb", requirements="requirements.txt").can_run


@pytest.mark.parametrize(
    "path", ["analysis/churn.ipynb", "RTC:analysis/churn.ipynb", "/analysis/churn.ipynb"]
)
def test_the_servers_own_files_go_along(planned: Callable[..., Plan], path: str) -> None:
    assert planned(path).files == ["data.csv", "lib/features.py"]


def test_a_file_of_the_server_may_be_named_as_if_on_a_drive(planned: Callable[..., Plan], root: Path) -> None:
    (root / "Bucket:x").mkdir()
    for name in ("churn.ipynb", "beside.csv"):
        (root / "Bucket:x" / name).write_text("{}")
    assert planned("Bucket:x/churn.ipynb").files == ["beside.csv"]


def test_nothing_of_the_servers_file_of_that_name_is_taken_over(
    account: Account, box: Sandbox, request_of: Make, document: Notebook, root: Path
) -> None:
    here, there = document(), document(path="Bucket:analysis/churn.ipynb")
    apply(account, request_of(here, "churn-1", instance_type="ml.c5.xlarge"), root, LIMITS)
    (root / "analysis" / "requirements.txt").touch()

    opened = defaults(account, DefaultsRequest(notebook=here), root, LIMITS)
    assert opened.form.instance_type == "ml.c5.xlarge"
    assert any(each.remembered for each in opened.sources)
    opened = defaults(account, DefaultsRequest(notebook=there), root, LIMITS)
    assert not any(each.remembered for each in opened.sources)
    assert opened.requirement_files == []

    launched = apply(account, request_of(there, "churn-2", instance_type="ml.m5.large"), root, LIMITS)
    job = box.client("sagemaker").describe_processing_job(ProcessingJobName=launched.name)
    assert job["Environment"]["SMEXT_NOTEBOOK"] == "Bucket:analysis/churn.ipynb"
    key = f"smext/{launched.name}/input/run.json"
    told = json.loads(box.client("s3").get_object(Bucket=box.bucket, Key=key)["Body"].read())
    assert told["notebook"] == "churn.ipynb"
    assert (
        defaults(account, DefaultsRequest(notebook=there), root, LIMITS).form.instance_type == "ml.m5.large"
    )
    assert (
        defaults(account, DefaultsRequest(notebook=here), root, LIMITS).form.instance_type == "ml.c5.xlarge"
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Bucket:churn.ipynb", "churn.ipynb"),
        ("RTC:a/churn.ipynb", "churn.ipynb"),
        ("Note: churn.ipynb", "Note: churn.ipynb"),
        ("a/10:30.ipynb", "10:30.ipynb"),
        ("Bucket:", "Bucket:.ipynb"),
        ("", "Untitled.ipynb"),
        ("  ", "Untitled.ipynb"),
        (" a.ipynb", " a.ipynb"),
        (" drafts/ a.ipynb", " a.ipynb"),
        ("Bucket: a.ipynb", "Bucket: a.ipynb"),
    ],
)
def test_its_name_has_no_drive(document: Notebook, path: str, name: str) -> None:
    assert file_name(document(path=path)) == name


@pytest.mark.parametrize("path", ["../a.ipynb", "Bucket:../a.ipynb", "RTC:../a.ipynb", "a\0.ipynb"])
def test_a_path_that_leads_nowhere_is_refused(document: Notebook, path: str) -> None:
    with pytest.raises(errors.Invalid, match="leaves the server's folder"):
        contents_path(document(path=path))
