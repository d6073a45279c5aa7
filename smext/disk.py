"""Small files that outlive the server, and the two folders that smext keeps them in."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .runner import bounded_json

DRAFT = ".tmp"
"""Suffix of a file that is being written."""


def folder(name: str = "") -> Path:
    """Return the folder of this name in Jupyter's data directory, which a Studio space keeps; it may not exist yet."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "smext" / name


def cache_folder(name: str) -> Path:
    """Return the folder of this name for what can be made again; it may not exist yet."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("smext")) / name


def read(file: Path) -> Any:
    """Read JSON; None where the file is missing or broken."""
    try:
        return bounded_json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def write(file: Path, value: Any) -> None:
    """Write JSON as `replace` does. A disk that refuses is no reason to fail."""
    with contextlib.suppress(OSError):
        replace(file, value)


def replace(file: Path, value: Any) -> None:
    """Write JSON at once or not at all; others may read meanwhile. Raises OSError."""
    text = json.dumps(value)
    # For its owner alone, as mkstemp makes the file.
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=DRAFT)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as open_file:
            open_file.write(text)
        os.replace(name, file)
    except OSError:
        os.unlink(name)
        raise
