"""The form opens with every member filled, and says where each comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smext.api import DefaultsRequest, LaunchDefaults, LaunchForm, LaunchRequest, NotebookDocument, Target
from smext.aws.account import Account
from smext.launch import Limits, defaults, plan
from smext.launch.images import SPACE_IMAGE
from smext.sandbox import Sandbox

Notebook = Callable[..., NotebookDocument]
LIMITS = Limits()


def opened(account: Account, notebook: NotebookDocument) -> LaunchDefaults:
    return defaults(account, DefaultsRequest(notebook=notebook), None, LIMITS)


def sources(found: LaunchDefaults) -> dict[str, str]:
    return {each.field: each.source for each in found.sources}


def test_nothing_must_be_filled_in(account: Account, box: Sandbox, document: Notebook, root: Path) -> None:
    notebook = document(("parameters", "lr = 0.1  # rate"), "print(lr)")
    found = opened(account, notebook)
    assert found.problems == []
    assert found.form.role == box.role_arn
    assert found.form.image.endswith("-cpu")
    # What the notebook has itself is not set again.
    assert found.form.parameters == {}
    assert [(each.name, each.type, each.comment) for each in found.parameters] == [("lr", "float", "rate")]
    assert set(sources(found)) == set(LaunchForm.model_fields)
    assert all(sources(found).values())
    made = plan(account, LaunchRequest(notebook=notebook, form=found.form), root, LIMITS)
    assert [check for check in made.checks if check.status != "ok"] == []


@pytest.mark.parametrize("in_space", [True, False])
def test_another_kind_of_job_asks_nothing_again(
    account: Account, box: Sandbox, document: Notebook, monkeypatch: pytest.MonkeyPatch, in_space: bool
) -> None:
    if not in_space:
        monkeypatch.setenv("RESOURCE_METADATA_FILE", "/dev/null")
    defaults(account, DefaultsRequest(notebook=document(), job_kind="processing"), None, LIMITS)
    box.control.calls.clear()
    made = defaults(account, DefaultsRequest(notebook=document(), job_kind="training"), None, LIMITS)
    assert (made.form.job_kind, made.problems) == ("training", [])
    assert box.control.calls == []


def test_choices_are_offered_with_prices(account: Account, document: Notebook) -> None:
    found = opened(account, document())
    for kind in ("training", "processing"):
        prices = {each.name: each.usd_per_hour for each in found.instances[kind]}
        assert prices[found.form.instance_type] == pytest.approx(0.23)
        assert None in prices.values()
    assert found.form.image in [each.uri for each in found.images]
    assert found.price is not None


def test_the_image_is_the_spaces(
    account: Account, document: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SPACE_IMAGE, "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1")
    found = opened(account, document())
    assert found.form.image == "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
    assert "space" in sources(found)["image"]


def test_no_role_is_a_problem_with_a_way_out(
    account: Account, box: Sandbox, document: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESOURCE_METADATA_FILE", "/none")
    box.control.fail("GetCallerIdentity", "AccessDeniedException")
    found = opened(account, document())
    assert found.form.role == ""
    [problem] = found.problems
    assert (problem.code, problem.field) == ("not-found", "role")
    assert problem.advice


def test_expired_credentials_are_one_problem(account: Account, box: Sandbox, document: Notebook) -> None:
    box.control.fail("*", "ExpiredTokenException")
    found = opened(account, document(("parameters", "lr = 0.1")))
    assert [problem.code for problem in found.problems] == ["expired"]
    # What the notebook has itself is not set again.
    assert found.form.parameters == {}


def test_no_credentials_are_one_problem(
    box: Sandbox, document: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    account = Account(Target(id="nobody", label="nobody"))
    found = opened(account, document())
    account.close()
    assert [problem.code for problem in found.problems] == ["no-credentials"]


def test_no_region_is_one_problem(box: Sandbox, document: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable)
    account = Account(Target(id="nowhere", label="nowhere"))
    found = opened(account, document())
    account.close()
    assert [problem.code for problem in found.problems] == ["no-region"]
    assert found.instances["training"]


def test_parameters_of_the_notebooks_metadata_are_set_and_those_that_are_given_join_them(
    account: Account, document: Notebook
) -> None:
    notebook = document(("parameters", "lr = 1\nname = 'x'\ndepth = 2"))
    notebook.content["metadata"]["smext"] = {"launch": {"parameters": {"lr": 5, "name": "y"}}}
    request = DefaultsRequest(notebook=notebook)
    found = defaults(account, request, None, LIMITS, given={"parameters": {"name": "z"}})
    assert found.form.parameters == {"name": "z", "lr": 5}
    assert sources(found)["parameters.lr"] == "this notebook"
    assert sources(found)["parameters.name"] == "given"
    assert "parameters.depth" not in sources(found)


def test_a_form_opens_whatever_numbers_and_characters_the_notebook_has(
    account: Account, document: Notebook
) -> None:
    notebook = document(
        ("parameters", "a = 1e999\nb = 9007199254740993\nc = '\\ud800'\nd = '\ud800'\ne = {'10': 1.0}")
    )
    odd = {"x": float("nan"), "y": 2**60, "z": "\ud800"}
    notebook.content["metadata"]["smext"] = {"launch": {"parameters": odd}}
    found = opened(account, notebook)
    again = LaunchDefaults.model_validate_json(found.model_dump_json())
    assert repr(again.form.parameters) == repr(odd)
    assert [each.name for each in again.parameters] == ["a", "b", "c", "d", "e"]


def test_parameters_that_cannot_be_read_are_a_problem(account: Account, document: Notebook) -> None:
    found = opened(account, document(("parameters", "import os")))
    assert [problem.field for problem in found.problems] == ["parameters"]


def test_a_broken_config_is_a_problem_and_the_form_still_opens(
    account: Account, document: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("{")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    found = opened(account, document())
    [problem] = found.problems
    assert str(path) in problem.message
    assert found.form.role
