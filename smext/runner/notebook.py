"""Notebook as data: read with the standard library, converted to nbformat 4 once nbformat is there."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from .failure import Failure, reason
from .notebook_text import NEWEST, Content, NoNotebook, parse
from .progress import Cell
from .text import label


def read(path: Path) -> Content:
    """Read the notebook's JSON. Raises Failure if it is no notebook."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise Failure(
            f"Could not read the notebook: {path} ({reason(error)}). Launch the run again."
        ) from error
    return parse(body)


def converted(content: Content) -> Content:
    """Convert to nbformat 4, with outputs.

    Raises Failure where nbformat cannot. Needs nbformat for older ones.
    """
    version = content.get("nbformat", NEWEST)
    if version == NEWEST:
        return content
    nbformat: Any = importlib.import_module("nbformat")
    try:
        found: Content = nbformat.reads(json.dumps(content), as_version=NEWEST)
    except Exception as error:
        raise NoNotebook(
            f"Could not convert the notebook from nbformat {version}: {first(error)}",
            "Open it in JupyterLab, save it, and launch the run again.",
        ) from error
    return found


def upgrade(content: Content) -> Any:
    """Return a NotebookNode of nbformat 4 without outputs, tolerant of what is missing. Needs nbformat."""
    nbformat: Any = importlib.import_module("nbformat")

    content = converted(content)
    whole = {
        **content,
        "nbformat": NEWEST,
        "nbformat_minor": minor(content),
        "cells": content.get("cells") or [],
    }
    notebook = nbformat.from_dict(whole)
    notebook.cells = [_complete(cell) for cell in cells(notebook)]
    return notebook


def minor(content: Content) -> int:
    """Return the minor version of the format; 4 where there is none."""
    found = content.get("nbformat_minor")
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else 4


def cells(content: Content) -> list[Any]:
    """Return the cells that have a type, of any version of the format."""
    found = content.get("cells")
    if found is None:
        found = [cell for sheet in content.get("worksheets") or [] for cell in sheet.get("cells") or []]
    return [cell for cell in found if isinstance(cell, dict) and cell.get("cell_type")]


def source(cell: Any) -> str:
    """Return the cell's text; files hold it as a string or as a list of lines."""
    text = cell.get("source", cell.get("input", ""))
    return "".join(text) if isinstance(text, list) else str(text or "")


def is_run(cell: Any) -> bool:
    """Return True if the cell is counted: it is code and not empty."""
    return bool(cell["cell_type"] == "code" and source(cell).strip())


def has_tag(cell: Any, tag: str) -> bool:
    """Return True if the cell has the tag."""
    return tag in (cell["metadata"].get("tags") or ())


def plan(content: Content, extra: Any | None = None) -> list[Cell]:
    """Return the cells that will run, in order and counted as in the user's notebook: without the extra one."""
    sources = [source(cell) for cell in cells(content) if is_run(cell) and cell is not extra]
    return [Cell(index, label(text)) for index, text in enumerate(sources, 1)]


def dump(notebook: Content) -> bytes:
    """Encode the notebook as nbformat writes it: sources as lists of lines, keys sorted."""
    content = {**notebook, "cells": [_split(cell) for cell in notebook.get("cells", [])]}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    # A lone surrogate can stand in any output, but not in a file.
    return (text + "\n").encode("utf-8", "replace")


def _split(cell: Any) -> Any:
    if not isinstance(cell.get("source"), str):
        return cell
    return {**cell, "source": cell["source"].splitlines(True)}


def _complete(cell: Any) -> Any:
    cell["source"] = source(cell)
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = type(cell)()
    if not isinstance(cell["metadata"].get("tags", []), list):
        del cell["metadata"]["tags"]
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
    return cell


def first(error: BaseException) -> str:
    """Return the first line of an exception's text, or its name."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def code_cell(code: str, minor: int) -> Any:
    """Return a new code cell; cells have an id from nbformat 4.5 on. Needs nbformat."""
    v4: Any = importlib.import_module("nbformat.v4")

    cell = v4.new_code_cell(code)
    if minor < 5:
        cell.pop("id", None)
    return cell
