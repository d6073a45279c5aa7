"""The same files are sent once, for all runs; what is missing is sent, and nothing else."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from smext import errors
from smext.api import LaunchRequest, Plan
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.launch import Limits, apply, plan
from smext.launch.limits import MB
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
    monkeypatch.setattr("smext.launch.files.digests.YOUNG_SECONDS", -1.0)
    take_away(box)

    def go(**form: object) -> Plan:
        made = plan(account, request_of(**form), root, Limits())
        box.control.calls.clear()
        apply(account, request_of(name=made.name, **form), root, Limits())
        return made

    return go


def stored(box: Sandbox) -> set[str]:
    found = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix="smext/cache/")
    return {each["Key"] for each in found.get("Contents", [])}


def take_away(box: Sandbox) -> None:
    for key in stored(box):
        box.client("s3").delete_object(Bucket=box.bucket, Key=key)


def files_of(account: Account, made: Plan) -> dict[str, bytes]:
    """As the job finds them: all archives of its list, in their order."""
    first, *names = json.loads(read(account, made.record_uri.replace("record.json", "input/files.manifest")))
    found: dict[str, bytes] = {}
    for name in names:
        with tarfile.open(fileobj=io.BytesIO(read(account, first["prefix"] + name))) as archive:
            for member in archive:
                file = archive.extractfile(member)
                assert file is not None
                start = int(member.pax_headers.get("SMEXT.start", 0))
                before = found.get(member.name, b"").ljust(start, b"\0")
                content = file.read()
                found[member.name] = before[:start] + content + before[start + len(content) :]
    return found


EXPECTED = {"data.csv": b"a,b\n1,2\n", "lib/features.py": b"X = 1\n"}
BYTES = sum(map(len, EXPECTED.values()))


def lacking(made: Plan) -> int:
    return sum(each.bytes for each in made.uploads if each.name.startswith("files") and not each.there)


def test_unchanged_files_are_not_sent_again(account: Account, launch: Launch, box: Sandbox) -> None:
    first = launch()
    assert box.control.calls.count("PutObject") == 6
    second = launch()
    # runner.pyz, run.json, notebook.ipynb, files.manifest and record.json.
    assert box.control.calls.count("PutObject") == 5
    assert "CopyObject" not in box.control.calls
    assert (lacking(first), lacking(second)) == (BYTES, 0)
    assert second.upload_bytes == first.upload_bytes - BYTES
    assert files_of(account, first) == files_of(account, second) == EXPECTED


def test_both_jobs_get_the_archives_as_an_input(launch: Launch, box: Sandbox) -> None:
    made = launch(job_kind="training")
    [_, channel] = made.request["InputDataConfig"]
    assert channel["ChannelName"] == "smext-files"
    source = channel["DataSource"]["S3DataSource"]
    assert (source["S3DataType"], source["S3Uri"]) == ("ManifestFile", made.uploads[3].uri)
    [_, given] = launch().request["ProcessingInputs"]
    assert given["S3Input"]["LocalPath"] == "/opt/ml/processing/input/smext-files"
    assert len(launch(include_files=False).request["ProcessingInputs"]) == 1


def test_a_change_is_sent(account: Account, launch: Launch, root: Path) -> None:
    launch()
    (root / "analysis" / "data.csv").write_text("changed")
    made = launch()
    assert lacking(made) == BYTES - 1
    assert files_of(account, made)["data.csv"] == b"changed"


def test_a_change_of_a_small_file_does_not_send_the_large_ones_again(
    account: Account, launch: Launch, root: Path, box: Sandbox
) -> None:
    large = os.urandom(9 * MB)
    (root / "analysis" / "large.bin").write_bytes(large)
    launch()
    before = stored(box)
    assert len(before) == 2
    (root / "analysis" / "data.csv").write_text("changed")
    made = launch()
    assert lacking(made) == BYTES - 1
    assert len(stored(box) - before) == 1
    assert files_of(account, made)["large.bin"] == large


def test_a_file_of_many_parts_is_sent_in_parts_and_only_its_new_ones_again(
    account: Account, launch: Launch, root: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PART_BYTES", "ALONE_BYTES"):
        monkeypatch.setattr(f"smext.launch.files.archives.{name}", 1000)
    content = os.urandom(2500)
    (root / "analysis" / "large.bin").write_bytes(content)
    assert files_of(account, launch())["large.bin"] == content
    before = stored(box)
    with (root / "analysis" / "large.bin").open("ab") as file:
        file.write(b"more")
    made = launch()
    assert files_of(account, made)["large.bin"] == content + b"more"
    assert len(stored(box) - before) == 1


def test_what_was_taken_out_of_the_bucket_is_sent_again(
    account: Account, launch: Launch, box: Sandbox
) -> None:
    launch()
    take_away(box)
    assert files_of(account, launch()) == EXPECTED


def test_what_another_launch_has_sent_meanwhile_is_not_sent_again(
    account: Account, launch: Launch, box: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of somebody with the same files: nothing on this machine knows of it."""
    launch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    made = launch()
    assert lacking(made) == BYTES
    assert box.control.calls.count("PutObject") == 5
    assert files_of(account, made) == EXPECTED


