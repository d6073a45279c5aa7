"""So much is sent as was meant: more than the limit asks first, by name and size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Check, LaunchRequest
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.launch.limits import MB

Checked = Callable[..., list[Check]]


@pytest.fixture
def checked(account: Account, request_of: Callable[..., LaunchRequest], root: Path) -> Checked:
    def make(limits: Limits | None = None, **form: Any) -> list[Check]:
        made = plan(account, request_of(**form), root, limits or Limits())
        return [each for each in made.checks if each.name == "files"]

    return make


def grow(root: Path, name: str, count: int) -> None:
    with (root / "analysis" / name).open("wb") as file:
        file.truncate(count)


def test_more_bytes_than_the_limit_ask(checked: Checked, root: Path) -> None:
    grow(root, "large.bin", 150 * MB)
    [found] = checked()
    assert found.status == "ok"
    assert "large.bin 150 MB" in found.message
    grow(root, "larger.bin", 160 * MB)
    [found] = checked()
    assert (found.status, found.field) == ("will fail", "send_large")
    assert "larger.bin 160 MB, large.bin 150 MB" in found.message
    assert "310 MB" in found.message
    assert ".smextignore" in found.advice
    assert "input" in found.advice


def test_more_files_than_the_limit_ask(checked: Checked) -> None:
    [found] = checked(limits=Limits(max_files=1))
    assert (found.status, found.field) == ("will fail", "send_large")
    assert "2 files" in found.message


def test_whoever_means_it_hears_how_long_it_takes(checked: Checked, root: Path) -> None:
    grow(root, "large.bin", 5_000 * MB)
    [found] = checked(send_large=True)
    assert (found.status, found.field) == ("warning", "send_large")
    assert "5.0 GB" in found.message
    assert "6 minutes" in found.message


def test_files_that_the_disk_does_not_hold_cannot_be_sent(checked: Checked, root: Path) -> None:
    grow(root, "large.bin", 20_000 * MB)
    assert [(each.status, each.field) for each in checked(send_large=True)] == [
        ("warning", "send_large"),
        ("will fail", "volume_gb"),
    ]
    assert len(checked(send_large=True, volume_gb=100)) == 1


def test_a_folder_without_end_is_said(checked: Checked, root: Path) -> None:
    assert [each.status for each in checked(limits=Limits(max_entries=2))] == ["ok", "warning"]


def test_what_asks_is_not_sent_before_the_answer(
    account: Account, request_of: Callable[..., LaunchRequest], root: Path
) -> None:
    limits = Limits(max_files=1)
    name = plan(account, request_of(), root, limits).name
    with pytest.raises(errors.Invalid) as caught:
        apply(account, request_of(name=name), root, limits)
    assert caught.value.field == "send_large"
    assert apply(account, request_of(name=name, send_large=True), root, limits).name == name
