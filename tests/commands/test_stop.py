"""`smext stop`: one job or several, and what an administrator's protection makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smext.cli import main
from smext.sandbox import Sandbox

Typed = pytest.CaptureFixture[str]


@pytest.fixture
def scene() -> str:
    return "busy"


@pytest.fixture
def running(box: Sandbox) -> list[str]:
    client = box.client("sagemaker")
    found = client.list_training_jobs(StatusEquals="InProgress")["TrainingJobSummaries"]
    return [job["TrainingJobName"] for job in found]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write what an administrator has set."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))

    def write(**traits: Any) -> None:
        (tmp_path / "jupyter_server_config.json").write_text(json.dumps({"SmextApp": traits}))

    return write


def stops(box: Sandbox) -> int:
    return int(box.control.calls.count("StopTrainingJob"))


def test_several_are_stopped_after_one_list_of_what_is_lost(
    box: Sandbox, running: list[str], settings: Any, capsys: Typed
) -> None:
    assert main(["stop", *running[:2]]) == 1
    out = capsys.readouterr().out
    assert all(f"Stops the training job {name}." in out for name in running[:2])
    assert stops(box) == 0
    assert main(["stop", *running[:2], "--yes"]) == 0
    assert stops(box) == 2


def test_one_that_cannot_be_stopped_hinders_no_other(
    box: Sandbox, running: list[str], settings: Any, capsys: Typed
) -> None:
    box.control.fail("StopTrainingJob", "AccessDeniedException", times=1)
    assert main(["stop", *running[:2], "--yes"]) == 1
    caught = capsys.readouterr()
    assert "sagemaker:StopTrainingJob" in caught.err
    assert f"Stopping {running[1]}." in caught.out


@pytest.mark.parametrize("pattern", ["number", "default"])
def test_in_a_protected_account_one_is_stopped_by_its_name_typed_again(
    box: Sandbox, running: list[str], settings: Any, capsys: Typed, pattern: str
) -> None:
    settings(protected_accounts=[box.account_id if pattern == "number" else pattern])
    name = running[0]
    assert main(["stop", name, "--yes"]) == 1
    assert f"add --confirm {name}" in capsys.readouterr().err
    assert main(["stop", name, "--confirm", "another"]) == 1
    assert main(["stop", *running[:2], "--confirm", name]) == 1
    assert "one by one" in capsys.readouterr().err
    assert stops(box) == 0
    assert main(["stop", name, "--confirm", name]) == 0
    assert stops(box) == 1


def test_another_account_needs_only_a_yes(box: Sandbox, running: list[str], settings: Any) -> None:
    settings(protected_accounts=["prod-*"])
    assert main(["stop", running[0], "--yes"]) == 0


def test_settings_that_cannot_be_read_protect(
    box: Sandbox, running: list[str], settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "jupyter_server_config.json").write_text("{")
    assert main(["stop", running[0], "--yes"]) == 1
    assert stops(box) == 0


def test_what_is_read_only_stops_nothing(
    box: Sandbox, running: list[str], settings: Any, capsys: Typed
) -> None:
    settings(read_only=True)
    assert main(["stop", running[0], "--yes"]) == 1
    assert "read-only" in capsys.readouterr().err
    assert stops(box) == 0
