"""Objects of any size go up, are counted, and can be called back on the way."""

from __future__ import annotations

import io
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from smext import errors
from smext.aws.account import Account
from smext.aws.s3 import Writer, modified, read, split
from smext.launch.limits import MB
from smext.sandbox import Sandbox


@pytest.fixture
def uri(box: Sandbox) -> str:
    return f"s3://{box.bucket}/a folder/#1?.bin"


def test_an_address_may_have_any_letter(uri: str, box: Sandbox) -> None:
    assert split(uri) == (box.bucket, "a folder/#1?.bin")
    for wrong in ("s3://", "https://x/y", "bucket/key"):
        with pytest.raises(errors.Invalid):
            split(wrong)


def test_what_is_larger_than_a_part_goes_in_parts_and_is_counted(
    account: Account, box: Sandbox, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smext.aws.s3.PART_BYTES", 5 * MB)
    content = os.urandom(11 * MB)
    (tmp_path / "file").write_bytes(content)
    counted: list[int] = []
    Writer(account, box.account_id).put_file(uri, tmp_path / "file", counted.append)
    assert read(account, uri) == content
    assert sum(counted) == len(content)
    assert "CompleteMultipartUpload" in box.control.calls
    assert "PutObject" not in box.control.calls


@pytest.mark.parametrize("part", [5 * MB, 64 * MB])
def test_a_file_that_is_called_back_on_its_way_is_not_there(
    account: Account, uri: str, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr("smext.aws.s3.PART_BYTES", part)
    counted = 0

    def call_back(count: int) -> None:
        nonlocal counted
        counted += count
        if counted > 2 * MB:
            raise errors.Cancelled("enough")

    with pytest.raises(errors.Cancelled):
        Writer(account).put_stream(f"{uri}.{part}", io.BytesIO(bytes(11 * MB)), call_back)
    assert modified(account, f"{uri}.{part}") is None


def test_an_object_is_made_young_as_it_is(account: Account, box: Sandbox, uri: str) -> None:
    key = box.client("kms").create_key()["KeyMetadata"]["Arn"]
    writer = Writer(account, box.account_id, key)
    writer.put(uri, b"content")
    first = modified(account, uri)
    assert first is not None
    assert datetime.now(timezone.utc) - first < timedelta(minutes=5)
    writer.renew(uri)
    assert read(account, uri) == b"content"
    bucket, name = split(uri)
    assert box.client("s3").head_object(Bucket=bucket, Key=name)["SSEKMSKeyId"] == key


def test_a_bucket_of_somebody_else_gets_nothing(account: Account, box: Sandbox, uri: str) -> None:
    box.control.fail("PutObject", "AccessDenied")
    with pytest.raises(errors.Denied) as caught:
        Writer(account, "999999999999").put_stream(uri, io.BytesIO(b"x"))
    assert caught.value.permission == "s3:PutObject"


def test_a_file_that_is_gone_is_named(account: Account, uri: str, tmp_path: Path) -> None:
    with pytest.raises(errors.SmextError, match="gone"):
        Writer(account).put_file(uri, tmp_path / "gone")
