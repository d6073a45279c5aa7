"""What a run leaves in S3."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from smext import errors, runs
from smext.aws import Account
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
    found = runs.run_progress(account, "s3://outputs/live/")
    assert found is not None
    assert (found.status, found.done, found.total) == ("running", 2, 5)


def test_no_progress_yet_is_none(account: Account, box: Sandbox) -> None:
    put(box, "other", b"")
    assert runs.run_progress(account, "s3://outputs/live/") is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"status": "dancing"}'])
def test_progress_that_nobody_understands_is_said(account: Account, box: Sandbox, body: bytes) -> None:
    put(box, "live/progress.json", body)
    with pytest.raises(errors.Unsupported):
        runs.run_progress(account, "s3://outputs/live/")
    assert runs.row_progress(account, "s3://outputs/live/") is None


def test_the_live_notebook_comes_before_the_final_one(account: Account, box: Sandbox) -> None:
    put(box, "output/notebook.ipynb", b"final")
    assert runs.notebook(account, "s3://outputs/live/", ["s3://outputs/output/"]) == b"final"
    put(box, "live/notebook.ipynb", b"live")
    assert runs.notebook(account, "s3://outputs/live/", ["s3://outputs/output/"]) == b"live"


def test_a_notebook_is_found_in_a_training_jobs_archive(account: Account, box: Sandbox) -> None:
    put(box, "job/output/output.tar.gz", archive("./notebook.ipynb", b"packed"))
    assert runs.notebook(account, None, ["s3://outputs/job/output/"]) == b"packed"


@pytest.mark.parametrize("body", [b"no archive", archive("./notebook.ipynb", b"packed" * 4000)[:60]])
def test_an_archive_that_cannot_be_read_is_said(account: Account, box: Sandbox, body: bytes) -> None:
    put(box, "job/output/output.tar.gz", body)
    with pytest.raises(errors.SmextError, match=r"No notebook can be read .*output\.tar\.gz") as caught:
        runs.notebook(account, None, ["s3://outputs/job/output/"])
    assert "outputs" in caught.value.advice


def test_no_notebook_yet_says_to_wait(account: Account, box: Sandbox) -> None:
    put(box, "other", b"")
    with pytest.raises(errors.NotFound, match="no notebook yet"):
        runs.notebook(account, "s3://outputs/live/", [])


def test_outputs_are_listed_with_their_addresses(account: Account, box: Sandbox) -> None:
    uri = put(box, "out/a b#c.txt", b"123")
    put(box, "out/.progress.json.part", b"half")
    found = runs.outputs(account, ["s3://outputs/out/"])
    assert [(o.name, o.uri, o.bytes) for o in found.outputs] == [("a b#c.txt", uri, 3)]
    body, size = runs.open_output(account, ["s3://outputs/out/"], uri)
    assert (body.read(), size) == (b"123", 3)


def test_a_place_that_may_not_be_listed_is_said(account: Account, box: Sandbox) -> None:
    put(box, "out/a", b"")
    box.control.fail("ListObjects*", "AccessDenied", message="Access Denied")
    found = runs.outputs(account, ["s3://outputs/out/"])
    assert found.problem is not None
    assert found.problem.permission == "s3:ListBucket"
    assert not found.complete
