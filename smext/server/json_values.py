"""Values that JSON can hold and that no member of a request means: they are refused where they come in."""

from __future__ import annotations

import math
from typing import Any

from ..errors import Invalid

MOST = 2**53
"""Whole numbers beyond it lose digits in a browser, and are no count, size or time."""
_ANY = "parameters"
"""Values of the notebook's own: what they may be is checked with their types."""


def refuse(value: Any, place: tuple[str, ...] = ()) -> None:
    """Raise errors.Invalid naming the first member that is infinite, too large or holds a NUL character."""
    if _ANY in place:
        return
    if isinstance(value, dict):
        for name, each in value.items():
            refuse(name, (*place, "name"))
            refuse(each, (*place, str(name)))
    elif isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            refuse(each, (*place, str(index)))
    elif isinstance(value, str) and "\0" in value:
        raise _invalid("holds a NUL character", place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _invalid("is no finite number", place)
    elif isinstance(value, int) and abs(value) > MOST:
        raise _invalid("is too large a number", place)


def _invalid(why: str, place: tuple[str, ...]) -> Invalid:
    field = ".".join(place).removeprefix("form.").replace("\0", "")
    return Invalid(
        f"A value {why}: {field}", advice="Correct this value, then try again.", field=field or None
    )
