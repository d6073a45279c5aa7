"""Outputs that the run leaves in its working tree, moved to where the job's outputs are uploaded from."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, Tuple

from .failure import reason

_SKIPPED = {"__pycache__", ".ipynb_checkpoints", ".git"}

Snapshot = Dict[str, Tuple[int, int]]


@dataclass
class Collected:
    """Files moved, and for those that were left out the reason by path."""

    files: int = 0
    size: int = 0
    left_out: dict[str, str] = field(default_factory=dict)


def snapshot(tree: Path) -> Snapshot:
    """Return size and modification time of every file, by its path inside the tree."""
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in _files(tree)}


def collect(tree: Path, before: Snapshot, target: Path, limit: int, deadline: float | None) -> Collected:
    """Move created and changed files, small ones first, until `limit` bytes or `deadline` (monotonic) is reached."""
    result = Collected()
    changed = [
        (size, path) for path, (size, time_) in snapshot(tree).items() if before.get(path) != (size, time_)
    ]
    for size, path in sorted(changed):
        if deadline is not None and time.monotonic() > deadline:
            result.left_out[path] = "no time left"
        elif result.size + size > limit:
            result.left_out[path] = f"over the limit of {limit} bytes"
        else:
            _take(tree / path, target / path, path, size, result)
    return result


def _take(source: Path, target: Path, path: str, size: int, result: Collected) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target)
    except OSError as error:
        result.left_out[path] = reason(error)
        return
    result.files += 1
    result.size += size


def _move(source: Path, target: Path) -> None:
    """Move without copying where possible; between file systems, and for what a link points to, copy."""
    if not source.is_symlink():
        try:
            os.replace(source, target)
            return
        except OSError:
            pass
    try:
        shutil.copyfile(source, target)
    except OSError:
        # Half a file is worse than none.
        if target.is_file():
            target.unlink()
        raise


def _files(tree: Path) -> Iterator[tuple[str, os.stat_result]]:
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            path = Path(folder, name)
            try:
                if path.is_file():
                    yield path.relative_to(tree).as_posix(), path.stat()
            except OSError:
                continue


def summary(left_out: dict[str, str], names: int = 20) -> list[str]:
    """Return a line for each of the first files that were left out, and one for the rest."""
    lines = [f"left out of the outputs: {path} ({why})" for path, why in list(left_out.items())[:names]]
    if len(left_out) > names:
        lines.append(f"left out of the outputs: {len(left_out) - names} more files")
    return lines
