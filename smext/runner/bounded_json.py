"""Parser for JSON of unknown origin: it is read within bounds or refused with ValueError."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 200
"""Levels: nothing that is read here has as many, and what writes it out again goes no deeper."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class TooDeep(ValueError):
    """Lists and objects nested more than DEEPEST times."""


def loads(body: bytes | str) -> Any:
    """Parse JSON, in UTF-8 if it is bytes. Raises ValueError.

    Numbers that JSON does not know (NaN, 1e999) become null, and halves of characters question marks: neither can
    be written out again.
    """
    text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    try:
        found = json.loads(text, parse_float=_finite, parse_constant=lambda name: None)
    except RecursionError as error:
        raise TooDeep(f"more than {DEEPEST} levels") from error
    if _is_too_deep(found):
        raise TooDeep(f"more than {DEEPEST} levels")
    if _SURROGATE.search(text):
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return found


def _is_too_deep(value: Any) -> bool:
    """Check level by level, since recursion has an end of its own."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            each
            for held in level
            if isinstance(held, (dict, list))
            for each in (held.values() if isinstance(held, dict) else held)
            if isinstance(each, (dict, list))
        ]
        if not level:
            return False
    return True


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
