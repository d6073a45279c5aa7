"""Which of the files that a notebook reads the job will not have, and why."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..notebook.reading.events import UNKNOWN, Event, is_url
from .selection import FileSet

LONGEST = 200
_JOBS_OWN = ("/opt/ml", "/opt/conda", "/usr", "/etc", "/bin", "/sbin", "/lib", "/lib64", "/dev", "/proc", "/sys", "/run", "/var", "/mnt/sagemaker-nvme")  # fmt: skip
"""Folders of the image and of SageMaker: what is in them cannot be told here, and is none of the user's files."""
_SCRATCH = ("/tmp", "/dev/shm")
ABOVE, ABSOLUTE, NOT_THERE = (
    "above the notebook's folder",
    "an absolute path, which the job does not have",
    "not there",
)
NOT_SENT, NO_FOLDER = "only what is named goes along", "its folder does not go along: make it in the notebook"


@dataclass(frozen=True)
class Missing:
    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} ({self.why})"


def find(events: Iterable[Event], place: RunFiles) -> list[Missing]:
    """Return what is read and will be missing, each path once and in the order of the code."""
    told: dict[str, Missing] = {}
    events, made, ever = list(events), _Made(), _Made()
    for event in events:
        ever.note(event)
    for event in events:
        if event.kind in ("read", "run", "mention") or (event.kind == "folder" and event.sure):
            path = _normal(event.value)
            # What is only named is no file that must be there where the code makes it, before or after.
            there = ever.writes(path) if event.kind == "mention" else made.has(path)
            if path and path not in told and not there:
                why = place.why(path, event.kind, sure=event.sure, fog=made.fog)
                if why and not (event.kind == "folder" and made.covers(path)):
                    told[path] = Missing(path, why)
        if event.kind == "chdir" and event.value.startswith(("/", "~")) and event.sure:
            why = place.why(_normal(event.value) or ".", "read", sure=True, fog=made.fog)
            if why:
                told.setdefault(event.value, Missing(event.value, why))
        made.note(event)
    return list(told.values())


class _Made:
    """What the code has made by now."""

    def __init__(self) -> None:
        self.fog = False
        self._files: set[str] = set()
        self._trees: set[str] = set()
        self._touched: set[str] = set()
        self._folders: set[str] = set()

    def note(self, event: Event) -> None:
        path = _normal(event.value) if event.kind in ("write", "touch", "folder") else ""
        if event.kind == "fog" or (path == "." and event.kind == "write"):
            self.fog = True
        elif event.kind == "write":
            self._files.add(path)
            if event.tree:
                self._trees.add(path)
            # A folder that is written into is there from now on.
            self._folders.update(_parents(path))
        elif event.kind == "touch" and path not in ("", "."):
            self._touched.add(path)
        elif event.kind == "folder" and not event.sure:
            self._folders.add(path)
            self._folders.update(_parents(path))

    def has(self, path: str) -> bool:
        return self.writes(path) or self.covers(path)

    def writes(self, path: str) -> bool:
        """Whether it surely is made here: something that takes its name may do so, too."""
        made = path in self._files or path in self._folders
        return made or any(each in self._trees for each in (path, *_parents(path)))

    def covers(self, path: str) -> bool:
        every = self._trees | self._touched
        return any(each in every for each in (path, *_parents(path)))


class RunFiles:
    """The notebook's folder on this machine, and what of it goes along."""

    def __init__(self, files: FileSet | None, folder: Path | None, root: Path | None, notebook: str) -> None:
        self._folder, self._root = folder, root
        self._everything = files is not None and files.complete
        self._stays = {left.path.rstrip("/"): left.why for left in files.left_out} if files else {}
        self._many = "…" in self._stays
        sent = {each.path for each in files.files} if files else set()
        self._sent = sent | {notebook, "", "."}
        self._folders = {parent for path in sent for parent in _parents(path)}
        self._known = files is not None or folder is not None

    def why(self, path: str, kind: str, *, sure: bool, fog: bool) -> str:
        """Return why the job lacks it; empty where it has it, or where nobody can tell."""
        if any(each in path for each in "*?[\n") or len(path) > LONGEST or is_url(path):
            return ""
        if path.startswith(("/", "~")):
            return self._absolute(path, sure)
        if not self._known or path in self._sent or path in self._folders:
            return ""
        stays = next((self._stays[each] for each in (path, *_parents(path)) if each in self._stays), "")
        if stays:
            # An archive that was unpacked before makes again what git ignores.
            return "" if fog and stays.startswith("ignored") else stays
        exists = self._exists(path, files_alone=not sure)
        if path.startswith(".."):
            return ABOVE if exists else NOT_THERE if sure and not fog and self._folder else ""
        if kind == "folder":
            return NO_FOLDER if sure and not fog and self._folder is not None else ""
        if exists:
            if self._is_empty_folder(path) or (not self._everything and self._sent - {""} and self._many):
                return ""
            return NOT_SENT if sure or not self._is_folder(path) else ""
        return NOT_THERE if sure and not fog and self._folder is not None else ""

    def _absolute(self, path: str, sure: bool) -> str:
        place = os.path.expanduser(path)
        if path in ("/", "~") and not sure:
            return ""
        here = self._root is not None and _is_below(place, str(self._root)) and place != str(self._root)
        if not here and any(_is_below(path, each) for each in _JOBS_OWN):
            return ""
        if here or (_is_below(place, os.path.expanduser("~")) and len(Path(place).parts) > 2):
            return ABSOLUTE if sure or _there(place) else ""
        if any(_is_below(path, each) for each in _SCRATCH):
            return NOT_THERE if sure and path not in _SCRATCH else ""
        return ABSOLUTE if sure or (path.count("/") > 1 and _there(place) and os.path.isfile(place)) else ""

    def _exists(self, path: str, files_alone: bool) -> bool:
        if self._folder is None:
            return False
        place = os.path.join(self._folder, path)
        try:
            return os.path.isfile(place) if files_alone else os.path.exists(place)
        except ValueError:
            return False

    def _is_folder(self, path: str) -> bool:
        return self._folder is not None and os.path.isdir(os.path.join(self._folder, path))

    def _is_empty_folder(self, path: str) -> bool:
        return self._is_folder(path) and not os.listdir(os.path.join(self._folder or "", path))


def _there(place: str) -> bool:
    try:
        return os.path.exists(place)
    except ValueError:
        return False


def _normal(path: str) -> str:
    """Without `./` and slashes at the end; empty for what is no path."""
    text = path.strip()
    if not text or UNKNOWN in text or "\n" in text or len(text) > LONGEST or is_url(text):
        return ""
    return posixpath.normpath(text)


def _parents(path: str) -> list[str]:
    found = []
    while (path := posixpath.dirname(path)) not in ("", "/", "."):
        found.append(path)
    return found


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
