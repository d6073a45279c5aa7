"""Parameter values on the wire.

JavaScript has other numbers than Python, and objects that put their members in another order: what it would change
travels as `{"$literal": "9007199254740993"}`, a literal of Python. A text that comes from outside is what somebody
typed: it takes the type that the notebook gives the parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo

from ..runner import literals

FROM_WIRE = {"wire": True}
"""Context of a validation of Python's values that came as JSON."""
_SAFE = 2**53


class Typed(str):
    """Parameter value as somebody typed it."""


def plain(value: Any) -> str:
    """Return the text without the mark that it was typed."""
    return str.__str__(value)


def _decoded(values: Any, info: ValidationInfo) -> Any:
    outside = info.mode == "json" or (info.context or {}).get("wire")
    if not outside or not isinstance(values, Mapping):
        return values
    return {name: _read(value) for name, value in values.items()}


def _read(value: Any) -> Any:
    return Typed(value) if isinstance(value, str) else literals.decoded(value)


def _encoded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in values.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Typed):
        return plain(value) if _is_text(value) else {literals.KEY: repr(plain(value))}
    # Blanks around a text that was typed are taken away.
    same = value.strip() == value if isinstance(value, str) else True
    return value if same and _survives(value) else {literals.KEY: repr(value)}


def _survives(value: Any) -> bool:
    """Return True if JavaScript reads and writes the value without a change."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) < _SAFE
    if isinstance(value, float):
        return not value.is_integer() and abs(value) != float("inf") and value == value
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, list):
        return all(map(_survives, value))
    if isinstance(value, dict):
        return literals.KEY not in value and all(
            isinstance(name, str) and not name.isdigit() and _is_text(name) and _survives(item)
            for name, item in value.items()
        )
    return False


def _is_text(value: str) -> bool:
    """Return False for a text with half a surrogate pair, which UTF-8 cannot encode."""
    return value.isascii() or value.encode("utf-8", "ignore").decode() == value


Values = Annotated[
    dict[str, Any],
    BeforeValidator(_decoded),
    PlainSerializer(_encoded, return_type=dict[str, Any], when_used="json"),
]
"""Parameters by name."""
