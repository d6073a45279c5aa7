"""The notebook's folder: what goes along, what stays and why."""

from __future__ import annotations

import os
import posixpath
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...api import LeftOut
from ..limits import Limits
from . import ignore, secrets
from .ignore import Chain
from .own_copies import is_copy_of_run
from .secrets import is_secret

# Made by tools and made again when wanted: not worth a word.
GENERATED = {
    "__pycache__", ".ipynb_checkpoints", ".git", ".venv", "node_modules", ".DS_Store", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".gitignore", ".gitattributes", ".gitkeep", ignore.OWN,
}  # fmt: skip
GENERATED_SUFFIXES = (".pyc", ".pyo")
SHOWN = 100
NOT_UTF_8 = "its name is not UTF-8"
LOOKS_SECRET = "looks like a secret"
HIDDEN = "hidden"
COPY_OF_RUN = "a copy of a run's notebook"
LINKED_SECRET = "a hard link to what looks like a secret"


@dataclass(frozen=True, slots=True)
class FoundFile:
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
    files: list[FoundFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    complete: bool = True
    bytes: int = 0
    paths: list[str] = field(default_factory=list)
    """Folders that the notebook imports from, as it sees them."""
    _paths: set[str] = field(default_factory=set)
    _linked: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Device and inode of files that have another name somewhere, by path."""
    _kept_back: list[str] = field(default_factory=list)
    """Absolute paths of what stays because nobody else should read it."""

    def take(self, path: str, status: os.stat_result) -> None:
        """Add a file, unless it is there."""
        if path not in self._paths:
            self._paths.add(path)
            self.files.append(FoundFile(path, status.st_size, mark_of(status), is_executable(status)))
            self.bytes += status.st_size

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def note_link(self, path: str, status: os.stat_result) -> None:
        """Remember a file that has another name, to be compared with what stays."""
        if status.st_nlink > 1:
            self._linked[path] = (status.st_dev, status.st_ino)

    def keep_back(self, place: str) -> None:
        """Remember a file or folder that nobody else should read: no other name of it goes along either."""
        self._kept_back.append(place)

    def drop_linked_secrets(self) -> None:
        """Leave out files that are another name of a secret: one that stays here, or one of the user's home."""
        if not self._linked:
            return
        places = [*self._kept_back, *secrets.at_home()]
        secret = {each for place in places for each in secrets.files_below(place)}
        dropped = {path for path, file in self._linked.items() if file in secret}
        self._linked.clear()
        if dropped:
            self.files = [each for each in self.files if each.path not in dropped]
            self.bytes = sum(each.bytes for each in self.files)
            self._paths -= dropped
            for path in sorted(dropped):
                self.leave(path, LINKED_SECRET)

    def leave(self, path: str, why: str) -> None:
        """Note a file that does not go along, and why; beyond the first of them only their number is kept."""
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
    """Return what changes whenever a file does: size, times in ns, inode."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_executable(status: os.stat_result) -> bool:
    """Tell whether the owner may execute the file."""
    return bool(status.st_mode & stat.S_IXUSR)


def in_tree(place: str, path: str) -> str:
    """Turn a path from the notebook's folder into one in the working tree; `place` is that folder in the tree."""
    return posixpath.normpath(posixpath.join(place, path)) if place or path.startswith(".") else path


def scan(folder: Path, notebook: str, limits: Limits) -> FileSet:
    """Look through a folder, nearest files first, within the limits.

    `notebook` is the file that is left out because it is sent as it is on the screen. Never raises.
    """
    found = FileSet(folder)
    for entry, path in _walk(folder, "", ignore.above(folder), found, limits):
        if path != notebook:
            _take(found, entry, path)
    found.drop_linked_secrets()
    return found


def add_folder(found: FileSet, folder: Path, prefix: str, limits: Limits) -> None:
    """Add what lies in another folder, by the rules that lie in it; `prefix` leads to it and ends with `/`."""
    for entry, path in _walk(folder, prefix, Chain(), found, limits):
        if path not in found:
            _take(found, entry, path)
    found.drop_linked_secrets()


def _take(found: FileSet, entry: os.DirEntry[str], path: str) -> None:
    try:
        status = entry.stat()
        if path.endswith(".ipynb") and is_copy_of_run(entry.path, status):
            found.leave(path, COPY_OF_RUN)
            return
        found.take(path, status)
        found.note_link(path, status)
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
    if why in (LOOKS_SECRET, HIDDEN):
        found.keep_back(entry.path)
    return bool(why)


def _reason(entry: os.DirEntry[str], base: str) -> str:
    name = entry.name
    if is_secret(name):
        return LOOKS_SECRET
    if name.startswith("."):
        return HIDDEN
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
        if not os.access(entry.path, os.R_OK):
            return "cannot be read"
        return LOOKS_SECRET if secrets.holds_secret(name, entry.path) else ""
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _link_reason(entry: os.DirEntry[str], base: str) -> str:
    target = os.path.realpath(entry.path)
    if target != base and not target.startswith(base + os.sep):
        return "a link out of the folder"
    if is_secret(os.path.basename(target)):
        return "a link to what looks like a secret"
    return "" if os.path.isfile(target) else "a link to a folder, or to nothing"


def is_encodable(name: str) -> bool:
    """Tell whether a file's name can be written as UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
