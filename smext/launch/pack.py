"""Everything that goes along as one archive, each file read once."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from pathlib import Path
from typing import IO, Any

from .. import errors
from .digests import Digests, entry, key
from .files import FileSet, in_tree, is_executable, mark_of

# zipfile takes no earlier date; a constant one makes unchanged files the same bytes.
EPOCH = 315_619_200  # 1980-01-02 UTC
CHUNK = 4 * 1024 * 1024
_SAMPLE = 32 * 1024
_WORTH_IT = 0.9


def pack(found: FileSet, target: IO[bytes], digests: Digests) -> str:
    """Write the files as tar.gz and return the archive's key.

    One that went away meanwhile is passed over. Raises errors.Conflict where one shrinks while it is read.
    """
    assert found.folder is not None
    place, entries = found.place, {}
    with (
        _Gzip(target) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(each.path for each in found.files):
            name = in_tree(place, path)
            file = _opened(found.folder / path)
            if file is not None:
                with file:
                    entries[name] = _add(archive, file, path, name, digests)
    return key(entries)


def _opened(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except OSError:
        return None


def _add(archive: tarfile.TarFile, file: IO[bytes], path: str, name: str, digests: Digests) -> str:
    """The file's line in the archive's key."""
    status = os.fstat(file.fileno())
    info = tarfile.TarInfo(name)
    info.size, info.mtime = status.st_size, EPOCH
    info.mode = 0o755 if is_executable(status) else 0o644
    reader = _Hashing(file)
    try:
        archive.addfile(info, reader)
    except OSError as error:
        if reader.count < status.st_size:
            raise errors.Conflict(
                f"A file changed while it was read: {path}",
                advice="Wait until it is written, or name it in .smextignore.",
                field="include_files",
            ) from error
        raise
    digest, mark = reader.digest.hexdigest(), mark_of(status)
    if mark_of(os.fstat(file.fileno())) == mark:
        digests.put(path, mark, max(status.st_mtime, status.st_ctime), digest)
    return entry(is_executable(status), digest)


class _Hashing:
    """A file whose digest grows as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.digest.update(content)
        self.count += len(content)
        return content


class _Gzip(io.RawIOBase):
    """A gzip stream in parts: what cannot be made smaller is stored, as trying takes longer than sending."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._waiting = bytearray()
        self._count = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def write(self, content: Any) -> int:
        self._waiting += content
        self._count += len(content)
        if len(self._waiting) >= CHUNK:
            self._flush()
        return len(content)

    def close(self) -> None:
        if not self.closed and self._waiting:
            self._flush()
        super().close()

    def _flush(self) -> None:
        content = bytes(self._waiting)
        self._waiting.clear()
        middle = len(content) // 2
        sample = content[middle : middle + _SAMPLE]
        small = len(zlib.compress(sample, 1)) <= _WORTH_IT * len(sample)
        self._target.write(gzip.compress(content, 1 if small else 0, mtime=0))
