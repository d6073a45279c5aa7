"""A launch that is called back leaves no job, says so in its record, and costs the next one nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import LaunchProgress, LaunchRequest
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.launch.limits import MB
from smext.launch.progress import cancel, progress
from smext.runs.record import read_record
from smext.sandbox import Sandbox

Make = Callable[..., LaunchRequest]
SECONDS = 900.0


@pytest.fixture
def named(account: Account, request_of: Make, root: Path) -> Callable[[], LaunchRequest]:
    def make() -> LaunchRequest:
        return request_of(name=plan(account, request_of(), root, Limits()).name)

    return make


@pytest.fixture
def gate(account: Account) -> Iterator[Callable[[str, str], tuple[threading.Event, threading.Event]]]:
    """Holds a call to an address with this text: one event tells that it is there, the other lets it go on."""
    events = account.client("s3").meta.events
    held: list[threading.Event] = []

    def make(event: str, text: str) -> tuple[threading.Event, threading.Event]:
        there, go = threading.Event(), threading.Event()
        held.append(go)

        def wait(**found: Any) -> None:
            if text in str(found.get("params", found.get("request"))):
                there.set()
                assert go.wait(SECONDS)

        events.register(event, wait, unique_id=event)
        return there, go

    yield make
    for go in held:
        go.set()
    for event in ("before-call.s3.HeadObject", "before-call.s3.PutObject"):
        events.unregister(event, unique_id=event)


def created(box: Sandbox) -> int:
    return sum(call.startswith("Create") for call in box.control.calls)


def stored(box: Sandbox, prefix: str) -> set[str]:
    found = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix=prefix)
    return {each["Key"] for each in found.get("Contents", [])}


def status(account: Account, box: Sandbox, name: str | None) -> str:
    return read_record(account, f"s3://{box.bucket}/smext/{name}/record.json").status


@pytest.mark.parametrize(
    ("event", "text", "phase"),
    [
        ("before-call.s3.HeadObject", "smext/cache/", "packing"),
        ("before-call.s3.PutObject", "smext/cache/", "uploading"),
    ],
)
def test_it_can_be_called_back_until_the_job_is_created(
    account: Account, box: Sandbox, root: Path, named: Callable[[], LaunchRequest], gate: Any,
    event: str, text: str, phase: str,
) -> None:  # fmt: skip
    (root / "analysis" / "large.bin").write_bytes(os.urandom(9 * MB))
    request = named()
    name = request.name or ""
    there, go = gate(event, text)
    with ThreadPoolExecutor(1) as pool:
        launch = pool.submit(apply, account, request, root, Limits())
        assert there.wait(SECONDS)
        assert (progress(name).phase, progress(name).can_cancel) == (phase, True)
        assert not cancel(name).can_cancel
        go.set()
        with pytest.raises(errors.Cancelled):
            launch.result(SECONDS)
    assert created(box) == 0
    assert progress(name).phase == "over"
    assert status(account, box, name) == "cancelled"


def test_it_ends_in_the_middle_of_an_upload(
    account: Account, box: Sandbox, root: Path, named: Callable[[], LaunchRequest]
) -> None:
    (root / "analysis" / "large.bin").write_bytes(os.urandom(30 * MB))
    request = named()
    seen: list[LaunchProgress] = []

    def watch() -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and not seen:
            now = progress(request.name or "")
            if now.sent_bytes > 1000:
                seen.append(cancel(request.name or ""))
            time.sleep(0.0005)

    thread = threading.Thread(target=watch)
    thread.start()
    with pytest.raises(errors.Cancelled):
        apply(account, request, root, Limits())
    thread.join()
    assert 0 < seen[0].sent_bytes < seen[0].total_bytes
    assert seen[0].total_bytes >= 30 * MB
    assert created(box) == 0


def test_the_next_launch_is_as_if_nothing_had_been(
    account: Account, box: Sandbox, root: Path, named: Callable[[], LaunchRequest], gate: Any
) -> None:
    request = named()
    there, go = gate("before-call.s3.PutObject", "record.json")
    with ThreadPoolExecutor(1) as pool:
        launch = pool.submit(apply, account, request, root, Limits())
        assert there.wait(SECONDS)
        cancel(request.name or "")
        go.set()
        with pytest.raises(errors.Cancelled):
            launch.result(SECONDS)
    assert stored(box, "smext/cache/")
    box.control.calls.clear()
    assert apply(account, request, root, Limits()).existed is False
    # runner.pyz, run.json, notebook.ipynb, files.manifest and record.json: the files are there.
    assert box.control.calls.count("PutObject") == 5
    assert status(account, box, request.name) == "sent"


def test_too_late_is_too_late(
    account: Account, box: Sandbox, root: Path, named: Callable[[], LaunchRequest]
) -> None:
    request = named()
    events, late = account.client("sagemaker").meta.events, []

    def call_back(**_: Any) -> None:
        late.append(cancel(request.name or ""))

    events.register("before-call.sagemaker.CreateProcessingJob", call_back, unique_id="late")
    try:
        assert apply(account, request, root, Limits()).name == request.name
    finally:
        events.unregister("before-call.sagemaker.CreateProcessingJob", unique_id="late")
    assert (late[0].phase, late[0].can_cancel) == ("creating", False)
    assert created(box) == 1


def test_all_bytes_are_counted(account: Account, root: Path, named: Callable[[], LaunchRequest]) -> None:
    (root / "analysis" / "large.bin").write_bytes(os.urandom(9 * MB))
    (root / "analysis" / "blank.bin").write_bytes(bytes(9 * MB))
    request = named()
    events, last = account.client("sagemaker").meta.events, []
    events.register(
        "before-call.sagemaker.CreateProcessingJob",
        lambda **_: last.append(progress(request.name or "")),
        unique_id="count",
    )
    try:
        apply(account, request, root, Limits())
    finally:
        events.unregister("before-call.sagemaker.CreateProcessingJob", unique_id="count")
    assert last[0].sent_bytes == last[0].total_bytes >= 18 * MB
