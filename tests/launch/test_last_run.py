"""What a launch is likely to cost: as long as the notebook's last run on the same machines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.launch import Limits, apply, plan
from smext.sandbox import Sandbox

Planned = Callable[..., Plan]
PATH = "analysis/only-here.ipynb"


@pytest.fixture
def planned(
    account: Account, request_of: Callable[..., LaunchRequest], document: Callable[..., NotebookDocument]
) -> Iterator[Planned]:
    def make(path: str = PATH, run: bool = False, **form: Any) -> Plan:
        forget(account)
        made = plan(account, request_of(document("x = 1", path=path), **form), None, Limits())
        if run:
            apply(account, request_of(document("x = 1", path=path), made.name, **form), None, Limits())
        return made

    yield make
    forget(account)


def finish(box: Sandbox, made: Plan) -> None:
    """Let it begin, and end a little later."""
    box.control.advance(100)
    time.sleep(0.05)
    box.control.end(made.name)


def test_a_notebook_that_never_ran_has_no_likely_cost(planned: Planned) -> None:
    made = planned(path="never.ipynb")
    assert (made.likely_usd, made.likely_seconds, made.likely_why) == (None, None, "")


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_the_last_completed_run_on_this_type_is_the_measure(
    planned: Planned, box: Sandbox, kind: str
) -> None:
    path = f"{kind}.ipynb"
    first = planned(path, run=True, job_kind=kind)
    assert planned(path, job_kind=kind).likely_usd is None
    finish(box, first)
    made = planned(path, job_kind=kind)
    assert made.likely_seconds is not None
    assert 0 < made.likely_seconds < 60
    assert made.usd_per_hour is not None
    assert made.likely_usd == pytest.approx(made.usd_per_hour * made.likely_seconds / 3600)
    assert first.name in made.likely_why
    assert planned(path, job_kind=kind, instance_type="ml.m5.large").likely_usd is None
    assert planned(path, job_kind=kind, instance_count=2).likely_usd is None


def test_a_run_that_failed_is_no_measure(planned: Planned, box: Sandbox) -> None:
    failed = planned("fails.ipynb", run=True)
    box.control.advance(100)
    time.sleep(0.05)
    box.control.end(failed.name, "Failed", "broken")
    assert planned("fails.ipynb").likely_usd is None


@pytest.mark.parametrize("operation", ["GetResources", "DescribeProcessingJob"])
def test_what_may_not_be_asked_is_left_out(planned: Planned, box: Sandbox, operation: str) -> None:
    finish(box, planned(run=True))
    assert planned().likely_usd is not None
    box.control.fail(operation, "AccessDeniedException")
    made = planned()
    assert (made.likely_usd, made.can_run) == (None, True)
