"""An archive of files, each at its place and with the same bytes for the same content."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from .archives import Archive, Part
from .digests import changed

# zipfile takes no earlier date; a constant one makes unchanged files the same bytes.
EPOCH = 315_619_200  # 1980-01-02 UTC
CHUNK = 4 * 1024 * 1024
START = "SMEXT.start"
"""The pax header of a part of a large file: where in the file it begins."""
_SAMPLE = 32 * 1024
_WORTH_IT = 0.9


def pack(folder: Path, archive: Archive, target: IO[bytes], watch: Callable[[], None] = lambda: None) -> None:
    """Write the archive's parts as tar.gz. `watch` is called every few megabytes; what it raises ends it.

    Raises errors.Conflict where a file is not what its digest says, and OSError.
    """
    with (
        _Gzip(target, watch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for part in archive.parts:
            _add(tar, folder, part)


def _add(tar: tarfile.TarFile, folder: Path, part: Part) -> None:
    info = tarfile.TarInfo(part.name)
    info.size, info.mtime = part.bytes, EPOCH
    info.mode = 0o755 if part.executable else 0o644
    if not part.whole:
        info.pax_headers = {START: str(part.start)}
    try:
        file = (folder / part.path).open("rb")
    except FileNotFoundError as error:
        raise changed(part.path) from error
    with file:
        file.seek(part.start)
        reader = _Hashing(file)
        try:
            tar.addfile(info, reader)
        except OSError as error:
            if reader.count < part.bytes:
                raise changed(part.path) from error
            raise
    if reader.digest.hexdigest() != part.digest:
        raise changed(part.path)


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

    def __init__(self, target: IO[bytes], watch: Callable[[], None]) -> None:
        self._target, self._watch = target, watch
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
        self._watch()
        middle = len(content) // 2
        sample = content[middle : middle + _SAMPLE]
        small = len(zlib.compress(sample, 1)) <= _WORTH_IT * len(sample)
        self._target.write(gzip.compress(content, 1 if small else 0, mtime=0))
