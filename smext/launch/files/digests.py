"""What was in a file when it was last read: kept on disk, so that files that did not change are not read again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from ... import disk, errors
from .archives import parts_of
from .selection import FileSet, FoundFile, is_executable, mark_of

YOUNG_SECONDS = 2.0
"""A file that changed so lately may change again without a trace: some file systems count whole seconds."""
KEPT = 100
MOST = 100_000
"""Files that are known of one folder; those that are gone make room."""
READERS = 4
_CHUNK = 1024 * 1024
_LEFT_SECONDS = 3600.0

Known = tuple[FoundFile, list[str]]
"""A file as it was read, and the SHA-256 of its parts in hex."""


class Digests:
    """SHA-256 of the files of one folder, in hex, by path. Reading and writing never raise."""

    def __init__(self, folder: Path, store: Path | None = None) -> None:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]
        self._file = (store or disk.cache_folder("digests")) / f"{name}.json"
        found = disk.read(self._file)
        self._known: dict[str, list[object]] = found if isinstance(found, dict) else {}

    def get(self, found: FoundFile) -> list[str] | None:
        """Those of its parts; None where the file has changed since, or was never read."""
        known, count = self._known.get(found.path), len(found.mark)
        if not isinstance(known, list) or known[:count] != list(found.mark):
            return None
        digests = [str(each) for each in known[count:]]
        return digests if len(digests) == len(parts_of(found.bytes)) else None

    def put(self, found: FoundFile, changed: float, digests: list[str]) -> None:
        """Remember a file's digests. `changed`: when it was last changed, as a Unix time in seconds."""
        if time.time() - changed > YOUNG_SECONDS:
            self._known.pop(found.path, None)
            self._known[found.path] = [*found.mark, *digests]

    def save(self) -> None:
        """Another process may do the same at the same time: the last one counts."""
        with contextlib.suppress(OSError):
            disk.replace(self._file, dict(list(self._known.items())[-MOST:]))
            self._clear(self._file.parent)

    def _clear(self, folder: Path) -> None:
        newest_first = sorted(folder.glob("*.json"), key=lambda path: -path.stat().st_mtime)
        for old in newest_first[KEPT:]:
            old.unlink(missing_ok=True)
        for part in folder.glob(f"*{disk.DRAFT}"):
            if time.time() - part.stat().st_mtime > _LEFT_SECONDS:
                part.unlink(missing_ok=True)


def read(found: FileSet, check: Callable[[], None]) -> list[Known]:
    """Return the files with their digests, reading those that are not known. `check` may raise to end it.

    A file that went away meanwhile is passed over. Raises errors.SmextError where one cannot be read.
    """
    assert found.folder is not None
    folder, digests = found.folder, Digests(found.folder)
    unknown = [each for each in found.files if digests.get(each) is None]
    anew: dict[str, Known | None] = {}
    if unknown:
        with ThreadPoolExecutor(READERS, thread_name_prefix="smext-read") as pool:
            reading = [pool.submit(_read, folder, each.path, digests, check) for each in unknown]
            try:
                anew = {each.path: future.result() for each, future in zip(unknown, reading, strict=True)}
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            finally:
                digests.save()
    known = []
    for each in found.files:
        again = anew.get(each.path) if each.path in anew else (each, digests.get(each) or [])
        if again is not None:
            known.append(again)
    return known


def _read(folder: Path, path: str, digests: Digests, check: Callable[[], None]) -> Known | None:
    try:
        with (folder / path).open("rb") as file:
            status = os.fstat(file.fileno())
            found = FoundFile(path, status.st_size, mark_of(status), is_executable(status))
            read = [_digest(file, path, length, check) for _, length in parts_of(status.st_size)]
            # What is added at its end meanwhile is not of this launch.
            if mark_of(os.fstat(file.fileno())) == found.mark:
                digests.put(found, max(status.st_mtime, status.st_ctime), read)
            return found, read
    except FileNotFoundError:
        return None
    except OSError as error:
        raise errors.SmextError(
            f"Could not read a file that goes along: {path} ({error.strerror or error})",
            advice="Make it readable, or name it in .smextignore.",
            field="include_files",
        ) from error


def _digest(file: IO[bytes], path: str, length: int, check: Callable[[], None]) -> str:
    digest, left = hashlib.sha256(), length
    while left:
        check()
        content = file.read(min(_CHUNK, left))
        if not content:
            raise changed(path)
        digest.update(content)
        left -= len(content)
    return digest.hexdigest()


def changed(path: str) -> errors.Conflict:
    """Make the error of a file that changes while it is read."""
    return errors.Conflict(
        f"A file changed while it was read: {path}",
        advice="Wait until it is written, or name it in .smextignore.",
        field="include_files",
    )


def known(found: FileSet) -> list[tuple[FoundFile, list[str] | None]]:
    """Return the files with their digests as far as they are known without reading."""
    if found.folder is None:
        return []
    digests = Digests(found.folder)
    return [(each, digests.get(each)) for each in found.files]
