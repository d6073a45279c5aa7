"""The notebook's folder: what goes along, what stays and why, and all of it as one archive."""

from __future__ import annotations

import gzip
import os
import re
import stat
import tarfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..api import LeftOut
from .limits import MB, Limits

# Made by tools and made again when wanted: not worth a word.
GENERATED = {"__pycache__", ".ipynb_checkpoints", ".git", ".venv", "node_modules", ".DS_Store", ".mypy_cache"}
GENERATED_SUFFIXES = (".pyc", ".pyo")
SECRET = re.compile(
    r"\.env(\..*)?|.*\.(pem|key|pfx|p12|jks|keystore)|id_(rsa|dsa|ecdsa|ed25519).*|\.?credentials(\.\w+)?"
    r"|\.netrc|\.pypirc|\.pgpass|\.aws|\.ssh|\.kaggle|kaggle\.json|.*service[-_]account.*\.json|secrets?\.(json|ya?ml|toml|ini)",
    re.IGNORECASE,
)
SHOWN = 100
# zipfile takes no earlier date; a constant one makes unchanged files the same bytes.
EPOCH = 315_619_200  # 1980-01-02 UTC


@dataclass(frozen=True)
class Found:
    """A file: its path below the folder with `/`, and its size in bytes."""

    path: str
    bytes: int


@dataclass
class FileSet:
    """The files of a folder, nearest first. `complete` is False where looking stopped early."""

    folder: Path | None = None
    files: list[Found] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    complete: bool = True
    cut: bool = False
    """A limit, and no rule, left files out."""

    @property
    def bytes(self) -> int:
        return sum(found.bytes for found in self.files)

    def leave(self, path: str, why: str) -> None:
        if len(self.left_out) < SHOWN:
            self.left_out.append(LeftOut(path=path, why=why))
        elif len(self.left_out) == SHOWN:
            self.left_out.append(LeftOut(path="…", why="and more"))


def scan(folder: Path, notebook: str, limits: Limits) -> FileSet:
    """Look through a folder, nearest files first, within the limits.

    `notebook` is the file that is left out because it is sent as it is on the screen. Never raises.
    """
    found = FileSet(folder)
    total = 0
    for entry, path in _walk(folder, found, limits):
        if path == notebook:
            continue
        size = entry.stat().st_size
        if size > limits.max_file_bytes:
            found.leave(path, f"larger than {limits.max_file_bytes // MB} MB")
        elif len(found.files) >= limits.max_files:
            found.leave(path, f"more than {limits.max_files} files")
        elif total + size > limits.max_files_bytes:
            found.leave(path, f"more than {limits.max_files_bytes // MB} MB in all")
        else:
            found.files.append(Found(path, size))
            total += size
            continue
        found.cut = True
    return found


def _walk(folder: Path, found: FileSet, limits: Limits) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Files that no rule leaves out; a folder's files before those of its folders."""
    base = os.path.realpath(folder)
    waiting = deque([(str(folder), "")])
    seen = 0
    while waiting:
        place, prefix = waiting.popleft()
        for entry in _entries(place, prefix, found):
            seen += 1
            if seen > limits.max_entries:
                found.complete = False
                return
            path = prefix + entry.name
            if _stays(entry, path, base, found):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{path}/"))
            else:
                yield entry, path


def _entries(place: str, prefix: str, found: FileSet) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        found.leave(prefix or ".", f"cannot be read ({error.strerror})")
        return []


def _stays(entry: os.DirEntry[str], path: str, base: str, found: FileSet) -> bool:
    """Whether a rule leaves it out; says so in `found`."""
    name = entry.name
    if name in GENERATED or name.endswith(GENERATED_SUFFIXES):
        return True
    why = _reason(entry, base)
    if why:
        found.leave(path, why)
    return bool(why)


def _reason(entry: os.DirEntry[str], base: str) -> str:
    name = entry.name
    if SECRET.fullmatch(name):
        return "looks like a secret"
    if name.startswith("."):
        return "hidden"
    try:
        if not _encodable(name):
            return "its name is not UTF-8"
        if entry.is_symlink():
            return _link_reason(entry, base)
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            return "a virtual environment" if os.path.exists(os.path.join(entry.path, "pyvenv.cfg")) else ""
        if not stat.S_ISREG(mode):
            return "neither a file nor a folder"
        return "" if os.access(entry.path, os.R_OK) else "cannot be read"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _link_reason(entry: os.DirEntry[str], base: str) -> str:
    target = os.path.realpath(entry.path)
    if target != base and not target.startswith(base + os.sep):
        return "a link out of the folder"
    if SECRET.fullmatch(os.path.basename(target)):
        return "a link to what looks like a secret"
    return "" if os.path.isfile(target) else "a link to a folder, or to nothing"


def _encodable(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def pack(found: FileSet, target: IO[bytes]) -> None:
    """Write the files as tar.gz: the same files make the same bytes. One that went away meanwhile is passed over."""
    # Level 1: packing takes longer than sending within a region.
    assert found.folder is not None
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for item in sorted(found.files, key=lambda item: item.path):
            _add(archive, found.folder / item.path, item.path)


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
