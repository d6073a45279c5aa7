"""The same files are sent once; every run has its own copy of them."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smext.api import LaunchRequest, Plan
from smext.aws import Account
from smext.launch import Limits, apply, plan
from smext.launch.storage import read
from smext.sandbox import Sandbox

Launch = Callable[..., Plan]


@pytest.fixture
def launch(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    root: Path,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Launch:
    monkeypatch.setattr("smext.launch.digests.YOUNG_SECONDS", -1.0)
    for key in stored(box):
        box.client("s3").delete_object(Bucket=box.bucket, Key=key)

    def go(kept: bool = True) -> Plan:
        made = plan(account, request_of(), root, Limits())
        box.control.calls.clear()
        before = len(stored(box))
        apply(account, request_of(name=made.name), root, Limits())
        # What is kept for the next time is kept behind the launch's back.
        end = time.monotonic() + 10
        while kept and there(made) == [False] and len(stored(box)) == before and time.monotonic() < end:
            time.sleep(0.02)
        return made

    return go


def stored(box: Sandbox) -> list[str]:
    found = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix="smext/cache/")
    return [each["Key"] for each in found.get("Contents", [])]


def files_of(account: Account, made: Plan) -> dict[str, int]:
    uri = made.record_uri.replace("record.json", "input/files.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(read(account, uri))) as archive:
        return {member.name: member.size for member in archive}


EXPECTED = {"data.csv": 8, "lib/features.py": 6}


def there(made: Plan) -> list[bool]:
    return [each.there for each in made.uploads if each.name == "files.tar.gz"]


def test_unchanged_files_are_not_sent_again(account: Account, launch: Launch, box: Sandbox) -> None:
    first = launch()
    assert box.control.calls.count("PutObject") == 5
    second = launch()
    # runner.pyz, run.json, notebook.ipynb and record.json.
    assert box.control.calls.count("PutObject") == 4
    assert (there(first), there(second)) == ([False], [True])
    assert second.upload_bytes == first.upload_bytes - sum(EXPECTED.values())
    assert files_of(account, first) == files_of(account, second) == EXPECTED


def test_a_launch_right_after_another_finds_what_is_just_being_kept(
    account: Account, launch: Launch, box: Sandbox
) -> None:
    box.control.delay(100)
    launch(kept=False)
    box.control.calls.clear()
    second = launch(kept=False)
    assert there(second) == [True]
    assert files_of(account, second) == EXPECTED


def test_a_change_is_sent(account: Account, launch: Launch, root: Path) -> None:
    launch()
    (root / "analysis" / "data.csv").write_text("changed")
    made = launch()
    assert there(made) == [False]
    assert files_of(account, made)["data.csv"] == 7


def test_what_was_taken_out_of_the_bucket_is_sent_again(
    account: Account, launch: Launch, box: Sandbox
) -> None:
    launch()
    for key in stored(box):
        box.client("s3").delete_object(Bucket=box.bucket, Key=key)
    made = launch()
    assert there(made) == [False]
    assert files_of(account, made) == EXPECTED


@pytest.mark.parametrize("operation", ["CopyObject", "HeadObject"])
def test_a_bucket_that_does_not_let_us_keep_them_is_no_reason_to_fail(
    account: Account, launch: Launch, box: Sandbox, operation: str
) -> None:
    box.control.fail(operation, "AccessDenied")
    launch(kept=False)
    assert files_of(account, launch(kept=False)) == EXPECTED
