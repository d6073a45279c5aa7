"""JupyterLab's drives: `Drive:folder/name.ipynb` is a file that the server may not have."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

LOCAL = ("RTC",)
"""Drives that show the server's own files: jupyter-collaboration's."""
_DRIVE = re.compile(r"([\w.-]+):(?=\S)")


def split(path: str) -> tuple[str, str]:
    """Split a contents path into drive and path; the drive is empty for the server's own files.

    A file of the server may have such a name, too: who can, looks whether it is there.
    """
    match = _DRIVE.match(path)
    if match is None:
        return "", path
    drive, local = match[1], path[match.end() :]
    return ("" if drive in LOCAL else drive), local


def is_inside(path: str) -> bool:
    """Return True if a contents path stays below the server's root and is valid on a disk."""
    odd = any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in path)
    return not odd and not path.startswith("/") and ".." not in PurePosixPath(path).parts
