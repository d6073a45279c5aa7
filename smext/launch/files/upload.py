"""The files on their way to the bucket. What it has is not sent again; the run reads it where it is kept."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar, cast

from ... import errors
from ...aws import s3
from ...aws.account import Account
from ...aws.cache import learn, remembered
from ...aws.s3 import Writer
from ..progress import LaunchState
from ..s3_layout import RunLayout
from . import digests
from .archives import Archive, divide
from .pack import pack
from .selection import FileSet

T = TypeVar("T")
SENDERS = 8
ASKERS = 16
FRESH = timedelta(days=7)
"""What is older is made young again when it is used, so that no lifecycle rule takes it from a waiting job."""


@dataclass(frozen=True)
class ArchiveStore:
    """Where archives are kept for all runs of one bucket; `encryption` is the KMS key that they must have."""

    run: RunLayout
    encryption: str | None = None

    @property
    def uri(self) -> str:
        """Return the S3 URI of the archives' cache."""
        return self.run.cache_uri

    def name(self, archive: Archive) -> str | None:
        """None where the archive's files must be read to know."""
        key = archive.key(self.encryption)
        return f"{key}.tar.gz" if key else None


@dataclass(frozen=True)
class StoredArchives:
    """Bytes of files that the bucket has and that it lacks, before they are packed."""

    there: int = 0
    lacking: int = 0


def find_stored(account: Account, found: FileSet, shelf: ArchiveStore) -> StoredArchives:
    """How much of the files is in the bucket, as far as that is known without reading them; from memory for a minute.

    Raises errors.SmextError where that may not be asked.
    """
    files = digests.known(found)
    if not any(known for _, known in files):
        # Of many files that nobody has read there is nothing to count.
        return StoredArchives(lacking=found.bytes)
    archives = divide(files, found.place)
    names = {archive: shelf.name(archive) for archive in archives}
    asked = [name for name in names.values() if name]
    kept = dict(zip(asked, _all(ASKERS, [_asking(account, shelf, name) for name in asked]), strict=True))
    there = sum(archive.bytes for archive, name in names.items() if name and kept[name])
    return StoredArchives(there, found.bytes - there)


def _asking(account: Account, shelf: ArchiveStore, name: str) -> Callable[[], bool]:
    def ask() -> bool:
        return s3.modified(account, shelf.uri + name, shelf.run.bucket.owner) is not None

    return lambda: bool(remembered(account, _question(shelf, name), ask))


def _question(shelf: ArchiveStore, name: str) -> tuple[str, str]:
    return "archive", shelf.uri + name


def send(writer: Writer, found: FileSet, run: RunLayout, way: LaunchState) -> None:
    """Put what the bucket lacks on the shelf, and the list of all of it beside the run's other inputs.

    Raises errors.SmextError; errors.Cancelled where the launch is called back.
    """
    assert found.folder is not None
    shelf, folder = ArchiveStore(run, writer.kms_key), found.folder
    archives = {shelf.name(each) or "": each for each in divide(digests.read(found, way.check), found.place)}
    if not archives:
        raise digests.changed(found.files[0].path)

    def put_list() -> bool:
        writer.put(run.manifest_uri, manifest(shelf, archives))
        return False

    _, *missing = _all(ASKERS, [put_list, *(_looking(writer, shelf, name) for name in archives)])
    lacking = {name: archive for (name, archive), gone in zip(archives.items(), missing, strict=True) if gone}
    way.expect(sum(each.bytes for each in lacking.values()))
    way.enter("uploading")
    work = [_sending(writer, folder, shelf, name, archive, way) for name, archive in lacking.items()]
    _all(SENDERS, work)


def manifest(shelf: ArchiveStore, names: Iterable[str]) -> bytes:
    """Make the manifest file's body, which lists the archives of a run (S3DataType ManifestFile)."""
    return json.dumps([{"prefix": shelf.uri}, *sorted(names)]).encode()


def _looking(writer: Writer, shelf: ArchiveStore, name: str) -> Callable[[], bool]:
    """Whether it has to be sent; makes an old one young. What may not be asked is sent."""
    uri = shelf.uri + name

    def look() -> bool:
        with contextlib.suppress(errors.SmextError):
            modified = s3.modified(writer.account, uri, writer.owner)
            if modified is None:
                return True
            if datetime.now(timezone.utc) - modified > FRESH:
                writer.renew(uri)
            return False
        return True

    return look


def _sending(
    writer: Writer, folder: Path, shelf: ArchiveStore, name: str, archive: Archive, way: LaunchState
) -> Callable[[], None]:
    def go() -> None:
        way.check()
        with tempfile.TemporaryFile(prefix="smext-") as file:
            try:
                pack(folder, archive, file, way.check)
            except OSError as error:
                raise errors.SmextError(
                    f"Could not pack the files: {error.strerror or error}",
                    advice="Free some space, or launch without the files.",
                    field="include_files",
                ) from error
            size = file.tell()
            file.seek(0)
            count = Scaled(way.sent, size, archive.bytes)
            writer.put_stream(shelf.uri + name, file, count.add)
            count.finish()
        learn(writer.account, _question(shelf, name), True)

    return go


class Scaled:
    """Counts an archive's bytes as those of its files."""

    def __init__(self, sent: Callable[[int], None], size: int, bytes: int) -> None:
        self._sent, self._size, self._bytes = sent, max(size, 1), bytes
        self._count = self._told = 0

    def add(self, count: int) -> None:
        """Count bytes as they are sent, and tell them on the scale of the whole."""
        self._count += count
        self._tell(self._count * self._bytes // self._size)

    def finish(self) -> None:
        """Tell that all bytes are there."""
        self._tell(self._bytes)

    def _tell(self, now: int) -> None:
        more, self._told = now - self._told, now
        self._sent(more)


def _all(most: int, work: Sequence[Callable[[], T]]) -> list[T]:
    """Do all, `most` at once. The first error ends it: what has not begun does not begin."""
    if not work:
        return []
    failed: list[BaseException] = []

    def do(each: Callable[[], T]) -> T | None:
        if failed:
            return None
        try:
            return each()
        except BaseException as error:
            failed.append(error)
            return None

    with ThreadPoolExecutor(min(most, len(work)), thread_name_prefix="smext-send") as pool:
        done = list(pool.map(do, work))
    if failed:
        raise failed[0]
    return cast("list[T]", done)
