"""What an administrator fixed and forbade holds in the plan and when it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Check, LaunchForm, LaunchRequest, Plan
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.launch.form.settings import limits_of
from smext.pricing import Rate
from smext.sandbox import Sandbox

Asked = Callable[..., LaunchRequest]


def limits(**given: Any) -> Limits:
    made = limits_of(given)
    assert made.problems == ()
    return made


def failing(made: Plan) -> list[Check]:
    return [check for check in made.checks if check.status == "will fail"]


def test_a_type_that_is_not_allowed_fails_with_those_that_are(
    account: Account, box: Sandbox, request_of: Asked, root: Path
) -> None:
    rules = limits(instance_types=["ml.m5.*", "ml.t3.*"])
    assert failing(plan(account, request_of(), root, rules)) == []
    [check] = failing(plan(account, request_of(instance_type="ml.c5.xlarge"), root, rules))
    assert check.field == "instance_type"
    assert "ml.m5.*, ml.t3.*" in check.advice
    with pytest.raises(errors.Invalid, match=r"does not allow this type: ml\.c5\.xlarge") as caught:
        apply(account, request_of(name="a-1", instance_type="ml.c5.xlarge"), root, rules)
    assert caught.value.field == "instance_type"
    assert "CreateProcessingJob" not in box.control.calls


def test_a_launch_that_may_cost_too_much_fails(account: Account, request_of: Asked, root: Path) -> None:
    rules = limits(max_usd=0.5)
    assert failing(plan(account, request_of(), root, rules)) == []
    [check] = failing(plan(account, request_of(max_runtime_seconds=36000), root, rules))
    assert (check.field, "$2.30" in check.message, "$0.50" in check.message) == (
        "max_runtime_seconds",
        True,
        True,
    )


def test_the_machines_that_are_kept_count_too(account: Account, request_of: Asked, root: Path) -> None:
    asked = request_of(job_kind="training", keep_alive_seconds=3600)
    assert len(failing(plan(account, asked, root, limits(max_usd=0.3)))) == 1
    assert failing(plan(account, asked, root, limits(max_usd=0.5))) == []


def test_a_launch_without_a_price_fails_where_there_is_a_limit(
    account: Account, request_of: Asked, root: Path
) -> None:
    def unknown(*_: str) -> Rate:
        return Rate(None, "no price", "unknown")

    [check] = failing(plan(account, request_of(), root, limits(max_usd=9), rate=unknown))
    assert (check.field, "no price" in check.message) == ("instance_type", True)


def test_the_plan_shows_the_price_that_it_is_given(account: Account, request_of: Asked, root: Path) -> None:
    def dear(*_: str) -> Rate:
        return Rate(7.0, "here", "2026-01-01")

    made = plan(account, request_of(instance_count=2), root, Limits(), rate=dear)
    assert (made.usd_per_hour, made.max_usd) == (14.0, 14.0)
    assert made.price is not None
    assert made.price.source == "here"


def test_a_tag_that_is_wanted_must_have_a_value(account: Account, request_of: Asked, root: Path) -> None:
    rules = limits(required_tags=["team", "cost"])
    [check] = failing(plan(account, request_of(tags={"team": "a", "cost": " "}), root, rules))
    assert (check.field, check.message.rpartition(" ")[2]) == ("tags", "cost")
    assert failing(plan(account, request_of(tags={"team": "a", "cost": "b"}), root, rules)) == []


def test_what_is_fixed_wins_whatever_is_asked_for(
    account: Account, box: Sandbox, request_of: Asked, root: Path
) -> None:
    fixed = {
        "subnets": ["subnet-0a"],
        "security_groups": ["sg-0a"],
        "kms_key": "alias/team",
        "network_isolation": True,
        "volume_gb": 77,
        "tags": {"team": "a"},
        "role": box.role_arn,
        "spot": True,
    }
    rules = limits(fixed=fixed)
    asked = request_of(subnets=["subnet-0b"], volume_gb=5, tags={"team": "b", "mine": "c"})
    made = plan(account, asked, root, rules)
    cluster = made.request["ProcessingResources"]["ClusterConfig"]
    assert (cluster["VolumeSizeInGB"], cluster["VolumeKmsKeyId"]) == (77, "alias/team")
    network = made.request["NetworkConfig"]
    assert network["VpcConfig"] == {"Subnets": ["subnet-0a"], "SecurityGroupIds": ["sg-0a"]}
    assert network["EnableNetworkIsolation"] is True
    tags = {tag["Key"]: tag["Value"] for tag in made.request["Tags"]}
    assert (tags["team"], tags["mine"]) == ("a", "c")
    said = {check.field for check in made.checks if check.name == "settings"}
    assert {"subnets", "volume_gb", "tags"} <= said


def test_a_longest_run_that_is_fixed_is_not_undone_by_a_cost(
    account: Account, request_of: Asked, root: Path
) -> None:
    made = plan(account, request_of(max_usd=50), root, limits(fixed={"max_runtime_seconds": 120}))
    assert made.max_runtime_seconds == 120


def test_the_fixed_kind_of_job_is_the_one_that_is_created(
    account: Account, box: Sandbox, request_of: Asked, root: Path
) -> None:
    rules = limits(fixed={"job_kind": "training"})
    launched = apply(account, request_of(name="fixed-kind-1"), root, rules)
    assert launched.kind == "training-job"
    assert apply(account, request_of(name="fixed-kind-1"), root, rules).existed


@pytest.mark.parametrize("setting", [{"max_usd": "lots"}, {"fixed": {"nothing": 1}}])
def test_settings_that_make_no_sense_keep_everything_from_running(
    account: Account, request_of: Asked, root: Path, setting: dict[str, Any]
) -> None:
    rules = limits_of(setting)
    [check] = failing(plan(account, request_of(), root, rules))
    assert (check.name, check.message) == ("settings", rules.problems[0].message)
    with pytest.raises(errors.Invalid):
        apply(account, request_of(name="a-2"), root, rules)


def test_nothing_fixed_changes_nothing() -> None:
    form = LaunchForm(tags={"a": "b"}, spot=True)
    assert Limits().applied(form) == form
