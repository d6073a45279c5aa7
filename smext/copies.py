"""A run's notebook as a file beside its source: written through the contents manager, never over anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from jupyter_server.utils import ensure_async

from .api import OpenedNotebook
from .errors import Invalid

MOST = 200


async def write_copy(
    manager: Any, content: dict[str, Any], source: str | None, job: str, partial: bool
) -> OpenedNotebook:
    """Write the notebook of a run and tell its path.

    A copy of the same job that nobody has changed since is brought up to date; anything else stays as it is.
    """
    copy = marked(content, job)
    for path in names(source, job):
        if not await ensure_async(manager.file_exists(path)):
            break
        if await _untouched(manager, path, job):
            break
    else:
        raise Invalid(
            f"There are {MOST} copies of this run's notebook already.", advice="Delete some of them."
        )
    await _make_folder(manager, str(PurePosixPath(path).parent))
    await ensure_async(manager.save({"type": "notebook", "format": "json", "content": copy}, path))
    note = "The run goes on: this is the notebook so far." if partial else ""
    return OpenedNotebook(path=path, partial=partial, note=note)


def names(source: str | None, job: str) -> Iterator[str]:
    """Paths for the copy of a job's notebook, the first first."""
    folder = PurePosixPath(source).parent if source else PurePosixPath()
    for number in range(1, MOST + 1):
        suffix = "" if number == 1 else f" ({number})"
        yield str(folder / f"{job}{suffix}.ipynb")


def marked(content: dict[str, Any], job: str) -> dict[str, Any]:
    metadata = dict(content.get("metadata") or {})
    mark = dict(metadata.get("smext") or {}) | {"job": job, "written": _digest(content)}
    return {**content, "metadata": {**metadata, "smext": mark}}


def is_untouched(content: dict[str, Any], job: str) -> bool:
    """Tell whether a notebook is the copy of this job's, as it was written."""
    mark = (content.get("metadata") or {}).get("smext") or {}
    return mark.get("job") == job and mark.get("written") == _digest(content)


def _digest(content: dict[str, Any]) -> str:
    """Of what a person could change: the cells."""
    cells = [
        [cell.get("cell_type"), _text(cell.get("source")), len(cell.get("outputs") or [])]
        for cell in content.get("cells") or []
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")


async def _untouched(manager: Any, path: str, job: str) -> bool:
    try:
        found = await ensure_async(manager.get(path, content=True, type="notebook"))
    except Exception:  # whatever it is, it is not ours to write over
        return False
    return is_untouched(found["content"], job)


async def _make_folder(manager: Any, folder: str) -> None:
    """The source's folder may be gone, or the run may be another machine's."""
    if folder in {"", "."} or await ensure_async(manager.dir_exists(folder)):
        return
    await _make_folder(manager, str(PurePosixPath(folder).parent))
    await ensure_async(manager.save({"type": "directory"}, folder))
