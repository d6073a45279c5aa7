"""The printed policy allows what is called, and no more than the part that was asked for."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from smext.cli import main
from smext.diagnostics import context
from smext.diagnostics.iam_policy import actions, policy
from smext.inventory.reader import Memory, Reader
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox

KINDS = list(registry().values())


@pytest.fixture
def scene() -> str:
    return "busy"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reading_alone_stops_nothing(kind: Kind) -> None:
    stops = {kind.permission(name) for a in kind.actions for name in a.operations} - {
        kind.permission(name) for name in kind.operations
    }
    assert not actions(policy(["read"])) & stops
    assert stops <= actions(policy(["stop"]))


def test_every_call_of_a_look_round_is_allowed(reader: Reader, box: Sandbox) -> None:
    context.describe(reader.account, [], read_only=False, version="")
    for kind in KINDS:
        reader.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    called = set(box.control.calls)
    allowed = {action.partition(":")[2] for action in actions(policy(["read"]))}
    assert called <= allowed


def test_a_role_may_be_passed_to_sagemaker_only() -> None:
    passing = next(s for s in policy(["launch"])["Statement"] if "iam:PassRole" in s["Action"])
    assert passing["Action"] == ["iam:PassRole"]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_the_command_prints_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "read"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == policy(["read"])


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "everything"]) == 2
    printed = capsys.readouterr()
    assert "everything" in printed.err
    assert printed.out == ""
