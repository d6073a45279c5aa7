"""Parser of notebook text; the only place that says what is wrong with a file that is no notebook.

Standard library only, since the runner travels alone.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator

from .bounded_json import TooDeep, loads
from .failure import Failure

Content = Dict[str, Any]

NEWEST = 4

_MARKS = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?: .*)?\r?$", re.MULTILINE)
_OTHER_UNICODE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SAVE = "Save it as UTF-8 (in JupyterLab: File > Save)."
_MEND = "Correct the file or restore an earlier version."
_TYPES = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


class NoNotebook(Failure):
    """Text that is no notebook: `what` is wrong with it, and `advice` says what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}. {advice}")
        self.what, self.advice = what, advice


def parse(body: bytes) -> Content:
    """Parse a notebook's JSON, of any version of the format up to 4. Raises NoNotebook.

    A byte order mark of UTF-8 is passed over.
    """
    text = _decoded(body)
    try:
        content: Content = loads(text)
    except json.JSONDecodeError as error:
        raise _no_json(text, error) from error
    except TooDeep as error:
        raise NoNotebook(f"The notebook is nested too deeply: {error}", _MEND) from error
    except ValueError as error:
        raise NoNotebook(f"The notebook is not valid JSON: {error}", _MEND) from error
    checked(content)
    if not isinstance(content.get("metadata"), dict):
        content["metadata"] = {}
    return content


def checked(content: Any) -> None:
    """Raise NoNotebook for data that has not the shape of a notebook; members that may be missing may."""
    if not isinstance(content, dict):
        raise NoNotebook(f"The file is JSON, but no notebook: it holds {_type(content)}", _MEND)
    if not {"cells", "worksheets", "nbformat"} & set(content):
        names = ", ".join(sorted(map(str, content))[:5]) or "nothing"
        raise NoNotebook(
            f"The file is JSON, but no notebook: it has no cells, but {names}",
            "Give the path of an .ipynb file.",
        )
    version = content.get("nbformat", NEWEST)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise NoNotebook(f"The notebook's nbformat is no version: {_shown(version)}", _MEND)
    if version > NEWEST:
        raise NoNotebook(
            f"The notebook's format is newer than what is known here: nbformat {version}",
            "Save it as nbformat 4.",
        )
    for where, cell in _all_cells(content):
        _check_cell(where, cell)


def _decoded(body: bytes) -> str:
    for mark, name in _OTHER_UNICODE:
        if body.startswith(mark):
            raise NoNotebook(f"The notebook is {name} text (it has that byte order mark), not UTF-8", _SAVE)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_utf_8(body, error.start) from error
    if not text.strip():
        raise NoNotebook(
            "The notebook is an empty file", "Open it in JupyterLab, save it, and launch the run again."
        )
    if not text.strip("\0 \t\r\n"):
        raise NoNotebook("The notebook holds nothing but NUL bytes: its saving was interrupted", _MEND)
    return text


def _no_utf_8(body: bytes, place: int) -> NoNotebook:
    if body.startswith((b"\x1f\x8b", b"PK\x03\x04", b"%PDF")):
        return NoNotebook("The file is an archive or a PDF, no notebook", "Give the path of an .ipynb file.")
    line = body.count(b"\n", 0, place) + 1
    column = place - body.rfind(b"\n", 0, place)
    guess = ", it may be Latin-1" if body[place] >= 0xA0 else ""
    return NoNotebook(
        f"The notebook is not UTF-8 text{guess}: byte 0x{body[place]:02X} in line {line}, column {column}",
        _SAVE,
    )


def _no_json(text: str, error: json.JSONDecodeError) -> NoNotebook:
    mark = _MARKS.search(text)
    if mark:
        line = text.count("\n", 0, mark.start()) + 1
        return NoNotebook(
            f"The notebook holds the marks of a merge conflict: line {line} ({mark[0][:60].strip()})",
            "Resolve the conflict (for example with nbdime), or restore an earlier version.",
        )
    start = text.lstrip()
    if start.startswith("version https://git-lfs"):
        return NoNotebook("The file is a Git LFS pointer, not the notebook itself", "Run `git lfs pull`.")
    if start.startswith("<"):
        return NoNotebook(
            "The file is a web page or XML, no notebook", "Download the .ipynb file itself (its raw version)."
        )
    if not start.startswith(("{", "[")):
        return NoNotebook(
            f"The file is no notebook, which is JSON: it begins with {start[:20]!r}",
            "Give the path of an .ipynb file.",
        )
    why = "it ends too early" if error.pos >= len(text.rstrip()) else error.msg
    return NoNotebook(
        f"The notebook is not valid JSON: {why}: line {error.lineno}, column {error.colno}", _MEND
    )


def _all_cells(content: Content) -> Iterator[tuple[str, Any]]:
    if content.get("cells") is not None or not content.get("worksheets"):
        yield from _listed(content, "cells", "")
        return
    for place, (_, sheet) in enumerate(_listed(content, "worksheets", ""), 1):
        if not isinstance(sheet, dict):
            raise NoNotebook(f"The notebook's worksheet {place} is {_type(sheet)}, not an object", _MEND)
        yield from _listed(sheet, "cells", f"of worksheet {place} ")


def _listed(held: Content, name: str, of: str) -> Iterator[tuple[str, Any]]:
    found = held.get(name)
    if found is not None and not isinstance(found, list):
        raise NoNotebook(f"The notebook's `{name}` {of}is {_type(found)}, not a list", _MEND)
    for place, each in enumerate(found or [], 1):
        yield f"cell {place} {of}".strip(), each


def _check_cell(where: str, cell: Any) -> None:
    if not isinstance(cell, dict):
        return  # passed over when it runs, as a cell without a type is
    kind = cell.get("cell_type")
    if kind is not None and not isinstance(kind, str):
        raise NoNotebook(f"The notebook's {where} has a cell_type that is {_type(kind)}", _MEND)
    for member in ("source", "input"):
        text = cell.get(member)
        lines = text if isinstance(text, list) else [text]
        if text is not None and not all(isinstance(each, str) for each in lines):
            raise NoNotebook(f"The notebook's {where} has a `{member}` that is no text", _MEND)


def _type(value: Any) -> str:
    return _TYPES.get(type(value), "a number")


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
