"""Where each default comes from, and who comes before whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.api import DefaultsRequest, LaunchDefaults, LaunchForm, NotebookDocument
from smext.aws.account import Account
from smext.launch import Limits, defaults
from smext.launch.form import last_used
from smext.launch.form.last_used import FormKey
from smext.launch.form.settings import limits_of
from smext.pricing import Rate
from smext.sandbox import Sandbox

Notebook = Callable[..., NotebookDocument]


@pytest.fixture(autouse=True)
def metadata(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This is the space of maria."""
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps({"UserProfileName": "maria", "ExecutionRoleArn": box.role_arn}))
    monkeypatch.setenv("RESOURCE_METADATA_FILE", str(path))
    return path


@pytest.fixture
def opened(account: Account, document: Notebook, root: Path) -> Callable[..., LaunchDefaults]:
    """Open the form of a notebook with this metadata, these settings of the user and of the administrator."""

    def open_(
        own: Any = None,
        preferred: dict[str, Any] | None = None,
        rules: dict[str, Any] | None = None,
        path: str = "analysis/churn.ipynb",
        **more: Any,
    ) -> LaunchDefaults:
        notebook = document(path=path)
        if own is not None:
            notebook.content["metadata"]["smext"] = {"launch": own}
        request = DefaultsRequest(notebook=notebook, preferred=preferred or {})
        return defaults(account, request, root, limits_of(rules or {}), **more)

    return open_


Opened = Callable[..., LaunchDefaults]


def source(found: LaunchDefaults, name: str) -> str:
    [one] = [each for each in found.sources if each.field == name]
    return one.source


def remembered(box: Sandbox, path: str = "analysis/churn.ipynb", **form: Any) -> None:
    """A launch of this notebook by who sits here, as apply keeps it."""
    place = f"{box.account_id}/{box.region}"
    last_used.keep(FormKey(path, "maria", place), LaunchForm(**form), "")


def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **section: Any) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(json.dumps({"SageMaker": {"ProcessingJob": section}}))
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))


