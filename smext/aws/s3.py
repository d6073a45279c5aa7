"""S3 objects, read and written with the errors of this package."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from .. import errors
from . import service_errors
from .account import Account

MB = 1024 * 1024
PART_BYTES = 64 * MB
"""What is smaller goes in one call."""

Sent = Callable[[int], None]
"""Hears how many bytes more have gone, or fewer where some go again."""


ACTIONS = {
    "copy_object": "s3:GetObject",
    "create_bucket": "s3:CreateBucket",
    "get_bucket_encryption": "s3:GetEncryptionConfiguration",
    "get_bucket_policy": "s3:GetBucketPolicy",
    "get_object": "s3:GetObject",
    "head_bucket": "s3:ListBucket",
    "head_object": "s3:GetObject",
    "list_buckets": "s3:ListAllMyBuckets",
    "list_objects_v2": "s3:ListBucket",
    "put_object": "s3:PutObject",
}
"""IAM's action by the client's method: S3's permissions are not called as its operations are."""


def ask(account: Account, method: str, doing: str, **params: Any) -> dict[str, Any]:
    """Call a method of S3's client within the account's time limit.

    `doing` is what could not be done where it fails, such as `list the buckets`. Raises errors.SmextError.
    """
    function = getattr(account.client("s3"), method)
    return account.within(f"Could not {doing}", ACTIONS[method], lambda: dict(function(**params)))


@contextlib.contextmanager
def translated(doing: str, method: str) -> Iterator[None]:
    """Translate what is raised inside, without a time limit. Raises errors.SmextError."""
    try:
        yield
    except errors.SmextError:
        raise
    except Exception as error:
        raise service_errors.translate(error, f"Could not {doing}", ACTIONS[method]) from error


def split(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/some/key` into (`bucket`, `some/key`). Raises errors.Invalid."""
    # Not by urlsplit: a key may hold `#` and `?`.
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise errors.Invalid(f"Not an S3 address: {uri}", advice="Write it as s3://bucket/key.")
    return bucket, key


def read(account: Account, uri: str, most: int = 64 * MB) -> bytes:
    """Read a whole object of at most `most` bytes. Raises errors.SmextError, Invalid for a larger one."""
    body, size = open_object(account, uri)
    with contextlib.closing(body):
        if size <= most:
            found = account.within(
                f"Could not read {uri}", ACTIONS["get_object"], lambda: bytes(body.read(most + 1))
            )
            if len(found) <= most:
                return found
    raise errors.Invalid(
        f"The object is larger than the {most // MB} MB that are read of such a one: {uri}",
        advice="See who else writes below this prefix.",
    )


def open_object(account: Account, uri: str) -> tuple[Any, int]:
    """Open an object: its body, to be read and closed, and its size in bytes. Raises errors.SmextError."""
    bucket, key = split(uri)
    answer = ask(account, "get_object", f"read {uri}", Bucket=bucket, Key=key)
    return answer["Body"], int(answer.get("ContentLength") or 0)


def _parts() -> Any:
    from boto3.s3.transfer import TransferConfig

    # "classic": another client, where it is installed, calls back from a thread that no exception leaves.
    return TransferConfig(
        multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, preferred_transfer_client="classic"
    )


def modified(account: Account, uri: str, owner: str | None = None) -> datetime | None:
    """Return when the object was written, UTC; None where there is none. Raises errors.SmextError."""
    bucket, key = split(uri)
    expected = {"ExpectedBucketOwner": owner} if owner else {}
    try:
        found = ask(account, "head_object", f"look at {uri}", Bucket=bucket, Key=key, **expected)
    except errors.NotFound:
        return None
    written: datetime = found["LastModified"]
    return written


@dataclass(frozen=True)
class Writer:
    """Writer into one bucket. `owner` is the account that must own it: nobody else's bucket of that name."""

    account: Account
    owner: str | None = None
    kms_key: str | None = None
    _extra: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        extra: dict[str, Any] = {"ExpectedBucketOwner": self.owner} if self.owner else {}
        if self.kms_key:
            extra |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.kms_key}
        object.__setattr__(self, "_extra", extra)

    def put(self, uri: str, body: bytes) -> None:
        """Write a small object. Raises errors.SmextError."""
        bucket, key = split(uri)
        with translated(f"write {uri}", "put_object"):
            self.account.client("s3").put_object(Bucket=bucket, Key=key, Body=body, **self._extra)

    def put_file(self, uri: str, path: Path, sent: Sent | None = None) -> None:
        """Upload a file, as `put_stream` does."""
        try:
            with path.open("rb") as file:
                self.put_stream(uri, file, sent)
        except OSError as error:
            raise errors.SmextError(f"Could not read {path}: {error.strerror or error}") from error

    def put_stream(self, uri: str, file: IO[bytes], sent: Sent | None = None) -> None:
        """Upload a stream, in parts where it is large; `sent` gets bytes as they go, and may raise to end it.

        Raises errors.SmextError, and what `sent` raises.
        """
        bucket, key = split(uri)
        watched = _Watched(sent)
        try:
            with translated(f"write {uri}", "put_object"):
                self.account.client("s3").upload_fileobj(
                    file, bucket, key, ExtraArgs=self._extra or None, Config=_parts(), Callback=watched
                )
        except errors.SmextError:
            # Of what a callback raises, boto3 makes an error of its own.
            if watched.raised is not None:
                raise watched.raised from None
            raise

    def copy(self, source: str, target: str) -> None:
        """Copy an object of at most 5 GB within S3. Raises errors.SmextError."""
        bucket, key = split(target)
        origin = dict(zip(("Bucket", "Key"), split(source), strict=True))
        owner = {"ExpectedSourceBucketOwner": self.owner} if self.owner else {}
        with translated(f"copy {source}", "copy_object"):
            self.account.client("s3").copy_object(
                Bucket=bucket, Key=key, CopySource=origin, **owner, **self._extra
            )

    def renew(self, uri: str) -> None:
        """Update the modification time of an object of at most 5 GB, by a copy onto itself.

        Raises errors.SmextError.
        """
        bucket, key = split(uri)
        owner = {"ExpectedSourceBucketOwner": self.owner} if self.owner else {}
        with translated(f"renew {uri}", "put_object"):
            self.account.client("s3").copy_object(
                Bucket=bucket,
                Key=key,
                CopySource={"Bucket": bucket, "Key": key},
                # Without a change S3 copies nothing onto itself.
                MetadataDirective="REPLACE",
                **owner,
                **self._extra,
            )


class _Watched:
    """Progress callback that keeps what `sent` raises."""

    def __init__(self, sent: Sent | None) -> None:
        self._sent = sent
        self.raised: errors.SmextError | None = None

    def __call__(self, count: int) -> None:
        if self._sent is None:
            return
        try:
            self._sent(count)
        except errors.SmextError as error:
            self.raised = error
            raise
