"""A run's record and marks hold for any notebook, and records of later versions are not misread."""

from __future__ import annotations

import re

import pytest

from smext import errors
from smext.aws.account import Account
from smext.runs import record
from smext.sandbox import Sandbox


@pytest.mark.parametrize(
    "path", ["analysis/churn.ipynb", "a b/🚀 c.ipynb", "ü/日本.ipynb", "x" * 400, "a'\"<>&#%.ipynb"]
)
def test_any_path_becomes_a_tag(path: str) -> None:
    value = record.tag_value(path)
    assert len(value) <= 256
    assert re.fullmatch(r"[\w\s.:/=+\-@]*", value)


def test_the_end_of_a_path_is_what_stays() -> None:
    assert record.tag_value("a/" * 300 + "end.ipynb").endswith("end.ipynb")


def test_a_plain_path_is_its_own_tag() -> None:
    assert record.tag_value("analysis/churn 2.ipynb") == "analysis/churn 2.ipynb"


def test_ids_tell_paths_apart() -> None:
    assert record.notebook_id("🚀.ipynb") != record.notebook_id("🚗.ipynb")
    assert record.notebook_id("a.ipynb") == record.notebook_id("a.ipynb")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"version": 2}', b"not json"])
def test_a_record_that_is_not_understood(account: Account, box: Sandbox, body: bytes) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="r/record.json", Body=body)
    with pytest.raises(errors.Unsupported, match="record"):
        record.read_record(account, f"s3://{box.bucket}/r/record.json")


def test_a_record_that_is_not_there(account: Account, box: Sandbox) -> None:
    with pytest.raises(errors.NotFound):
        record.read_record(account, f"s3://{box.bucket}/none/record.json")


@pytest.mark.parametrize("uri", ["", "http://x/y", "/a/b", "s3://"])
def test_what_is_no_address(account: Account, uri: str) -> None:
    with pytest.raises(errors.Invalid):
        record.read_record(account, uri)
