"""Buckets, folders and objects, for who chooses an input."""

from __future__ import annotations

from .. import errors
from ..api import S3Entry, S3Listing
from ..aws import Account
from .storage import split


def browse(account: Account, uri: str) -> S3Listing:
    """What is below a prefix, or the buckets where `uri` is empty. Raises errors.Invalid for a bad address."""
    try:
        return _below(account, uri) if uri else _buckets(account)
    except errors.Invalid:
        raise
    except errors.SmextError as error:
        return S3Listing(uri=uri, complete=False, problem=error.problem())


def _buckets(account: Account) -> S3Listing:
    found = account.call("s3", "ListBuckets").get("Buckets") or []
    return S3Listing(
        uri="",
        entries=[
            S3Entry(name=each["Name"], uri=f"s3://{each['Name']}/", modified=each.get("CreationDate"))
            for each in found
        ],
    )


def _below(account: Account, uri: str) -> S3Listing:
    bucket, prefix = split(uri)
    page = account.call("s3", "ListObjectsV2", Bucket=bucket, Prefix=prefix, Delimiter="/")
    folders = [each["Prefix"] for each in page.get("CommonPrefixes") or []]
    objects = [each for each in page.get("Contents") or [] if each["Key"] != prefix]
    start = len(prefix[: prefix.rfind("/") + 1])
    return S3Listing(
        uri=uri,
        entries=[
            *(S3Entry(name=each[start:], uri=f"s3://{bucket}/{each}") for each in folders),
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
