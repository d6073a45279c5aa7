"""A Python project's folder: what it is called and which modules it has."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

_NAME = re.compile(r"""^\s*name\s*=\s*["']?([A-Za-z0-9][\w.-]*)""", re.MULTILINE)
_CALL = re.compile(r"""\bname\s*=\s*["']([A-Za-z0-9][\w.-]*)["']""")
_NOT_MODULES = {"setup", "conftest", "noxfile", "tasks", "tests", "test", "docs", "examples", "build", "dist"}


def name_of(path: Path) -> str:
    """Its name as an index would have it, else that of the folder. Never raises."""
    if path.is_file():
        return path.name.split("-")[0]
    for file, pattern in (("pyproject.toml", _NAME), ("setup.cfg", _NAME), ("setup.py", _CALL)):
        with contextlib.suppress(OSError, ValueError):
            found = pattern.search((path / file).read_text(encoding="utf-8"))
            if found:
                return found[1]
    return path.name


def modules_of(folder: Path) -> set[str]:
    """Top-level modules and packages that lie in it, or in its `src`. Never raises."""
    return {name for place in (folder, folder / "src") for name in _lying_in(place)} - _NOT_MODULES


def _lying_in(folder: Path) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.suffix == ".py":
                found.add(entry.stem)
            elif entry.name.isidentifier() and (any(entry.glob("*.py")) or _holds_namespace(entry)):
                found.add(entry.name)
    return found


def _holds_namespace(folder: Path) -> bool:
    """Tell whether a folder of a `src` has packages, and no module of its own."""
    return folder.parent.name == "src" and folder.is_dir()
