"""Copy of a run's notebook beside its source: written through the contents manager, never over another file.

What comes from S3 is never trusted: Jupyter shows its HTML and scripts only once the user trusts the notebook.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from jupyter_server.utils import ensure_async
from tornado import web

from ..api import OpenedNotebook
from ..errors import Invalid, SmextError
from . import drive_paths
from .notebook_trust import untrusted

MOST = 200


async def write_copy(
    manager: Any, content: dict[str, Any], source: str | None, job: str, partial: bool
) -> OpenedNotebook:
    """Write the notebook of a run, untrusted, and return its path.

    A copy of the same job that nobody has changed since is brought up to date, and what is new in it is not
    trusted, either; one that is as the run's notebook already stays as it is; anything else is not touched.
    """
    copy, left = copy_of(content, job)
    state = copy["metadata"]["smext"]["state"]
    folder, notes = await _folder(manager, source)
    if partial:
        notes.append("The run goes on: this is the notebook so far.")
    if left:
        notes.append(f"Left out: {', '.join(left)}.")
    for path in names(folder, job):
        if not await ensure_async(manager.file_exists(path)):
            break
        mark = await _untouched(manager, path, job)
        if mark.get("state") == state:
            return OpenedNotebook(path=path, partial=partial, note=" ".join(notes))
        if mark:
            break
    else:
        raise Invalid(
            f"There are {MOST} copies of this run's notebook already.", advice="Delete some of them."
        )
    await _write(manager, copy, path)
    return OpenedNotebook(path=path, partial=partial, note=" ".join(notes))


def names(folder: str, job: str) -> Iterator[str]:
    """Yield the paths for the copy of a job's notebook, in order of preference."""
    for number in range(1, MOST + 1):
        suffix = "" if number == 1 else f" ({number})"
        yield str(PurePosixPath(folder) / f"{job}{suffix}.ipynb")


def copy_of(content: dict[str, Any], job: str) -> tuple[dict[str, Any], list[str]]:
    """Return the notebook without trust and marked as an unchanged copy, and the names of what was left out.

    With something by chance in it, no copy is equal to one that was trusted once: Jupyter knows those by a digest,
    in which parts of the content have no borders. Raises errors.Invalid.
    """
    made, left = untrusted(content)
    state = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    mark = {"job": job, "written": _digest(made), "state": state, "copy": secrets.token_hex(16)}
    own = made["metadata"].get("smext")
    made["metadata"]["smext"] = {**(own if isinstance(own, dict) else {}), **mark}
    return made, left


async def _folder(manager: Any, source: str | None) -> tuple[str, list[str]]:
    """Return the folder for the copy, and a note where it is not the source's."""
    drive, path = drive_paths.split(source or "")
    if drive and not await ensure_async(manager.file_exists(source)):
        return "", [f"{source} is on another drive: the output is in the top folder of this server's files."]
    path = source or "" if drive else path
    return (str(PurePosixPath(path).parent) if drive_paths.is_inside(path) else ""), []


async def _write(manager: Any, content: dict[str, Any], path: str) -> None:
    try:
        await _make_folder(manager, str(PurePosixPath(path).parent))
        await ensure_async(manager.save({"type": "notebook", "format": "json", "content": content}, path))
        await _distrust(manager, content, path)
    except web.HTTPError as error:
        raise SmextError(
            f"Could not write the notebook of the run: {path} ({error.log_message or error.reason})",
            advice="See that the folder may be written to and that the disk is not full.",
        ) from error


async def _distrust(manager: Any, content: dict[str, Any], path: str) -> None:
    """Remove the signatures that saving adds to a harmless notebook: later additions would be trusted with it."""
    import nbformat

    notary = getattr(manager, "notary", None)
    if notary is None:
        return
    notary.unsign(nbformat.from_dict(content))
    # As it is read, it may differ by what the format adds.
    found = (await ensure_async(manager.get(path, content=True, type="notebook")))["content"]
    notary.unsign(nbformat.from_dict({**found, "cells": [_unmarked(cell) for cell in found["cells"]]}))


def _unmarked(cell: dict[str, Any]) -> dict[str, Any]:
    """Return the cell as it is in the file: reading adds whether it is trusted."""
    metadata = {name: value for name, value in cell["metadata"].items() if name != "trusted"}
    return {**cell, "metadata": metadata}


def is_untouched(content: Any, job: str) -> bool:
    """Return True if a notebook is the unchanged copy of this job's; its content may be of any shape."""
    try:
        mark = content["metadata"]["smext"]
        return bool(mark["job"] == job and mark["written"] == _digest(content))
    except (AttributeError, KeyError, TypeError):
        return False


def _digest(content: dict[str, Any]) -> str:
    """Hash what a person could change: the cells."""
    cells = [
        [cell.get("cell_type"), _text(cell.get("source")), len(cell.get("outputs") or [])]
        for cell in content.get("cells") or []
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")


async def _untouched(manager: Any, path: str, job: str) -> dict[str, Any]:
    """Return the mark of an unchanged copy; empty for any other file."""
    try:
        found = (await ensure_async(manager.get(path, content=True, type="notebook")))["content"]
    except Exception:  # whatever it is, it is not ours to write over
        return {}
    return dict(found["metadata"]["smext"]) if is_untouched(found, job) else {}


async def _make_folder(manager: Any, folder: str) -> None:
    """Create the folder and its parents: the run may be another machine's."""
    if folder in {"", "."} or await ensure_async(manager.dir_exists(folder)):
        return
    await _make_folder(manager, str(PurePosixPath(folder).parent))
    await ensure_async(manager.save({"type": "directory"}, folder))
