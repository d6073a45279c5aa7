"""Validation of a request against botocore's model, in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..errors import AwsError, validation

_SHOWN = 200


def check(params: dict[str, Any], shape: Shape | None) -> None:
    """Raise ValidationException with every problem of `params`, as one text."""
    if not isinstance(shape, StructureShape):
        return
    problems = list(_structure(params, shape, ""))
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise validation(f"{len(problems)} validation error{plural} detected: " + "; ".join(problems))


def _structure(value: Any, shape: StructureShape, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        raise AwsError("SerializationException", f"Start of structure expected at {path or 'the request'}")
    for name in shape.required_members:
        if value.get(name) is None:
            yield _problem(None, _join(path, name), "Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _value(value[name], member, _join(path, name))


def _value(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _structure(value, shape, path)
    elif isinstance(shape, ListShape):
        yield from _list(value, shape, path)
    elif isinstance(shape, MapShape):
        yield from _map(value, shape, path)
    elif shape.type_name == "string":
        yield from _string(value, shape, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _number(value, shape, path)


def _list(value: Any, shape: ListShape, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        raise AwsError("SerializationException", f"Start of list expected at {path}")
    yield from _bounds(value, len(value), shape, path, "length")
    for index, item in enumerate(value, start=1):
        yield from _value(item, shape.member, f"{path}.{index}.member")


def _map(value: Any, shape: MapShape, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        raise AwsError("SerializationException", f"Start of map expected at {path}")
    yield from _bounds(value, len(value), shape, path, "length")
    for key, item in value.items():
        yield from _value(key, shape.key, path)
        yield from _value(item, shape.value, f"{path}.{key}.member")


def _string(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        raise AwsError("SerializationException", f"{type(value).__name__} can not be converted to a String")
    enum = getattr(shape, "enum", None)
    if enum:
        if value not in enum:
            yield _problem(value, path, f"Member must satisfy enum value set: [{', '.join(enum)}]")
        return
    yield from _bounds(value, len(value), shape, path, "length")
    pattern = _compiled(str(shape.metadata.get("pattern", "")))
    if pattern is not None and not pattern.fullmatch(value):
        text = f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}"
        yield _problem(value, path, text)


def _number(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AwsError("SerializationException", f"{type(value).__name__} can not be converted to a number")
    yield from _bounds(value, value, shape, path, "value")


def _bounds(value: Any, size: float, shape: Shape, path: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _problem(value, path, f"Member must have {what} greater than or equal to {low}")
    if high is not None and size > high:
        yield _problem(value, path, f"Member must have {what} less than or equal to {high}")


def _problem(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{str(value)[:_SHOWN]}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def _join(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return the pattern, or None where it is empty or valid only in Java's dialect."""
    try:
        return re.compile(pattern, re.DOTALL) if pattern else None
    except re.error:
        return None


def cut(fields: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
    """Return the members of `fields` that `shape` has, as deep as the shape goes."""
    if not isinstance(shape, StructureShape):
        return {}
    return {
        name: _cut_value(fields[name], member)
        for name, member in shape.members.items()
        if fields.get(name) is not None
    }


def _cut_value(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return cut(value, shape)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_cut_value(item, shape.member) for item in value]
    return value


def moment(value: Any) -> datetime:
    """Parse a timestamp of a request: seconds since 1970 or ISO 8601, UTC."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, tz=timezone.utc)
    parsed = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
