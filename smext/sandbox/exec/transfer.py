"""Transfers between S3 and the directories of a job."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError


class TransferError(Exception):
    """Failed download or upload; the text says which and why."""


def split(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/key` into bucket and key."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def download(s3: Any, uri: str, directory: Path, *, may_be_empty: bool = False) -> int:
    """Download all objects below a prefix into a directory; return their number."""
    bucket, prefix = split(uri)
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                count += _fetch(s3, bucket, item["Key"], directory / _relative(item["Key"], prefix))
    except ClientError as error:
        raise TransferError(f"Data download failed: {error.response['Error']['Message']}: {uri}") from error
    if not count and not may_be_empty:
        raise TransferError(f"No S3 objects found under S3 URL: {uri}")
    return count


def download_listed(s3: Any, uri: str, directory: Path) -> int:
    """Download the objects that a manifest names, under their whole keys; return their number.

    Sources: S3DataSource.S3Uri in the API reference: `[{"prefix": "s3://bucket/some/"}, "path/of/one", ...]`; the
    layout as seen in aws/sagemaker-python-sdk#723.
    """
    bucket, key = split(uri)
    directory.mkdir(parents=True, exist_ok=True)
    try:
        first, *names = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        there, prefix = split(first["prefix"])
        for name in names:
            _fetch(s3, there, prefix + name, directory / (prefix + name))
    except ClientError as error:
        raise TransferError(f"Data download failed: {error.response['Error']['Message']}: {uri}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise TransferError(f"The manifest cannot be read: {uri}") from error
    if not names:
        raise TransferError(f"The manifest names no S3 objects: {uri}")
    return len(names)


def _fetch(s3: Any, bucket: str, key: str, target: Path) -> int:
    if key.endswith("/"):
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    s3.download_file(bucket, key, str(target))
    return 1


def _relative(key: str, prefix: str) -> str:
    """Return the path below the prefix; where the prefix ends inside a name, the name counts whole."""
    folder = prefix if prefix.endswith("/") or key.startswith(prefix + "/") else prefix.rpartition("/")[0]
    return key[len(folder) :].lstrip("/") or key.rpartition("/")[2]


AT_ONCE = 32 * 1024 * 1024
"""Bytes of a file that is read whole before it is sent."""


class Mirror:
    """Repeated upload of a directory, each time only what has changed."""

    def __init__(self, s3: Any, directory: Path, uri: str) -> None:
        self._s3 = s3
        self._directory = directory
        self._bucket, self._prefix = split(uri)
        self._sent: dict[str, tuple[int, int]] = {}

    def seen(self) -> None:
        """Mark what is there now as uploaded."""
        self._sent = {name: _mark(path) for name, path in self._files()}

    def sync(self) -> None:
        """Upload what has changed since the last time."""
        for name, path in self._files():
            mark = (0, 0)
            try:
                mark = _mark(path)
                if self._sent.get(name) != mark:
                    self._send(path, self._key(name))
                    self._sent[name] = mark
            except FileNotFoundError:
                continue
            except Exception as error:
                if path.exists() and _mark(path) == mark:
                    raise TransferError(f"Upload failed: {error}") from error
                # Written to while it was read: the next time brings it whole.

    def _send(self, path: Path, key: str) -> None:
        """Upload one file, small ones from memory: one that shrinks would leave S3 waiting for the rest."""
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > AT_ONCE:
                self._s3.upload_fileobj(file, self._bucket, key)
            else:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=file.read())

    def _key(self, name: str) -> str:
        return f"{self._prefix.rstrip('/')}/{name}".lstrip("/")

    def _files(self) -> list[tuple[str, Path]]:
        found = []
        for folder, _, names in os.walk(self._directory):
            for name in names:
                path = Path(folder, name)
                if path.is_file():
                    found.append((path.relative_to(self._directory).as_posix(), path))
        return found


def _mark(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def archive(s3: Any, directory: Path, uri: str, name: str, scratch: Path) -> bool:
    """Upload a directory as one tar file; return False and upload nothing where it is empty."""
    if not directory.is_dir() or not any(directory.iterdir()):
        return False
    packed = scratch / name
    with tarfile.open(packed, "w:gz") as tar:
        for item in sorted(directory.iterdir()):
            tar.add(item, arcname=item.name)
    bucket, prefix = split(uri)
    try:
        s3.upload_file(str(packed), bucket, f"{prefix.rstrip('/')}/{name}")
    except Exception as error:
        raise TransferError(f"Upload failed: {error}") from error
    return True
