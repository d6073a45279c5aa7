"""The modules among the files that go along, and all that the notebook imports through them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..files.selection import FileSet
from . import imports
from .imports import Import

LARGEST = 1024 * 1024
MOST = 500


class Modules:
    """Python files of a set, found by the name they are imported by."""

    def __init__(self, files: FileSet | None) -> None:
        self._folder = files.folder if files else None
        self._by_name: dict[str, list[str]] = {}
        self._beside: set[str] = set()
        for found in files.files if files else []:
            if found.path.endswith(".py") and found.bytes <= LARGEST:
                path = PurePosixPath(found.path)
                for name in {path.stem, *path.parts[:-1]} - {".."}:
                    self._by_name.setdefault(name, []).append(found.path)
                self._beside.update(_importable(path, files.paths if files else []))

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def beside(self, name: str) -> bool:
        """Whether it is found without a word on the path: it lies in the notebook's folder, or in one that is on the path."""
        return name in self._beside

    def reached(self, first: Iterable[Import]) -> set[Import]:
        """Return what the notebook imports, and what the files import that it imports. Never raises."""
        found: set[Import] = set()
        waiting = list(first)
        read: set[str] = set()
        while waiting:
            each = waiting.pop()
            if each in found:
                continue
            found.add(each)
            for path in self._by_name.get(each.top, []):
                if path not in read and len(read) < MOST:
                    read.add(path)
                    waiting += self._of_file(path)
        return found

    def _of_file(self, path: str) -> set[Import]:
        assert self._folder is not None
        return imports.of_module(_text(self._folder / path))


def _importable(path: PurePosixPath, folders: list[str]) -> set[str]:
    """Return the names by which a file is imported from the notebook's folder, or from one of those on the path."""
    found = {path.stem if len(path.parts) == 1 else path.parts[0]}
    for folder in map(PurePosixPath, folders):
        if path.is_relative_to(folder):
            inner = path.relative_to(folder)
            found.add(inner.stem if len(inner.parts) == 1 else inner.parts[0])
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
