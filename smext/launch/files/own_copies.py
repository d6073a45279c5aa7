"""Copies of runs' notebooks beside their source: what smext wrote itself is no input of the next run."""

from __future__ import annotations

import json
import os
import threading
from pathlib import PurePath
from typing import Any

from ...runs.notebook_copy import is_untouched

_LARGEST = 64 * 1024 * 1024
_ENDS = 64 * 1024
"""Bytes at each end of a file in which a notebook's metadata are looked for, before all of it is read."""
_MOST = 2_000


class _Seen:
    """What was found of each file, as long as it does not change."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int, int], bool] = {}
        self._lock = threading.Lock()

    def is_copy(self, path: str, status: os.stat_result) -> bool:
        key = (path, status.st_size, status.st_mtime_ns, status.st_ino)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = _is_copy(path, status.st_size)
            with self._lock:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = known
        return known


_seen = _Seen()


def is_copy_of_run(path: str, status: os.stat_result) -> bool:
    """Tell whether a notebook is a copy that smext wrote and nobody renamed or changed. Never raises."""
    return _seen.is_copy(path, status)


def _is_copy(path: str, size: int) -> bool:
    if size > _LARGEST:
        return False
    try:
        with open(path, "rb") as file:
            ends = file.read(_ENDS)
            if size > _ENDS:
                file.seek(-min(_ENDS, size - _ENDS), os.SEEK_END)
                ends += file.read()
            if b'"smext"' not in ends or b'"written"' not in ends:
                return False
            file.seek(0)
            content: Any = json.loads(file.read())
        job = content["metadata"]["smext"]["job"]
        # Who gave it another name has made it a notebook of their own.
        named = PurePath(path).stem.startswith(job)
        return bool(named and is_untouched(content, job))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
