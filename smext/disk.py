"""Small files that outlive the server, in Jupyter's data directory, which a Studio space keeps when it is stopped."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .runner import bounded_json


def folder(name: str) -> Path:
    """Where files of this name lie; it may not exist yet."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "smext" / name


def read(file: Path) -> Any:
    """Read what was written; None where it is missing or broken."""
    try:
        return bounded_json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def write(file: Path, value: Any) -> None:
    """At once or not at all; others may read meanwhile. A disk that refuses is no reason to fail."""
    text = json.dumps(value)
    with contextlib.suppress(OSError):
        # For its owner alone, as mkstemp makes the file.
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as open_file:
                open_file.write(text)
            os.replace(name, file)
        except OSError:
            os.unlink(name)
            raise