def test_who_comes_first_decides(
    box: Sandbox, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in turn gives the same member; whoever is taken away leaves it to the next."""
    configured(
        tmp_path,
        monkeypatch,
        NetworkConfig={"VpcConfig": {"Subnets": ["subnet-7"], "SecurityGroupIds": ["sg-7"]}},
    )
    own = {"subnets": ["subnet-2"], "security_groups": ["sg-2"]}
    remembered(box, "other.ipynb", subnets=["subnet-5"], security_groups=["sg-5"])
    remembered(box, subnets=["subnet-3"], security_groups=["sg-3"])
    remembered(box, "other.ipynb", subnets=["subnet-5"], security_groups=["sg-5"])
    preferred = {"subnets": ["subnet-4"], "security_groups": ["sg-4"]}
    rules = {
        "fixed": {"subnets": ["subnet-1"], "security_groups": ["sg-1"]},
        "defaults": {"subnets": ["subnet-6"], "security_groups": ["sg-6"]},
    }
    only = {"defaults": rules["defaults"]}
    new = {"path": "new.ipynb"}
    seen = [
        (opened(own, preferred, rules), "set by your administrator (fixed)"),
        (opened(own, preferred, only), "this notebook"),
        (opened(None, preferred, only), "as last time"),
        (opened(None, preferred, only, **new), "your settings"),
        (opened(None, None, only, **new), "as in your last launch"),
    ]
    (tmp_path / "data" / "smext" / "launches.json").unlink()
    seen += [
        (opened(None, None, only, **new), "set by your administrator"),
        (opened(None, None, None, **new), "SDK config (ProcessingJob.NetworkConfig.VpcConfig)"),
    ]
    for number, (found, told) in enumerate(seen, start=1):
        assert found.form.subnets == [f"subnet-{number}"]
        assert found.form.security_groups == [f"sg-{number}"]
        assert source(found, "subnets") == told
        [of_this_notebook] = [each.remembered for each in found.sources if each.field == "subnets"]
        assert of_this_notebook == (told == "as last time")
        assert found.problems == []


def test_only_what_is_fixed_is_marked_so(opened: Opened) -> None:
    found = opened(rules={"fixed": {"volume_gb": 50}, "defaults": {"retries": 2}})
    assert [each.field for each in found.sources if each.fixed] == ["volume_gb"]


def test_a_notebooks_own_settings_travel_with_it(opened: Opened) -> None:
    found = opened({"instance_type": "ml.m5.2xlarge", "max_usd": 3, "requirements": "requirements.txt"})
    form = found.form
    assert (form.instance_type, form.max_usd, form.requirements) == ("ml.m5.2xlarge", 3, "requirements.txt")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"instance": "ml.m5.large"}, "no such member"),
        ({"instance_count": "many"}, "instance_count"),
        ([1], "not a mapping"),
        ("x", "not a mapping"),
    ],
)
def test_what_a_notebook_says_wrongly_is_named_and_the_form_opens(
    opened: Opened, own: Any, said: str
) -> None:
    found = opened(own)
    [problem] = found.problems
    assert said in problem.message
    assert "smext.launch" in problem.message
    assert found.form.instance_count == 1


def test_the_users_settings_are_checked_as_well(opened: Opened) -> None:
    [problem] = opened(preferred={"volume_gb": -1}).problems
    assert (problem.field, "your settings" in problem.message) == ("volume_gb", True)


def test_the_kind_of_job_takes_only_what_it_can(box: Sandbox, opened: Opened) -> None:
    remembered(
        box,
        job_kind="training",
        spot=True,
        keep_alive_seconds=60,
        retries=2,
        inputs=[{"name": "a", "uri": "s3://b/c", "mode": "FastFile"}],
        max_runtime_seconds=20 * 86400,
    )
    assert opened().form.spot
    found = opened({"job_kind": "processing"}).form
    assert (found.spot, found.keep_alive_seconds, found.retries, found.inputs) == (False, 0, 0, [])
    assert found.max_runtime_seconds == 3600


def test_a_kind_that_was_chosen_has_its_own_defaults(
    account: Account,
    document: Callable[..., NotebookDocument],
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configured(tmp_path, monkeypatch, RoleArn="arn:aws:iam::123456789012:role/of-processing")
    own = {"launch": {"job_kind": "processing", "outputs": [{"name": "made"}]}}
    notebook = document()
    notebook.content["metadata"]["smext"] = own

    def opened(**chosen: Any) -> LaunchDefaults:
        request = DefaultsRequest(notebook=notebook, **chosen)
        return defaults(account, request, root, limits_of({}))

    assert (opened().form.job_kind, len(opened().form.outputs)) == ("processing", 1)
    assert opened().form.role.endswith("of-processing")
    found = opened(job_kind="training").form
    assert (found.job_kind, found.outputs) == ("training", [])
    assert not found.role.endswith("of-processing")


def test_another_notebook_opens_with_the_machine_but_not_with_the_rest(box: Sandbox, opened: Opened) -> None:
    remembered(
        box, "other.ipynb", instance_type="ml.m5.4xlarge", instance_count=4, volume_gb=99, files=["../x"]
    )
    form = opened().form
    assert form.instance_type == "ml.m5.4xlarge"
    assert (form.instance_count, form.volume_gb, form.files) == (1, 30, [])


def test_who_caps_the_cost_has_decided_on_the_time(box: Sandbox, opened: Opened) -> None:
    remembered(box, max_usd=5)
    found = opened({"max_runtime_seconds": 600}).form
    assert (found.max_runtime_seconds, found.max_usd) == (600, None)


def test_tags_come_together_from_everybody(box: Sandbox, opened: Opened) -> None:
    remembered(box, "other.ipynb", tags={"team": "blue", "idea": "x"})
    rules = {"fixed": {"tags": {"cost": "1"}}, "required_tags": ["team"]}
    found = opened({"tags": {"paper": "2", "cost": "9"}}, rules=rules)
    assert found.form.tags == {"cost": "1", "paper": "2", "team": "blue"}
    assert found.required_tags == ["team"]
    assert source(found, "tags").startswith("set by your administrator (fixed); this notebook")


def test_a_type_that_is_not_allowed_is_never_proposed(box: Sandbox, opened: Opened) -> None:
    remembered(box, instance_type="ml.p3.2xlarge")
    found = opened(rules={"instance_types": ["ml.t3.*", "ml.m5.4xlarge"]})
    assert found.form.instance_type == "ml.t3.medium"
    assert source(found, "instance_type") == "the cheapest that your administrator allows"
    offered = {each.name for choices in found.instances.values() for each in choices}
    assert offered
    assert all(name.startswith("ml.t3.") or name == "ml.m5.4xlarge" for name in offered)
    [problem] = opened({"instance_type": "ml.p3.2xlarge"}, rules={"instance_types": ["ml.t3.*"]}).problems
    assert problem.field == "instance_type"


def test_settings_of_an_administrator_that_make_no_sense_are_said(opened: Opened) -> None:
    [problem] = opened(rules={"max_usd": "much"}).problems
    assert "SmextApp.max_usd" in problem.message


def test_prices_are_those_that_are_given(opened: Opened) -> None:
    def dear(*_: str) -> Rate:
        return Rate(7.0, "here", "2026-01-01")

    found = opened(rate=dear)
    assert {each.usd_per_hour for each in found.instances["training"]} == {7.0}
    assert found.price is not None
    assert found.price.source == "here"


def test_the_sdks_files_give_keys_tags_and_variables(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = {"ClusterConfig": {"VolumeKmsKeyId": "alias/a"}}
    configured(
        tmp_path,
        monkeypatch,
        Environment={"A": 1},
        Tags=[{"Key": "team", "Value": "x"}],
        NetworkConfig={"EnableNetworkIsolation": True},
        ProcessingOutputConfig={"KmsKeyId": "alias/a"},
        ProcessingResources=cluster,
    )
    form = opened().form
    assert (form.environment, form.tags) == ({"A": "1"}, {"team": "x"})
    assert (form.network_isolation, form.kms_key) == (True, "alias/a")
    # The form has one key for both: where they differ the files say each.
    configured(tmp_path, monkeypatch, ProcessingOutputConfig={"KmsKeyId": "alias/b"})
    assert opened().form.kms_key == ""


def in_domain(box: Sandbox, metadata: Path, access: str, groups: list[str]) -> None:
    """From now on the space is in a new domain."""
    arn = box.client("sagemaker").create_domain(
        DomainName="studio",
        AuthMode="IAM",
        AppNetworkAccessType=access,
        DefaultUserSettings={"ExecutionRole": box.role_arn, "SecurityGroups": groups},
        SubnetIds=["subnet-0a", "subnet-0b"],
        VpcId="vpc-0a",
    )["DomainArn"]
    found = json.loads(metadata.read_text()) | {"DomainId": arn.rpartition("/")[2]}
    metadata.write_text(json.dumps(found))


def test_a_domain_that_is_vpc_only_lends_its_network(box: Sandbox, opened: Opened, metadata: Path) -> None:
    in_domain(box, metadata, "VpcOnly", ["sg-0a"])
    found = opened()
    assert (found.form.subnets, found.form.security_groups) == (["subnet-0a", "subnet-0b"], ["sg-0a"])
    assert source(found, "subnets") == "the network of the domain (VPC only)"
    assert opened({"subnets": ["subnet-9"], "security_groups": ["sg-9"]}).form.subnets == ["subnet-9"]


def test_a_network_that_was_lent_is_not_taken_for_a_choice(
    box: Sandbox, opened: Opened, metadata: Path
) -> None:
    in_domain(box, metadata, "VpcOnly", ["sg-0a"])
    first = opened()
    remembered(box, **first.form.model_dump())
    assert source(opened(), "role") == "from this space"
    in_domain(box, metadata, "VpcOnly", ["sg-0b"])
    again = opened()
    assert (again.form.security_groups, again.form.role) == (["sg-0b"], first.form.role)


def test_any_other_domain_lends_none(box: Sandbox, opened: Opened, metadata: Path) -> None:
    in_domain(box, metadata, "PublicInternetOnly", ["sg-0a"])
    assert opened().form.subnets == []
    in_domain(box, metadata, "VpcOnly", [])
    assert opened().form.subnets == []


def test_a_domain_that_may_not_be_looked_at_gives_no_default_and_no_problem(
    box: Sandbox, opened: Opened, metadata: Path
) -> None:
    in_domain(box, metadata, "VpcOnly", ["sg-0a"])
    box.control.fail("DescribeDomain", "AccessDeniedException")
    found = opened()
    assert (found.form.subnets, found.problems) == ([], [])


def test_lists_of_packages_are_found_beside_and_above(opened: Opened, root: Path) -> None:
    folder = root / "analysis"
    for path in ("requirements.txt", "requirements-dev.txt", "environment.yml", "notes.txt"):
        (folder / path).touch()
    (root / "pyproject.toml").touch()
    (root / "uv.lock").mkdir()
    (root.parent / "requirements.txt").touch()
    assert opened().requirement_files == [
        "environment.yml",
        "requirements-dev.txt",
        "requirements.txt",
        "../pyproject.toml",
    ]
    assert opened(path="nowhere/else.ipynb").requirement_files == ["../pyproject.toml"]


def test_without_a_folder_there_are_no_lists(account: Account, document: Notebook) -> None:
    request = DefaultsRequest(notebook=document())
    assert defaults(account, request, None, Limits()).requirement_files == []
