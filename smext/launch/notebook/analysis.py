"""What a notebook's code does: read once, and again only where it or a file that it runs has changed."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...api import NotebookDocument
from . import content
from .reading import flow
from .reading.flow import CodeEvents

LARGEST_FILE = 5_000_000
"""Bytes of a script or notebook that is looked into."""
_KEPT = 16
_REMOTE = {"glue_pyspark", "glue_spark", "pysparkkernel", "sparkkernel"}
"""Kernels of the SageMaker Distribution whose cells run elsewhere, in a Glue session or on a cluster."""
Mark = tuple[int, int] | None


def is_remote(kernel: str | None) -> bool:
    """Tell whether a kernel's cells run on another machine than the job's."""
    return kernel_name(kernel) in _REMOTE


def kernel_name(kernel: str | None) -> str | None:
    """Return a kernel's name without the image that Studio writes behind it."""
    return kernel.partition("__SAGEMAKER_INTERNAL__")[0] if kernel else None


def read(
    document: NotebookDocument, parameters: Mapping[str, Any], folder: Path | None, root: Path | None
) -> CodeEvents:
    """Return what the notebook's code does; nothing of a notebook that is no Python, or runs elsewhere."""
    if content.language(document) not in (None, "python") or is_remote(content.kernel(document)):
        return CodeEvents()
    cells = [each for each in content.cells(document) if each.get("cell_type") == "code"]
    sources = [content.source(each) for each in cells]
    given = {at: parameters for at, each in enumerate(cells) if content.has_tag(each, content.PARAMETERS)}
    return _memory.story(sources, dict(list(given.items())[:1]), folder, root)


class _Files:
    """Texts of files below the server's folder, with a mark of each that was asked for."""

    def __init__(self, folder: Path | None, root: Path | None) -> None:
        self._folder, self._root = folder, os.path.realpath(root) if root else None
        self.marks: dict[str, Mark] = {}

    def text(self, path: str) -> str | None:
        place = self._place(path)
        if place is None:
            return None
        self.marks[place] = mark = _mark(place)
        if mark is None or mark[1] > LARGEST_FILE:
            return None
        try:
            with open(place, encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return None

    def _place(self, path: str) -> str | None:
        if self._folder is None or self._root is None:
            return None
        try:
            place = os.path.realpath(os.path.join(self._folder, os.path.expanduser(path)))
        except ValueError:
            return None
        return place if place.startswith(self._root.rstrip(os.sep) + os.sep) else None


class _Memory:
    """The last stories, as good as long as no file that they read has changed."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[CodeEvents, dict[str, Mark]]] = OrderedDict()
        self._lock = threading.Lock()

    def story(
        self,
        sources: list[str],
        given: Mapping[int, Mapping[str, Any]],
        folder: Path | None,
        root: Path | None,
    ) -> CodeEvents:
        key = _digest(sources, given, folder, root)
        with self._lock:
            known = self._known.get(key)
        if known is not None and all(_mark(place) == mark for place, mark in known[1].items()):
            return known[0]
        files = _Files(folder, root)
        found = flow.of_cells(sources, files.text, given)
        with self._lock:
            self._known[key] = (found, files.marks)
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


_memory = _Memory()


def _digest(
    sources: list[str], given: Mapping[int, Mapping[str, Any]], folder: Path | None, root: Path | None
) -> bytes:
    digest = hashlib.blake2b(
        json.dumps([str(folder), str(root), given], default=str, sort_keys=True).encode()
    )
    for each in sources:
        digest.update(f"{len(each)}:".encode())
        digest.update(each.encode("utf-8", "surrogatepass"))
    return digest.digest()


def _mark(place: str) -> Mark:
    try:
        status = os.stat(place)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
