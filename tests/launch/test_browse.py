"""Looking for data in S3: folders first, at most a thousand entries, and what is known where AWS says no."""

from __future__ import annotations

import pytest

from smext import errors
from smext.api import LaunchForm
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.launch.browse import browse
from smext.launch.form import last_used
from smext.launch.form.last_used import FormKey
from smext.sandbox import Sandbox


@pytest.fixture(autouse=True)
def anew(account: Account) -> None:
    forget(account)


def put(box: Sandbox, *keys: str) -> str:
    client = box.client("s3")
    for key in keys:
        client.put_object(Bucket=box.bucket, Key=key, Body=b"12")
    return f"s3://{box.bucket}/"


def test_buckets_come_first(account: Account, box: Sandbox) -> None:
    found = browse(account, "")
    assert (found.complete, found.problem) == (True, None)
    assert f"s3://{box.bucket}/" in [each.uri for each in found.entries]
    assert all(each.name.endswith("/") and each.modified for each in found.entries)


def test_a_prefix_has_folders_and_objects_by_their_names_below_it(account: Account, box: Sandbox) -> None:
    base = put(box, "data/", "data/a.csv", "data/deep/b.csv", "data/deep/c.csv")
    found = browse(account, f"{base}data/")
    assert [(each.name, each.uri, each.bytes) for each in found.entries] == [
        ("deep/", f"{base}data/deep/", None),
        ("a.csv", f"{base}data/a.csv", 2),
    ]
    assert [each.name for each in browse(account, f" {base}data/de ").entries] == ["deep/"]
    assert browse(account, f"{base}nothing/").entries == []
    assert "data/" in [each.name for each in browse(account, base.rstrip("/")).entries]


def test_what_is_more_than_a_thousand_is_said_to_be_cut(account: Account, box: Sandbox) -> None:
    for number in range(1001):
        box.backends.put_object(box.bucket, f"many/{number:04}", b"")
    found = browse(account, f"s3://{box.bucket}/many/")
    assert (len(found.entries), found.complete) == (1000, False)


@pytest.mark.parametrize(
    "uri", ["bucket/prefix", "https://a.b/c", "s3://", "s3:///x", "s3://a b/c", "s3://-/x"]
)
def test_what_is_no_address_is_said(account: Account, uri: str) -> None:
    with pytest.raises(errors.Invalid, match=r"address|name"):
        browse(account, uri)


def test_a_bucket_that_is_not_there_or_not_ours_is_a_problem(account: Account, box: Sandbox) -> None:
    missing = browse(account, "s3://surely-not-there-4711/x")
    assert missing.problem is not None
    assert (missing.problem.code, missing.entries, missing.complete) == ("not-found", [], False)
    box.control.fail("ListObjectsV2", "AccessDeniedException")
    denied = browse(account, f"s3://{box.bucket}/")
    assert denied.problem is not None
    assert denied.problem.permission == "s3:ListBucket"
    assert "s3:ListBucket" in denied.problem.advice


def test_without_the_list_of_buckets_those_that_are_known_are_shown(account: Account, box: Sandbox) -> None:
    place = f"{box.account_id}/{box.region}"
    form = LaunchForm.model_validate({"inputs": [{"name": "a", "uri": "s3://others-data/x/"}]})
    last_used.keep(FormKey("a.ipynb", "eve", place), form, "")
    last_used.keep(FormKey("b.ipynb", "eve", "1/elsewhere"), form, "")
    box.control.fail("ListBuckets", "AccessDeniedException")
    found = browse(account, "")
    assert [each.uri for each in found.entries] == [f"s3://{box.bucket}/", "s3://others-data/"]
    assert found.problem is not None
    assert found.problem.permission == "s3:ListAllMyBuckets"
    assert not found.complete


def test_expired_credentials_are_no_listing(account: Account, box: Sandbox) -> None:
    box.control.fail("*", "ExpiredTokenException")
    with pytest.raises(errors.Expired):
        browse(account, "")
