"""Downloaded wheels, kept on this machine by what is in them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ... import disk

FRESH_SECONDS = 86400.0
"""How long an answer of the index is taken for the answer; then there may be newer versions."""
KEPT_SECONDS = 30 * 86400.0
"""How long a wheel stays that nobody uses."""


def home() -> Path:
    """Return the folder of the cache."""
    return disk.cache_folder("wheels")


def find(key: str, extra: Sequence[str] | None = None) -> list[Path] | None:
    """Find the wheels of an answer that is fresh and still whole; `extra` as it was kept with, or whatever it was."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(_set(key).read_bytes())
        if time.time() - told["time"] > FRESH_SECONDS or (extra is not None and told["extra"] != list(extra)):
            return None
        found = [_place(digest, name) for name, digest in told["wheels"].items()]
        if all(path.is_file() for path in found):
            return found
    return None


def keep(key: str, extra: Sequence[str], wheels: Iterable[Path]) -> list[Path]:
    """Move the wheels into the cache, and note that they are the answer to this key."""
    named = {}
    for wheel in wheels:
        digest = digest_of(wheel)
        place = _place(digest, wheel.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            part = place.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}.part")
            shutil.move(wheel, part)
            part.replace(place)
        os.utime(place)
        named[wheel.name] = digest
    disk.replace(_set(key), {"time": time.time(), "extra": list(extra), "wheels": named})
    _prune()
    return [_place(digest, name) for name, digest in named.items()]


def digest_of(wheel: Path) -> str:
    """SHA-256 in hex."""
    with wheel.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def _set(key: str) -> Path:
    return home() / "sets" / f"{key}.json"


def _place(digest: str, name: str) -> Path:
    return home() / "files" / digest / name


def _prune() -> None:
    """Wheels and answers that were not used for long go."""
    oldest = time.time() - KEPT_SECONDS
    with contextlib.suppress(OSError):
        for path in [*home().glob("files/*/*"), *home().glob("sets/*")]:
            if path.stat().st_mtime < oldest:
                path.unlink()
                if path.parent.parent.name == "files":
                    path.parent.rmdir()
