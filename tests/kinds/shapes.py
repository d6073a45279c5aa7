"""Values of botocore's shapes: the least that a shape allows, or one by chance of a fixed seed."""

from __future__ import annotations

from typing import Any

UNKNOWN = "NeverSeen"
"""A value that no enum has."""


def least(shape: Any) -> Any:
    """The members that are required and nothing else; a list is empty where it may be."""
    if shape is None:
        return {}
    kind = shape.type_name
    if kind == "structure":
        if shape.is_tagged_union:
            name = next(iter(shape.members))
            return {name: least(shape.members[name])}
        return {name: least(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [least(shape.member)] * int(shape.metadata.get("min", 0))
    if kind == "map":
        return {}
    if kind in {"string", "character"}:
        return shape.enum[0] if shape.enum else "arn-" + "x" * int(shape.metadata.get("min", 0))
    if kind == "boolean":
        return False
    if kind == "blob":
        return ""
    return max(int(shape.metadata.get("min", 0)), 1796040000 if kind == "timestamp" else 1)
