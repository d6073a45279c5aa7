"""Buckets, folders and objects, for who chooses an input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .. import errors
from ..api import S3Entry, S3Listing
from ..aws import s3
from ..aws.account import Account
from ..aws.cache import remembered
from ..aws.concurrent import FATAL
from ..aws.identity import whoami
from ..aws.s3 import split
from . import sdk_config
from .form import last_used
from .s3_layout import find_bucket

MOST = 1_000
"""Folders and objects of one look (S3: ListObjectsV2)."""
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
"""S3's rules, and those for buckets of the time before 2018."""


def browse(account: Account, uri: str) -> S3Listing:
    """List what is below a prefix, or the buckets where `uri` is empty.

    What may not be looked at is a problem of the listing, beside what is known all the same. Raises errors.Invalid
    for what is no address in S3, and the errors of credentials that are no good.
    """
    uri = uri.strip()
    try:
        return _below(account, uri) if uri else _buckets(account)
    except (errors.Invalid, *FATAL):
        raise
    except errors.SmextError as error:
        return S3Listing(uri=uri, complete=False, problem=error.problem())


def _buckets(account: Account) -> S3Listing:
    try:
        found = remembered(account, "buckets", lambda: _listed(account))
    except FATAL:
        raise
    except errors.SmextError as error:
        names = dict.fromkeys(_known(account))
        advice = f"{error.advice} Until then these are what is known; any other can be written.".strip()
        return S3Listing(
            uri="",
            entries=[_bucket(name) for name in names],
            complete=False,
            problem=error.problem().model_copy(update={"advice": advice}),
        )
    return S3Listing(uri="", entries=[_bucket(each["Name"], each.get("CreationDate")) for each in found])


def _listed(account: Account) -> list[dict[str, Any]]:
    return list(s3.ask(account, "list_buckets", "list the buckets").get("Buckets") or [])


def _known(account: Account) -> Iterator[str]:
    """Buckets that nobody has to be asked for: the SDK's own, and those of earlier launches. Asks for the account."""
    try:
        region, caller = account.region, whoami(account)
    except errors.SmextError:
        return
    bucket = find_bucket(sdk_config.load(account), region, caller.account)
    if bucket:
        yield bucket.name
    for uri in last_used.uris(f"{caller.account}/{region}"):
        if uri.startswith("s3://"):
            yield split(uri)[0]


def _below(account: Account, uri: str) -> S3Listing:
    bucket, prefix = split(uri)
    if not _BUCKET.fullmatch(bucket):
        raise errors.Invalid(
            f"No bucket has such a name: {bucket}", advice="Write it as s3://bucket/prefix/."
        )
    page = _page(account, bucket, prefix)
    start = prefix.rfind("/") + 1
    folders = [each["Prefix"] for each in page.get("CommonPrefixes") or []]
    # The console marks a folder with an object of its name.
    objects = [each for each in page.get("Contents") or [] if each["Key"] != prefix]
    return S3Listing(
        uri=uri,
        entries=[
            *(S3Entry(name=key[start:], uri=f"s3://{bucket}/{key}") for key in folders),
            *(
                S3Entry(
                    name=each["Key"][start:],
                    uri=f"s3://{bucket}/{each['Key']}",
                    bytes=each.get("Size"),
                    modified=each.get("LastModified"),
                )
                for each in objects
            ),
        ],
        complete=not page.get("IsTruncated"),
    )


def _page(account: Account, bucket: str, prefix: str) -> dict[str, Any]:
    doing = f"look into s3://{bucket}/{prefix}"
    return s3.ask(
        account, "list_objects_v2", doing, Bucket=bucket, Prefix=prefix, Delimiter="/", MaxKeys=MOST
    )


def _bucket(name: str, modified: Any = None) -> S3Entry:
    return S3Entry(name=f"{name}/", uri=f"s3://{name}/", modified=modified)
