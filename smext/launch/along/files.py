"""The notebook's folder: what goes along, what stays and why."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...api import LeftOut
from ..limits import Limits
from . import ignore
from .ignore import Chain

# Made by tools and made again when wanted: not worth a word.
GENERATED = {
    "__pycache__", ".ipynb_checkpoints", ".git", ".venv", "node_modules", ".DS_Store", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".gitignore", ".gitattributes", ".gitkeep", ignore.OWN,
}  # fmt: skip
GENERATED_SUFFIXES = (".pyc", ".pyo")
SECRET = re.compile(
    r"\.env(\..*)?|.*\.(pem|key|pfx|p12|jks|keystore)|id_(rsa|dsa|ecdsa|ed25519).*|\.?credentials(\.\w+)?"
    r"|\.netrc|\.pypirc|\.pgpass|\.aws|\.ssh|\.kaggle|kaggle\.json|.*service[-_]account.*\.json|secrets?\.(json|ya?ml|toml|ini)",
    re.IGNORECASE,
)
SHOWN = 100
NOT_UTF_8 = "its name is not UTF-8"
LOOKS_SECRET = "looks like a secret"


@dataclass(frozen=True, slots=True)
class Found:
    """A file: its path from the notebook's folder with `/`, maybe with `../` before it; its size in bytes.

    `mark` changes when the file does.
    """

    path: str
    bytes: int
    mark: tuple[int, ...] = ()
    executable: bool = False


@dataclass
class FileSet:
    """What goes along, nearest first. `complete` is False where looking stopped early."""

    folder: Path | None = None
    files: list[Found] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    complete: bool = True
    bytes: int = 0
    paths: list[str] = field(default_factory=list)
    """Folders that the notebook imports from, as it sees them."""
    _paths: set[str] = field(default_factory=set)

    def take(self, path: str, status: os.stat_result) -> None:
        """Add a file, unless it is there."""
        if path not in self._paths:
            self._paths.add(path)
            self.files.append(Found(path, status.st_size, mark_of(status), is_executable(status)))
            self.bytes += status.st_size

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def leave(self, path: str, why: str) -> None:
        if len(self.left_out) < SHOWN:
            # A name that is not UTF-8 can be on the disk, but not in an answer.
            self.left_out.append(LeftOut(path=path.encode("utf-8", "replace").decode(), why=why))
        elif len(self.left_out) == SHOWN:
            self.left_out.append(LeftOut(path="…", why="and more"))

    @property
    def place(self) -> str:
        """The notebook's folder in the job's working tree, whose root is the highest folder that anything is from."""
        above = max((_ups(path) for path in [*self.paths, *(each.path for each in self.files)]), default=0)
        return posixpath.join(*self.folder.parts[-above:]) if above and self.folder else ""


def mark_of(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_executable(status: os.stat_result) -> bool:
    return bool(status.st_mode & stat.S_IXUSR)


def in_tree(place: str, path: str) -> str:
    """A path from the notebook's folder, as a path in the working tree; `place` is that folder in the tree."""
    return posixpath.normpath(posixpath.join(place, path)) if place or path.startswith(".") else path


def is_secret(name: str) -> bool:
    return bool(SECRET.fullmatch(name))


def scan(folder: Path, notebook: str, limits: Limits) -> FileSet:
    """Look through a folder, nearest files first, within the limits.

    `notebook` is the file that is left out because it is sent as it is on the screen. Never raises.
    """
    found = FileSet(folder)
    for entry, path in _walk(folder, "", ignore.above(folder), found, limits):
        if path != notebook:
            _take(found, entry, path)
    return found


def add_folder(found: FileSet, folder: Path, prefix: str, limits: Limits) -> None:
    """Add what lies in another folder, by the rules that lie in it; `prefix` leads to it and ends with `/`."""
    for entry, path in _walk(folder, prefix, Chain(), found, limits):
        if path not in found:
            _take(found, entry, path)


def _take(found: FileSet, entry: os.DirEntry[str], path: str) -> None:
    try:
        found.take(path, entry.stat())
    except OSError as error:
        found.leave(path, f"cannot be read ({error.strerror})")


def _ups(path: str) -> int:
    parts = path.split("/")
    return next((index for index, part in enumerate(parts) if part != ".."), len(parts))


def _walk(
    folder: Path, first: str, rules: Chain, found: FileSet, limits: Limits
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Files that no rule leaves out; a folder's files before those of its folders."""
    base = os.path.realpath(folder)
    waiting = deque([(str(folder), first, rules)])
    seen = 0
    while waiting:
        place, prefix, chain = waiting.popleft()
        entries = _entries(place, prefix, found)
        chain = chain.below(place, (entry.name for entry in entries))
        for entry in entries:
            seen += 1
            if seen > limits.max_entries:
                found.complete = False
                return
            path = prefix + entry.name
            if _stays(entry, path, base, chain, found):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{path}/", chain))
            else:
                yield entry, path


def _entries(place: str, prefix: str, found: FileSet) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        found.leave(prefix or ".", f"cannot be read ({error.strerror})")
        return []


def _stays(entry: os.DirEntry[str], path: str, base: str, chain: Chain, found: FileSet) -> bool:
    """Whether a rule leaves it out; says so in `found`."""
    name = entry.name
    if name in GENERATED or name.endswith(GENERATED_SUFFIXES):
        return True
    why = _reason(entry, base) or chain.reason(entry.path, entry.is_dir(follow_symlinks=False))
    if why:
        found.leave(path, why)
    return bool(why)


def _reason(entry: os.DirEntry[str], base: str) -> str:
    name = entry.name
    if SECRET.fullmatch(name):
        return LOOKS_SECRET
    if name.startswith("."):
        return "hidden"
    try:
        if not is_encodable(name):
            return NOT_UTF_8
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


def is_encodable(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
