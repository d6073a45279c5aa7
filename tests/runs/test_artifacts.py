"""What a run leaves in S3."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from smext import errors
from smext.aws.account import Account
from smext.runs import artifacts
from smext.runs.record import read_record
from smext.sandbox import Sandbox


def put(box: Sandbox, key: str, body: bytes) -> str:
    client = box.client("s3")
    client.create_bucket(Bucket="outputs")
    client.put_object(Bucket="outputs", Key=key, Body=body)
    return f"s3://outputs/{key}"


def archive(name: str, body: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(body)
        tar.addfile(member, io.BytesIO(body))
    return packed.getvalue()


def test_progress_is_read_and_members_of_a_newer_runner_are_passed_over(
    account: Account, box: Sandbox
) -> None:
    said = {"version": 1, "status": "running", "done": 2, "total": 5, "news": 1}
    put(box, "live/progress.json", json.dumps(said).encode())
    found = artifacts.run_progress(account, "s3://outputs/live/")
    assert found is not None
    assert (found.status, found.done, found.total) == ("running", 2, 5)


def test_no_progress_yet_is_none(account: Account, box: Sandbox) -> None:
    put(box, "other", b"")
    assert artifacts.run_progress(account, "s3://outputs/live/") is None


CELL = {"index": 1, "label": "a", "status": "running", "seconds": 1.5}
ERROR = {"cell": 1, "ename": "E", "evalue": "e", "summary": "E: e"}
SAID = {"status": "running", "phase": "p", "done": 1, "total": 2, "updated": "2026-11-20T10:00:00Z"} | {
    "cells": [CELL],
    "error": ERROR,
}
NO_JSON = [b"", b"{", b"\xff", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000]
ODD: list[object] = [None, True, 3, 1e400, "x", [], [1, 2], [["status", "running"]], {"": 1}]
"""What JSON can be, and what no member of a progress or a record is."""
ODD_BODIES = [*NO_JSON, *(json.dumps(each).encode() for each in ODD)]
ODD_MEMBERS = [
    json.dumps({**SAID, name: odd}).encode()
    for name in ("status", "phase", "done", "total", "cells", "error", "updated")
    for odd in ("\ud800", {"a": 1}, [{"a": 1}], [None], -1e308, 10**30)
] + [
    json.dumps({**SAID, "cells": [{**CELL, name: odd}]}).encode()
    for name in CELL
    for odd in ("\ud800", {"a": 1}, [None], 10**30, float("nan"))
]


def test_progress_that_nobody_understands_is_said(account: Account, box: Sandbox) -> None:
    for body in [*ODD_BODIES, b'{"status": "dancing"}']:
        put(box, "live/progress.json", body)
        with pytest.raises(errors.Unsupported):
            artifacts.run_progress(account, "s3://outputs/live/")
        assert artifacts.row_progress(account, "s3://outputs/live/") is None


def test_no_member_of_a_progress_is_taken_for_granted(account: Account, box: Sandbox) -> None:
    understood = 0
    for body in ODD_MEMBERS:
        put(box, "live/progress.json", body)
        row = artifacts.row_progress(account, "s3://outputs/live/")
        try:
            found = artifacts.run_progress(account, "s3://outputs/live/")
        except errors.Unsupported:
            assert row is None
            continue
        assert found is not None
        assert row is not None
        json.loads(row.model_dump_json())
        json.loads(found.model_dump_json())
        understood += 1
    assert 0 < understood < len(ODD_MEMBERS)


def test_progress_and_records_are_read_within_bounds(account: Account, box: Sandbox) -> None:
    large = json.dumps({**SAID, "phase": "p" * artifacts.MOST_PROGRESS}).encode()
    put(box, "live/progress.json", large)
    uri = put(box, "record.json", large)
    with pytest.raises(errors.Invalid, match="larger than the 8 MB"):
        artifacts.run_progress(account, "s3://outputs/live/")
    assert artifacts.row_progress(account, "s3://outputs/live/") is None
    with pytest.raises(errors.Invalid, match="larger than the 8 MB"):
        read_record(account, uri)
    put(box, "live/progress.json", json.dumps({**SAID, "cells": [{**CELL, "label": "l" * 100_000}]}).encode())
    row = artifacts.row_progress(account, "s3://outputs/live/")
    assert row is not None
    assert len(row.label) == artifacts.MOST_LABEL


def test_a_record_that_nobody_understands_is_said(account: Account, box: Sandbox) -> None:
    for body in ODD_BODIES:
        uri = put(box, "record.json", body)
        with pytest.raises(errors.Unsupported, match="run record"):
            read_record(account, uri)


def test_an_archive_that_unpacks_without_end_is_left(
    account: Account, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "MOST_UNPACKED", 1_000_000)
    put(box, "job/output/output.tar.gz", archive("./zeros", bytes(5_000_000)))
    with pytest.raises(errors.SmextError, match="No notebook can be read"):
        artifacts.notebook(account, None, ["s3://outputs/job/output/"])


def test_the_live_notebook_comes_before_the_final_one(account: Account, box: Sandbox) -> None:
    put(box, "output/notebook.ipynb", b"final")
    assert artifacts.notebook(account, "s3://outputs/live/", ["s3://outputs/output/"]) == b"final"
    put(box, "live/notebook.ipynb", b"live")
    assert artifacts.notebook(account, "s3://outputs/live/", ["s3://outputs/output/"]) == b"live"


def test_a_notebook_is_found_in_a_training_jobs_archive(account: Account, box: Sandbox) -> None:
    put(box, "job/output/output.tar.gz", archive("./notebook.ipynb", b"packed"))
    assert artifacts.notebook(account, None, ["s3://outputs/job/output/"]) == b"packed"


@pytest.mark.parametrize(
    "body",
    [b"no archive", archive("./notebook.ipynb", b"packed" * 4000)[:60]],
    ids=["no archive", "half of one"],
)
def test_an_archive_that_cannot_be_read_is_said(account: Account, box: Sandbox, body: bytes) -> None:
    put(box, "job/output/output.tar.gz", body)
    with pytest.raises(errors.SmextError, match=r"No notebook can be read .*output\.tar\.gz") as caught:
        artifacts.notebook(account, None, ["s3://outputs/job/output/"])
    assert "outputs" in caught.value.advice


def test_no_notebook_yet_says_to_wait(account: Account, box: Sandbox) -> None:
    put(box, "other", b"")
    with pytest.raises(errors.NotFound, match="no notebook yet"):
        artifacts.notebook(account, "s3://outputs/live/", [])


def test_outputs_are_listed_with_their_addresses(account: Account, box: Sandbox) -> None:
    uri = put(box, "out/a b#c.txt", b"123")
    put(box, "out/.progress.json.part", b"half")
    found = artifacts.outputs(account, ["s3://outputs/out/"])
    assert [(o.name, o.uri, o.bytes) for o in found.outputs] == [("a b#c.txt", uri, 3)]
    body, size = artifacts.open_output(account, ["s3://outputs/out/"], uri)
    assert (body.read(), size) == (b"123", 3)


def test_a_place_that_may_not_be_listed_is_said(account: Account, box: Sandbox) -> None:
    put(box, "out/a", b"")
    box.control.fail("ListObjects*", "AccessDenied", message="Access Denied")
    found = artifacts.outputs(account, ["s3://outputs/out/"])
    assert found.problem is not None
    assert found.problem.permission == "s3:ListBucket"
    assert not found.complete
