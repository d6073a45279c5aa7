"""Tags, spot machines, machines that are kept, retries and a most in money: in the request, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import Check, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.launch import Limits, plan
from smext.launch.checks.botocore_model import violations

Planned = Callable[..., Plan]
KINDS = ["training", "processing"]


@pytest.fixture
def planned(
    account: Account, request_of: Callable[..., LaunchRequest], document: Callable[..., NotebookDocument]
) -> Iterator[Planned]:
    def make(source: str = "x = 1", **form: Any) -> Plan:
        made = plan(account, request_of(document(source), **form), None, Limits())
        assert violations(made.operation, made.request) == [] or not made.can_run
        return made

    forget(account)
    yield make
    forget(account)


def check(made: Plan, name: str) -> Check:
    return next(each for each in made.checks if each.name == name)


@pytest.mark.parametrize("kind", KINDS)
def test_tags_of_the_form_are_sent_and_ours_stay(planned: Planned, kind: str) -> None:
    made = planned(job_kind=kind, tags={"team": "blue"})
    tags = {tag["Key"]: tag["Value"] for tag in made.request["Tags"]}
    assert tags["team"] == "blue"
    assert "smext:run" in tags
    assert check(planned(tags={"smext:run": "x"}), "tags").status == "will fail"
    assert not planned(tags={"aws:x": "x"}).can_run


def test_spot_always_has_an_end_and_is_warned_of_without_checkpoints(planned: Planned) -> None:
    made = planned(job_kind="training", spot=True, max_runtime_seconds=3600)
    assert made.request["EnableManagedSpotTraining"] is True
    assert made.request["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}
    assert check(made, "spot").status == "warning"
    assert "spot training job" in check(made, "quota").message
    made = planned(
        "open('/opt/ml/checkpoints/state', 'w')", job_kind="training", spot=True, max_wait_seconds=60
    )
    assert made.request["StoppingCondition"]["MaxWaitTimeInSeconds"] == 3600
    assert check(made, "spot").field == "max_wait_seconds"
    assert check(planned("'/opt/ml/checkpoints'", job_kind="training", spot=True), "spot").status == "ok"
    assert not planned(job_kind="processing", spot=True).can_run


def test_without_spot_nothing_of_it_is_sent(planned: Planned) -> None:
    made = planned(job_kind="training", max_wait_seconds=7200)
    assert "MaxWait" not in str(made.request)
    assert "Spot" not in str(made.request)
    assert "KeepAlive" not in str(made.request)


def test_machines_that_are_kept_cost(planned: Planned) -> None:
    plain = planned(job_kind="training")
    made = planned(job_kind="training", keep_alive_seconds=1800)
    assert made.request["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 1800
    assert made.max_usd is not None
    assert plain.max_usd is not None
    assert made.usd_per_hour is not None
    assert made.max_usd == pytest.approx(plain.max_usd + made.usd_per_hour / 2)
    found = check(made, "warm pool")
    assert (found.status, "for 30 minutes" in found.message, "$" in found.message) == ("warning", True, True)
    assert not planned(job_kind="training", keep_alive_seconds=60, spot=True).can_run
    assert not planned(job_kind="processing", keep_alive_seconds=60).can_run


@pytest.mark.parametrize(
    ("instance_type", "status"),
    [("ml.c5.xlarge", "ok"), ("ml.g5.12xlarge", "will fail"), ("ml.x9.large", "cannot tell")],
)
def test_machines_that_are_kept_have_a_quota_of_their_own(
    planned: Planned, instance_type: str, status: str
) -> None:
    made = planned(job_kind="training", keep_alive_seconds=60, instance_type=instance_type)
    [found] = [
        each for each in made.checks if "training warm pool" in each.message or "are kept: " in each.message
    ]
    assert (found.name, found.status) == ("quota", status)


# --- retries ------------------------------------------------------------------------------------


def test_sagemaker_begins_anew_as_often_as_it_is_told(planned: Planned) -> None:
    made = planned(job_kind="training", retries=3)
    assert made.request["RetryStrategy"] == {"MaximumRetryAttempts": 3}
    assert "RetryStrategy" not in planned(job_kind="training").request
    refused = planned(job_kind="processing", retries=3)
    assert (refused.can_run, check(refused, "retries").field) == (False, "retries")
    assert "RetryStrategy" not in refused.request


# --- a most in money ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_run_may_cost_becomes_its_longest_run(planned: Planned, kind: str) -> None:
    made = planned(job_kind=kind, max_usd=1.0, instance_count=2, max_runtime_seconds=60)
    seconds = made.request["StoppingCondition"]["MaxRuntimeInSeconds"]
    assert made.usd_per_hour is not None
    assert made.max_usd is not None
    assert seconds == int(3600 / made.usd_per_hour)
    assert made.max_runtime_seconds == seconds
    assert 0.99 < made.max_usd <= 1.0
    found = check(made, "cost")
    assert (found.status, found.field) == ("ok", "max_usd")


def test_machines_that_are_kept_are_paid_from_it_too(planned: Planned) -> None:
    made = planned(job_kind="training", max_usd=1.0, keep_alive_seconds=1800)
    assert made.max_usd is not None
    assert made.max_usd <= 1.0
    plain = planned(job_kind="training", max_usd=1.0)
    assert made.max_runtime_seconds == plain.max_runtime_seconds - 1800


def test_the_shortest_run_may_cost_more_and_is_said_to(planned: Planned) -> None:
    made = planned(max_usd=0.0001)
    assert made.max_runtime_seconds == 60
    found = check(made, "cost")
    assert (found.status, found.field) == ("warning", "max_usd")
    assert made.max_usd is not None
    assert f"${made.max_usd:.2f}" in found.message


def test_no_amount_runs_longer_than_an_account_may(planned: Planned) -> None:
    made = planned(instance_type="ml.t3.medium", max_usd=10_000.0)
    assert made.request["StoppingCondition"]["MaxRuntimeInSeconds"] == 432_000
    assert check(made, "cost").status == "ok"


def test_without_a_price_it_cannot_be_told(planned: Planned) -> None:
    made = planned(instance_type="ml.x99.large", max_usd=1.0, max_runtime_seconds=1234)
    found = check(made, "cost")
    assert (found.status, found.field) == ("cannot tell", "max_usd")
    assert made.request["StoppingCondition"]["MaxRuntimeInSeconds"] == 1234
    assert "1234" in found.message


def test_spot_waits_by_the_run_that_is_paid_for(planned: Planned) -> None:
    made = planned(job_kind="training", spot=True, max_usd=1.0)
    stopping = made.request["StoppingCondition"]
    assert stopping["MaxWaitTimeInSeconds"] == 2 * stopping["MaxRuntimeInSeconds"]
