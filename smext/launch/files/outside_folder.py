"""What goes along from outside of the notebook's folder, or although a rule leaves it out: named in the form, or imported."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from ...api import Check, check
from ..limits import Limits
from .secrets import is_secret
from .selection import LOOKS_SECRET, NOT_UTF_8, FileSet, add_folder, is_encodable

FIELD = "files"


def add_named(
    found: FileSet, patterns: Iterable[str], notebook: str, root: Path, limits: Limits
) -> list[Check]:
    """Add what the patterns name; one with a slash at its start begins at the server's folder. Never raises."""
    checks = []
    for pattern in filter(None, map(str.strip, patterns)):
        matches = list(islice(_matches(found, pattern, root), limits.max_entries))
        if not matches:
            checks.append(
                check(
                    "files",
                    "warning",
                    f"Nothing has this name: {pattern}",
                    "Correct it, or take it away.",
                    FIELD,
                )
            )
        exact = not glob.has_magic(pattern)
        for path in matches:
            if path != notebook:
                checks += _add(found, path, exact, root, limits)
    return checks


def add_modules(found: FileSet, names: Iterable[str], root: Path, limits: Limits) -> list[str]:
    """Add the modules that lie in a folder above, up to the server's; their paths."""
    added = []
    for name in sorted(names):
        for prefix, folder in _above(found, root):
            if _is_file_inside(folder / f"{name}.py", root):
                _take(found, f"{prefix}{name}.py")
                added.append(f"{prefix}{name}.py")
            elif _is_package(folder / name) and _is_inside(folder / name, root):
                add_folder(found, folder / name, f"{prefix}{name}/", limits)
                added.append(f"{prefix}{name}/")
            else:
                continue
            if prefix.rstrip("/") not in found.paths:
                found.paths.append(prefix.rstrip("/"))
            break
    return added


def _matches(found: FileSet, pattern: str, root: Path) -> Iterator[str]:
    assert found.folder is not None
    if pattern.startswith("/"):
        pattern = os.path.relpath(root / pattern.lstrip("/"), found.folder)
    try:
        for match in glob.iglob(pattern, root_dir=found.folder, recursive=True):
            yield os.path.normpath(match)
    except (OSError, ValueError):
        return


def _add(found: FileSet, path: str, exact: bool, root: Path, limits: Limits) -> list[Check]:
    assert found.folder is not None
    place = found.folder / path
    if not is_encodable(path):
        found.leave(path, NOT_UTF_8)
        return []
    if not _is_inside(place, root):
        message = f"This lies outside of the server's folder: {path}"
        return [check("files", "will fail", message, "Copy it into that folder, or put it into S3.", FIELD)]
    secret = _leads_to_secret(place, path)
    if secret and not exact:
        found.leave(path, LOOKS_SECRET)
        return []
    if place.is_dir():
        add_folder(found, place, "" if path == "." else f"{path}/", limits)
    elif path not in found:
        found.left_out = [left for left in found.left_out if left.path != path]
        _take(found, path)
    if not secret:
        return []
    message = f"This looks like a secret, and is sent because it is named: {path}"
    advice = "Who may read the bucket can read it. A role or AWS Secrets Manager is safer."
    return [check("files", "warning", message, advice, FIELD)]


def _leads_to_secret(place: Path, path: str) -> bool:
    """Whether it looks like one itself, is a link to one, or lies in a folder of them."""
    return any(map(is_secret, (*Path(path).parts, os.path.basename(os.path.realpath(place)))))


def _take(found: FileSet, path: str) -> None:
    assert found.folder is not None
    try:
        with (found.folder / path).open("rb") as file:
            found.take(path, os.fstat(file.fileno()))
    except OSError as error:
        found.leave(path, f"cannot be read ({error.strerror})")


def _above(found: FileSet, root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the folders above the notebook's, the nearest first, each with the way to it; the server's root is the last."""
    assert found.folder is not None
    folder, prefix = found.folder, ""
    while folder != root and root in folder.parents:
        folder, prefix = folder.parent, f"../{prefix}"
        yield prefix, folder


def _is_package(folder: Path) -> bool:
    return folder.is_dir() and any(islice(folder.glob("*.py"), 1))


def _is_file_inside(place: Path, root: Path) -> bool:
    try:
        return _is_inside(place, root) and place.is_file()
    except (OSError, ValueError):
        return False


def _is_inside(place: Path, root: Path) -> bool:
    real, top = os.path.realpath(place), os.path.realpath(root)
    return real == top or real.startswith(top.rstrip(os.sep) + os.sep)
