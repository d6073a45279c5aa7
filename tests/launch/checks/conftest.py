"""Plans whose checks are looked at, however long they take on a busy machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import LaunchRequest, Plan
from smext.aws import account as aws
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.launch import Limits, plan
from smext.launch.checks import with_aws


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Return limits by which nothing is late: not what answers in time is tested, but what it says."""
    monkeypatch.setattr(with_aws, "PATIENCE_SECONDS", 600.0)
    return Limits(patience_seconds=600.0)


@pytest.fixture
def planned(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    unhurried: Limits,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Plan]]:
    """Make a plan of form members, with nothing known before."""
    monkeypatch.setattr(aws, "ATTEMPTS", 1)  # throttling is waited out elsewhere

    def make(**form: Any) -> Plan:
        forget(account)
        return plan(account, request_of(**form), None, unhurried)

    yield make
    forget(account)
