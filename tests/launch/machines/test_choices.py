"""The machines to choose from: cheapest first, with what the account may use of them; what is not told is null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import JobKind, Machine, Machines, Target
from smext.aws import background_list
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.aws.rate_limit import Budget
from smext.launch import Limits
from smext.launch.machines import catalog
from smext.launch.machines.choices import machines
from smext.pricing import Component, Rate
from smext.sandbox import Sandbox

LIMITS = Limits()
Look = Callable[..., Machines]


@pytest.fixture
def look(account: Account) -> Iterator[Look]:
    def at(
        kind: JobKind = "processing", limits: Limits = LIMITS, patience: float = 10.0, **how: Any
    ) -> Machines:
        return machines(account, kind, limits, patience=patience, **how)

    forget(account)
    background_list.forget(account)
    yield at
    forget(account)


@pytest.fixture
def west(box: Sandbox) -> Iterator[Account]:
    """The account in a region of which the dated table knows little."""
    made = Account(Target(id="w", label="w", region="us-west-2"), budget=Budget(1000, 1000))
    yield made
    made.close()


def named(found: Machines, name: str) -> Machine:
    [machine] = [each for each in found.machines if each.name == name]
    return machine


@pytest.fixture
def running(box: Sandbox) -> Iterator[Callable[[str, int], None]]:
    """Start training jobs that go on until the test ends."""
    client, names = box.client("sagemaker"), list[str]()

    def start(instance_type: str, count: int) -> None:
        name = f"busy-{len(names)}"
        client.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn=box.role_arn,
            OutputDataConfig={"S3OutputPath": f"s3://{box.bucket}/"},
            ResourceConfig={"InstanceType": instance_type, "InstanceCount": count, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )
        names.append(name)

    yield start
    for name in names:
        box.control.end(name)


def test_a_machine_tells_what_it_has_costs_and_may_be_used(
    look: Look, running: Callable[[str, int], None]
) -> None:
    running("ml.g5.xlarge", 1)
    found = look("training")
    assert found.ready
    assert found.problems == []
    machine = named(found, "ml.g5.xlarge")
    assert (machine.vcpus, machine.memory_gib, machine.gpus, machine.gpu) == (4, 16, 1, "A10G")
    assert machine.usd_per_hour == 1.41
    assert (machine.quota, machine.in_use) == (2, 1)
    assert machine.offered
    assert machine.allowed
    assert named(found, "ml.m5.xlarge").in_use == 0
    assert found.as_of.startswith("20")


def test_the_cheapest_is_first_and_what_has_no_price_last(look: Look) -> None:
    usd = [each.usd_per_hour for each in look().machines]
    known = [each for each in usd if each is not None]
    assert usd[: len(known)] == known == sorted(known)
    assert len(known) > 100


def test_each_kind_of_job_has_its_own_types_and_quotas(look: Look) -> None:
    training, processing = look("training"), look("processing")
    assert "ml.p4d.24xlarge" in {each.name for each in training.machines}
    assert "ml.p4d.24xlarge" not in {each.name for each in processing.machines}
    assert named(training, "ml.p5.48xlarge").quota == 0
    assert named(processing, "ml.m5.xlarge").quota == 15


def test_all_pages_of_quotas_are_read_once(look: Look, box: Sandbox) -> None:
    found = look()
    assert box.control.calls.count("ListServiceQuotas") >= 2, "the sandbox has more than one page"
    for name in ("ml.c5.2xlarge", "ml.p3.2xlarge", "ml.m5.xlarge", "ml.t3.large"):
        assert named(found, name).quota is not None, name
    box.control.calls.clear()
    look("training")
    assert "ListServiceQuotas" not in box.control.calls


def test_a_quota_that_aws_does_not_list_is_not_known(look: Look) -> None:
    assert named(look(), "ml.m7i.large").quota is None


def test_quotas_that_may_not_be_seen_are_unknown_and_said(look: Look, box: Sandbox) -> None:
    box.control.fail("ListServiceQuotas", "AccessDeniedException")
    found = look()
    assert found.ready
    assert all(each.quota is None for each in found.machines)
    [problem] = found.problems
    assert (problem.code, problem.permission) == ("denied", "servicequotas:ListServiceQuotas")
    assert named(found, "ml.m5.xlarge").in_use == 0


def test_what_came_before_a_refusal_is_kept(look: Look, box: Sandbox, account: Account) -> None:
    assert catalog.quotas(account, 10).ready
    known = catalog.quotas(account, 0).values
    assert known
    background_list._readings[account]["quotas"].at -= 2 * catalog.HOUR
    box.control.fail("ListServiceQuotas", "AccessDeniedException")
    found = look()
    assert [problem.code for problem in found.problems] == ["denied"]
    assert named(found, "ml.m5.xlarge").quota == known["ml.m5.xlarge for processing job usage"]


def test_nobody_waits_for_quotas(look: Look, box: Sandbox) -> None:
    box.control.hang("ListServiceQuotas")
    found = look(patience=0.2)
    assert not found.ready
    assert named(found, "ml.m5.xlarge").quota is None
    look(patience=0.05)
    assert box.control.calls.count("ListServiceQuotas") == 1, "the second look waits for the same answer"
    box.control.heal()
    found = look()
    assert found.ready
    assert named(found, "ml.m5.xlarge").quota == 15


def test_what_is_in_use_is_not_waited_for_either(look: Look, box: Sandbox) -> None:
    box.control.hang("ListTrainingJobs")
    found = look("training", patience=0.2)
    assert {each.in_use for each in found.machines} == {None}
    assert "what is in use" in found.problems[0].message


def test_what_is_in_use_may_be_hidden(look: Look, box: Sandbox) -> None:
    box.control.fail("ListProcessingJobs", "AccessDeniedException")
    found = look()
    assert {each.in_use for each in found.machines} == {None}
    assert named(found, "ml.m5.xlarge").quota == 15
    assert [problem.permission for problem in found.problems] == ["sagemaker:ListProcessingJobs"]


def test_what_an_administrator_forbids_is_marked(look: Look) -> None:
    found = look(limits=Limits(instance_types=("ml.m5.*",)))
    assert {each.name for each in found.machines if each.allowed} == {
        each.name for each in found.machines if each.name.startswith("ml.m5.")
    }


def test_the_price_list_tells_what_a_region_offers(look: Look, box: Sandbox) -> None:
    found = look("training")
    assert named(found, "ml.m5.xlarge").offered is True
    assert named(found, "ml.p2.xlarge").offered is False
    assert named(found, "ml.g5.xlarge").usd_per_hour == 1.41, "the Price List says so, the dated table 1.408"
    # One question for all types, not one for each.
    assert box.control.calls.count("GetProducts") <= 3


def test_regions_that_the_dated_table_hardly_knows_are_priced(west: Account) -> None:
    found = machines(west, "training", LIMITS, patience=10)
    assert len([each for each in found.machines if each.usd_per_hour is not None]) > 100


def test_without_the_price_list_the_dated_table_stands_in(look: Look, box: Sandbox) -> None:
    box.control.fail("GetProducts", "AccessDeniedException")
    found = look()
    assert [problem.permission for problem in found.problems] == ["pricing:GetProducts"]
    assert named(found, "ml.g5.xlarge").usd_per_hour == 1.408
    assert named(found, "ml.m5.xlarge").offered is True
    assert named(found, "ml.p2.xlarge").offered is False, "a long list of prices does not have it"


def test_a_short_list_of_prices_tells_nothing_of_what_it_lacks(box: Sandbox, west: Account) -> None:
    box.control.fail("GetProducts", "AccessDeniedException")
    found = machines(west, "training", LIMITS, patience=10)
    assert named(found, "ml.p2.xlarge").offered is None
    assert named(found, "ml.p2.xlarge").usd_per_hour is None


def test_another_source_of_prices_may_be_given(look: Look, box: Sandbox) -> None:
    def flat(component: Component, name: str, region: str) -> Rate:
        return Rate(2.0 if name == "ml.p2.xlarge" else None, "test", "2026-01-01")

    box.control.fail("GetProducts", "AccessDeniedException")
    found = look(rate=flat)
    assert found.machines[0].name == "ml.p2.xlarge"
    assert found.machines[0].offered, "it has a price"
    assert found.machines[1].usd_per_hour is None


def test_prices_are_not_waited_for_either(look: Look, box: Sandbox) -> None:
    box.control.hang("GetProducts")
    found = look(patience=0.2)
    assert not found.ready
    assert named(found, "ml.g5.xlarge").usd_per_hour == 1.408
    box.control.heal()
    assert look().ready


def test_credentials_that_are_no_good_leave_the_catalogue(look: Look, box: Sandbox) -> None:
    box.control.fail("*", "ExpiredTokenException")
    found = look()
    assert [problem.code for problem in found.problems] == ["expired"]
    assert named(found, "ml.m5.xlarge").vcpus == 4
