"""What was in a file when it was last read: kept on disk, so that files that did not change are not read again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

import platformdirs

from .files import FileSet, in_tree

YOUNG_SECONDS = 2.0
"""A file that changed so lately may change again without a trace: some file systems count whole seconds."""
KEPT = 100
_FORMAT = "smext files 1"


class Digests:
    """SHA-256 of the files of one folder, in hex, by path. Reading and writing never raise."""

    def __init__(self, folder: Path, store: Path | None = None) -> None:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]
        self._file = (store or Path(platformdirs.user_cache_dir("smext")) / "digests") / f"{name}.json"
        self._known: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._file.read_bytes())
            self._known = found if isinstance(found, dict) else {}

    def get(self, path: str, mark: tuple[int, ...]) -> str | None:
        """None where the file has changed since, or was never read."""
        known = self._known.get(path)
        return str(known[-1]) if known and known[:-1] == list(mark) else None

    def put(self, path: str, mark: tuple[int, ...], changed: float, digest: str) -> None:
        """`changed`: when the file last did, as a Unix time."""
        if time.time() - changed > YOUNG_SECONDS:
            self._known[path] = [*mark, digest]

    def save(self) -> None:
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self._file.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}.part")
            part.write_text(json.dumps(self._known))
            part.replace(self._file)
            newest_first = sorted(self._file.parent.glob("*.json"), key=lambda path: -path.stat().st_mtime)
            for old in newest_first[KEPT:]:
                old.unlink()


def key_of(found: FileSet, digests: Digests) -> str | None:
    """The name of the archive of these files; None as long as one of them has to be read."""
    place, lines = found.place, {}
    for each in found.files:
        digest = digests.get(each.path, each.mark)
        if digest is None:
            return None
        lines[in_tree(place, each.path)] = entry(each.executable, digest)
    return key(lines)


def entry(executable: bool, digest: str) -> str:
    return f"{'x' if executable else '-'} {digest}"


def key(entries: dict[str, str]) -> str:
    """64 hex digits for an archive of these files: entry by path in the working tree."""
    lines = [_FORMAT, *(f"{entries[path]} {path}" for path in sorted(entries))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
