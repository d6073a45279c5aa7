"""A check is one file in the folder of checks: it is found there, and stands where it says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smext.api import LaunchRequest
from smext.aws.account import Account
from smext.launch import Limits, checks, plan
from smext.launch.checks.base import Offline, Online

FILE = """
from smext.api import check
from smext.launch.checks.base import Offline, Online, Question


def questions(context):
    return {"the moon": Question("moon", "role", lambda: [check("moon", "ok", context.account.region)])}


CHECKS = (
    Online(0, questions),
    Offline(15, lambda context: [check("sun", "warning", context.form.instance_type)]),
)
"""


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more file in the folder of checks."""
    (tmp_path / "added_by_a_test.py").write_text(FILE)
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    checks.registry.cache_clear()
    yield
    checks.registry.cache_clear()
    sys.modules.pop(f"{checks.__name__}.added_by_a_test", None)


def test_a_file_in_the_folder_is_a_check(
    added: None, account: Account, request_of: Callable[..., LaunchRequest]
) -> None:
    made = plan(account, request_of(instance_type="ml.m5.xlarge"), None, Limits())
    names = [each.name for each in made.checks]
    assert names[:3] == ["notebook", "sun", "kernel"]
    assert names[names.index("quota") - 1] == "moon"
    told = {each.name: (each.status, each.message) for each in made.checks}
    assert told["sun"] == ("warning", "ml.m5.xlarge")
    assert told["moon"] == ("ok", "us-east-1")


@pytest.mark.parametrize("kind", [Offline, Online])
def test_no_two_checks_claim_the_same_place(kind: type) -> None:
    orders = [each.order for each in checks.registry() if isinstance(each, kind)]
    assert orders
    assert len(set(orders)) == len(orders)
