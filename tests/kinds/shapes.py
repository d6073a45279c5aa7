"""Values of botocore's shapes: the least that a shape allows, or one by chance of a fixed seed."""

from __future__ import annotations

from random import Random
from typing import Any

NOON = 1796040000
"""30 November 2026, 12:00 UTC."""
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
    return max(int(shape.metadata.get("min", 0)), NOON if kind == "timestamp" else 1)


def by_chance(shape: Any, chance: Random, depth: int = 0) -> Any:
    """Some of its members, with values that the shape allows, and now and then one that nobody knows."""
    kind = shape.type_name
    if kind == "structure":
        if shape.is_tagged_union:
            name = chance.choice(list(shape.members))
            return {name: by_chance(shape.members[name], chance, depth + 1)}
        wanted = {
            name: each
            for name, each in shape.members.items()
            if chance.random() < (0.9 if name in shape.required_members else 0.7) and depth < 7
        }
        return {name: by_chance(each, chance, depth + 1) for name, each in wanted.items()}
    if kind == "list":
        return [by_chance(shape.member, chance, depth + 1) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
    if kind == "map":
        return {f"key-{n}": by_chance(shape.value, chance, depth + 1) for n in range(chance.randrange(3))}
    if kind in {"string", "character"}:
        if shape.enum:
            return chance.choice(shape.enum) if chance.random() < 0.8 else UNKNOWN
        return chance.choice(("", "a/b c", f"name-{chance.randrange(10**6)}"))
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "timestamp":
        return NOON + chance.choice((-86400, -60, 0, 3600, 1e9, 253402300799 - NOON, 1e17))
    if kind == "blob":
        return ""
    return chance.choice((0, 1, 2, 5, 100, -1, 10**12))
