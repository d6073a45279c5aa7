"""The bucket of the run: whether it is there, and where."""

from __future__ import annotations

from dataclasses import dataclass

from ... import errors
from ...api import Check, check
from ...aws import s3
from ...aws.account import Account
from ...aws.cache import remembered
from ..s3_layout import RunBucket
from .base import Online, Question
from .context import Context


@dataclass(frozen=True)
class Looked:
    """A bucket as it was seen; its region is empty where that is not said."""

    exists: bool
    region: str = ""


def seen(account: Account, bucket: RunBucket) -> Looked:
    """As `look_at`, asked for at most once a minute."""
    found: Looked = remembered(account, ("bucket", bucket), lambda: look_at(account, bucket))
    return found


def look_at(account: Account, bucket: RunBucket) -> Looked:
    """Look at a bucket. Raises errors.SmextError: Denied where it may not be looked at or is somebody else's."""
    owner = {"ExpectedBucketOwner": bucket.owner} if bucket.owner else {}
    doing = f"look at the bucket {bucket.name}"
    try:
        found = s3.ask(account, "head_bucket", doing, Bucket=bucket.name, **owner)
    except errors.NotFound:
        return Looked(exists=False)
    headers = (found.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    return Looked(True, str(found.get("BucketRegion") or headers.get("x-amz-bucket-region") or ""))


def of_bucket(found: RunBucket, looked: Looked, region: str) -> Check:
    """Check that the bucket exists in the job's region, or say that it will be created."""
    if looked.exists and looked.region not in ("", region):
        message = f"The bucket lies in another region than the job ({looked.region}): {found.name}"
        return check("bucket", "will fail", message, f"Choose one in {region} in the {found.source}.")
    if looked.exists:
        return check("bucket", "ok", f"{found.name} ({found.source})")
    message = f"The bucket does not exist and will be created: {found.name}"
    if found.owner:
        return check("bucket", "ok", message)
    return check("bucket", "warning", message, f"Check its name in the {found.source}.")


def _questions(context: Context) -> dict[str, Question]:
    account, bucket = context.account, context.asked.run.bucket
    return {
        "the bucket": Question(
            "bucket", None, lambda: [of_bucket(bucket, seen(account, bucket), account.region)]
        )
    }


CHECKS = (Online(390, _questions),)