def test_files_for_another_key_are_archives_of_their_own(launch: Launch, box: Sandbox) -> None:
    """Nobody gets what was encrypted with less than is asked for."""
    launch()
    before = stored(box)
    launch(kms_key=box.client("kms").create_key()["KeyMetadata"]["Arn"])
    assert len(stored(box) - before) == 1


def test_what_is_old_is_made_young_before_a_job_relies_on_it(
    launch: Launch, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch()
    monkeypatch.setattr("smext.launch.files.upload.FRESH", timedelta(seconds=-1))
    launch()
    assert box.control.calls.count("CopyObject") == 1
    assert box.control.calls.count("PutObject") == 5


@pytest.mark.parametrize("operation", ["CopyObject", "HeadObject"])
def test_what_may_not_be_looked_at_or_made_young_is_sent(
    account: Account, launch: Launch, box: Sandbox, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    launch()
    monkeypatch.setattr("smext.launch.files.upload.FRESH", timedelta(seconds=-1))
    box.control.fail(operation, "AccessDenied")
    made = launch()
    assert box.control.calls.count("PutObject") == 6
    assert files_of(account, made) == EXPECTED


def test_a_launch_after_a_broken_one_sends_only_what_is_missing(
    account: Account, launch: Launch, root: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smext.launch.files.upload.SENDERS", 1)
    for index in range(3):
        (root / "analysis" / f"{index}.bin").write_bytes(os.urandom(9 * MB))
    bodies = 0

    def refuse(params: dict[str, object], **_: object) -> None:
        nonlocal bodies
        bodies += "smext/cache/" in str(params["url"])
        if bodies == 3:
            raise OSError("the network went away")

    events = account.client("s3").meta.events
    events.register("before-call.s3.PutObject", refuse, unique_id="refuse")
    try:
        with pytest.raises(errors.SmextError):
            launch()
    finally:
        events.unregister("before-call.s3.PutObject", unique_id="refuse")
    there = stored(box)
    assert len(there) == 2
    made = launch()
    assert len(stored(box) - there) == 2
    assert there < stored(box)
    assert set(files_of(account, made)) == {*EXPECTED, "0.bin", "1.bin", "2.bin"}


def test_a_file_that_changes_on_the_way_is_named_and_nothing_half_is_kept(
    account: Account, launch: Launch, root: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "analysis" / "data.csv"
    events = account.client("s3").meta.events

    def change(**_: object) -> None:
        path.write_text("b,a\n1,2\n")

    # Between the reading that gives the archive its name and the one that fills it.
    events.register("before-call.s3.HeadObject", change, unique_id="change")
    try:
        with pytest.raises(errors.Conflict, match=r"changed while it was read: data\.csv") as caught:
            launch()
    finally:
        events.unregister("before-call.s3.HeadObject", unique_id="change")
    assert ".smextignore" in caught.value.advice
    assert stored(box) == set()


def test_a_file_that_cannot_be_read_any_more_is_named(
    launch: Launch, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "analysis" / "data.csv"

    # Root may read everything: only the system itself can say no here.
    real: Callable[..., object] = Path.open

    def refuse(where: Path, *rest: object, **named: object) -> object:
        if where == path:
            raise PermissionError(13, "Permission denied")
        return real(where, *rest, **named)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(errors.SmextError, match=r"data\.csv \(Permission denied\)") as caught:
        launch()
    assert caught.value.field == "include_files"
