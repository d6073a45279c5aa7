"""Lists of packages that lie beside a notebook and in the folders above it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ... import errors
from ...api import NotebookDocument
from ...runs import drive_paths
from ..notebook import content

NAMES = re.compile(r"requirements[^/]*\.txt|environment[^/]*\.ya?ml|pyproject\.toml|uv\.lock")
MOST = 20
"""Lists that are offered."""


def find(document: NotebookDocument, root: Path | None) -> list[str]:
    """Their paths from the notebook's folder, the nearest first, up to the server's folder."""
    try:
        path = content.contents_path(document)
    except errors.SmextError:
        return []
    if root is None or not path or drive_paths.split(path)[0]:
        return []
    folder, up, found = (root / path).parent, "", list[str]()
    while folder.is_relative_to(root):
        found += [up + name for name in _in(folder)]
        if folder == root:
            break
        folder, up = folder.parent, f"../{up}"
    return found[:MOST]


def _in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(each.name for each in entries if NAMES.fullmatch(each.name) and each.is_file())
    except OSError:
        return []
