"""Python literals in JSON: values that JSON lacks, such as tuples, are written as `{"$literal": "(1, 2)"}`."""

from __future__ import annotations

import ast
from typing import Any

KEY = "$literal"


def is_json(value: Any) -> bool:
    """Return True if Python's json module reads the value as it wrote it."""
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(item) for key, item in value.items()) and KEY not in value
    return value is None or isinstance(value, (bool, int, float, str))


def encoded(value: Any) -> Any:
    """Return the value as JSON."""
    return value if is_json(value) else {KEY: repr(value)}


def decoded(value: Any) -> Any:
    """Return what `encoded` was given. Raises ValueError for a text that is no literal."""
    if isinstance(value, dict) and set(value) == {KEY}:
        return read(value[KEY])
    return value


def read(text: Any) -> Any:
    """Evaluate a literal of Python; `inf` and `nan` are literals here. Raises ValueError."""
    try:
        return ast.literal_eval(_Numbers().visit(ast.parse(text.strip(), mode="eval")))
    except (ValueError, TypeError, AttributeError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(f"no Python literal: {str(text)[:60]!r}") from error


class _Numbers(ast.NodeTransformer):
    """Transformer that puts numbers in place of the names that repr() has for them."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(float(node.id)) if node.id in {"inf", "nan"} else node
