"""Everything that goes along as one archive."""

from __future__ import annotations

import gzip
import os
import tarfile
from pathlib import Path
from typing import IO

from .files import FileSet, in_tree

# zipfile takes no earlier date; a constant one makes unchanged files the same bytes.
EPOCH = 315_619_200  # 1980-01-02 UTC


def pack(found: FileSet, target: IO[bytes]) -> None:
    """Write the files as tar.gz: the same files make the same bytes. One that went away meanwhile is passed over."""
    # Level 1: packing takes longer than sending within a region.
    assert found.folder is not None
    place = found.place
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(each.path for each in found.files):
            _add(archive, found.folder / path, in_tree(place, path))


def _add(archive: tarfile.TarFile, source: Path, name: str) -> None:
    try:
        file = source.open("rb")
    except OSError:
        return
    with file:
        status = os.fstat(file.fileno())
        info = tarfile.TarInfo(name)
        info.size, info.mtime = status.st_size, EPOCH
        info.mode = 0o755 if status.st_mode & 0o100 else 0o644
        archive.addfile(info, file)
