"""TOML files, read with the standard library or, before Python 3.11, with what JupyterLab brings."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from .... import errors
from .package_list import FIELD, ListContext, malformed

_LINE = re.compile(r"at line (\d+)")


def load(path: Path, place: ListContext) -> dict[str, Any]:
    """Parse a TOML file, from the cache where it has not changed: do not change the answer. Raises errors.SmextError."""
    text = place.text(path)
    try:
        return _parsed(text)
    except ValueError as error:
        line = _LINE.search(str(error))
        raise malformed(path, int(line[1]) if line else None, str(error)) from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    """Parse and cache: a lock file may take most of a second, and a plan is made at every change of the form."""
    parsed: dict[str, Any] = _library().loads(text)
    return parsed


def _library() -> Any:
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise errors.Unsupported(
        "The Python of this server cannot read TOML files.",
        advice="Install tomli beside Jupyter, or choose a requirements.txt.",
        field=FIELD,
    )


def table(value: Any, *names: str) -> dict[str, Any]:
    """Return a table further down; empty where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> list[str]:
    """Return the texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
