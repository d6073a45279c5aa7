"""The notebook as it is on the screen: what will run of it, and what is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ... import errors
from ...api import NotebookDocument
from ...runs import drive_paths

PARAMETERS = "parameters"
INJECTED = "injected-parameters"
SKIPPED = "skip-execution"
"""What nbclient passes over."""
UNTITLED = "Untitled.ipynb"
# By their names, where a notebook says no more: the first that is found in one.
_KERNELS = (
    (r"python", "python"),
    (r"bash", "bash"),
    (r"julia", "julia"),
    (r"scala|spylon|almond|^sparkkernel", "scala"),
    (r"csharp", "c#"),
    (r"fsharp", "f#"),
    (r"powershell|pwsh", "powershell"),
    (r"matlab", "matlab"),
    (r"(^|[-_])x?ir(kernel)?$|^sparkrkernel", "r"),
)


def contents_path(document: NotebookDocument) -> str:
    """Return the path below the server's root, or on another drive with the drive's name.

    Raises errors.Invalid for one that no file can have, or that leaves the root.
    """
    drive, path = drive_paths.split(document.path if document.path.strip() else "")
    path = path.lstrip("/")
    if not drive_paths.is_inside(path.replace("\n", " ")):
        raise errors.Invalid(
            f"The notebook's path leaves the server's folder, or is none: {document.path!r}",
            advice="Open the notebook from the file browser and launch it again.",
        )
    return f"{drive}:{path}" if drive else path


def file_name(document: NotebookDocument) -> str:
    """Its name inside the working tree of the job."""
    name = PurePosixPath(drive_paths.split(contents_path(document))[1]).name or UNTITLED
    return name if name.endswith(".ipynb") else f"{name}.ipynb"


def home(document: NotebookDocument, root: Path | None) -> Path | None:
    """`root`, if the notebook is a file below it; else None: what lies where it seems to be is not the notebook's."""
    try:
        path = contents_path(document)
        return root if root is not None and path and (root / path).is_file() else None
    except (errors.SmextError, OSError, ValueError):
        return None


def why_alone(document: NotebookDocument) -> str:
    """Why this server has no folder of the notebook's."""
    drive, _ = drive_paths.split(contents_path(document))
    if drive:
        return f"it is on another drive, {drive}, whose files this server cannot read"
    return f"this server finds no file at its path: {contents_path(document) or document.path}"


def cells(document: NotebookDocument) -> list[dict[str, Any]]:
    """List the notebook's cells; what is no cell is left out."""
    found = document.content.get("cells")
    return [cell for cell in found if isinstance(cell, dict)] if isinstance(found, list) else []


def source(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, which is held as a string or as a list of lines."""
    text = cell.get("source")
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")


def runnable(document: NotebookDocument) -> int:
    """How many cells will run: code that is not empty, without what is tagged to be skipped."""
    code = [each for each in cells(document) if each.get("cell_type") == "code" and source(each).strip()]
    return sum(SKIPPED not in _tags(each) for each in code)


def tagged(document: NotebookDocument, tag: str) -> list[str]:
    """Texts of the code cells with the tag."""
    return [
        source(cell) for cell in cells(document) if cell.get("cell_type") == "code" and tag in _tags(cell)
    ]


def has_tag(cell: Mapping[str, Any], tag: str) -> bool:
    """Tell whether a cell has the tag."""
    return tag in _tags(cell)


def _tags(cell: Mapping[str, Any]) -> list[Any]:
    tags = _mapping(cell.get("metadata")).get("tags")
    return tags if isinstance(tags, list) else []


def kernel(document: NotebookDocument) -> str | None:
    """Name of the kernelspec."""
    return _text(_mapping(_metadata(document).get("kernelspec")).get("name"))


def language(document: NotebookDocument) -> str | None:
    """In lower case, from the kernelspec, from what the kernel said of itself, or by the kernel's usual name."""
    spec = _mapping(_metadata(document).get("kernelspec"))
    info = _mapping(_metadata(document).get("language_info"))
    found = _text(spec.get("language")) or _text(info.get("name"))
    return found.lower() if found else _usual(kernel(document) or "")


def _usual(kernel: str) -> str | None:
    return next((language for name, language in _KERNELS if re.search(name, kernel.lower())), None)


def launch_settings(document: NotebookDocument) -> Any:
    """`metadata.smext.launch`, which is for members of the launch form; None where there is none."""
    return _mapping(_metadata(document).get("smext")).get("launch")


def stripped(document: NotebookDocument) -> bytes:
    """Return the notebook without outputs and widget state, as JSON in UTF-8."""
    metadata = {name: value for name, value in _metadata(document).items() if name != "widgets"}
    # A lone surrogate can stand in a browser's string, but not in UTF-8.
    content = {**document.content, "metadata": metadata, "cells": list(_bare(document))}
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _bare(document: NotebookDocument) -> Iterator[dict[str, Any]]:
    for cell in cells(document):
        if cell.get("cell_type") == "code":
            yield {**cell, "outputs": [], "execution_count": None}
        else:
            yield cell


def _metadata(document: NotebookDocument) -> dict[str, Any]:
    return _mapping(document.content.get("metadata"))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
