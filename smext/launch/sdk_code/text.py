"""Python source as a person would write it: literals and calls, broken where a line gets long."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ...runner import languages

WIDTH = 112
STEP = "    "


class Source(str):
    """Text that is Python already."""


def literal(value: Any, indent: int = 0, taken: int = 0) -> str:
    """`indent` is the level of the line it begins on, `taken` the columns before and behind it on that line."""
    line = _inline(value)
    fits = len(line) + taken + indent * len(STEP) <= WIDTH and "\n" not in line
    if fits or not value:
        return line
    if isinstance(value, dict):
        items = [
            f"{_inline(key)}: {literal(item, indent + 1, len(_inline(key)) + 3)}"
            for key, item in value.items()
        ]
        return _broken("{", items, "}", indent)
    if isinstance(value, list):
        return _broken("[", [literal(item, indent + 1, 1) for item in value], "]", indent)
    return line


def call(function: str, arguments: Iterable[tuple[str, Any]], indent: int = 0) -> Source:
    """`function(name=value, …)`, on one line or with an argument a line; those of None are left out."""
    given = [(name, value) for name, value in arguments if value is not None]
    line = f"{function}({', '.join(f'{name}={_inline(value)}' for name, value in given)})"
    if len(line) + indent * len(STEP) <= WIDTH and "\n" not in line:
        return Source(line)
    items = [f"{name}={literal(value, indent + 1, len(name) + 2)}" for name, value in given]
    return Source(_broken(f"{function}(", items, ")", indent))


def _broken(start: str, items: Iterable[str], end: str, indent: int) -> str:
    inner = STEP * (indent + 1)
    return "\n".join([start, *(f"{inner}{item}," for item in items), STEP * indent + end])


def _inline(value: Any) -> str:
    if isinstance(value, Source):
        return str(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)}: {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return languages.python(value)


def _string(value: str) -> str:
    """In double quotes, as everybody's formatter wants it; JSON's escapes are Python's."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return repr(value)
    return text if value.isprintable() or value.isascii() else repr(value)
