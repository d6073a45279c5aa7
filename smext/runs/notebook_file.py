"""Notebook files and objects as data, with errors in the words of this package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import errors
from ..runner.notebook import converted
from ..runner.notebook_text import NoNotebook, parse


def read(body: bytes) -> dict[str, Any]:
    """Parse a notebook as nbformat 4 JSON, with its outputs. Raises errors.Invalid with what is wrong."""
    try:
        return dict(converted(parse(body)))
    except NoNotebook as error:
        raise errors.Invalid(error.what, advice=error.advice) from error


def read_path(path: Path) -> dict[str, Any]:
    """Read a notebook file. Raises errors.NotFound or errors.Invalid, which names the path."""
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise errors.NotFound(
            f"Could not read the notebook: {path} ({error.strerror or error})", advice="Check the path."
        ) from error
    except errors.Invalid as error:
        raise errors.Invalid(f"{error.message}: {path}", advice=error.advice) from error
