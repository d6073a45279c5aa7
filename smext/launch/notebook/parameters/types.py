"""The types of parameters: by their annotations, else by their defaults."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ....api import ParameterType
from ....runner import literals

_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}
_NONE = {"None", "null"}
_NAMED: dict[str, ParameterType] = {
    "bool": "bool", "int": "int", "float": "float", "str": "str", "list": "json", "dict": "json", "List": "json",
    "Dict": "json", "Sequence": "json", "Iterable": "json", "Collection": "json", "Mapping": "json",
    "MutableMapping": "json", "MutableSequence": "json", "tuple": "literal", "Tuple": "literal", "set": "literal",
    "Set": "literal", "frozenset": "literal", "bytes": "literal", "complex": "literal",
}  # fmt: skip
_WRAPPERS = {"Annotated", "Final", "ClassVar"}
_ORDER: tuple[ParameterType, ...] = ("bool", "int", "float", "json", "literal", "str", "expression")
"""In which a text is tried, where several types may be."""
_WANTED: dict[ParameterType, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "json": "a list or a mapping",
    "literal": "a literal of Python",
    "str": "a text",
    "expression": "a text",
}
_NUMBERS = {"bool", "int", "float"}


@dataclass(frozen=True)
class Type:
    """What a parameter takes. `kinds` are in the order in which a text is tried."""

    kinds: tuple[ParameterType, ...]
    optional: bool = False
    choices: tuple[Any, ...] = ()
    annotated: bool = False

    @property
    def kind(self) -> ParameterType:
        """The one type that its field has."""
        if len(self.kinds) == 1:
            return self.kinds[0]
        return "float" if set(self.kinds) == {"int", "float"} else "expression"

    @property
    def wanted(self) -> str:
        """What would be taken, as the end of a sentence."""
        if self.choices:
            return f"one of {', '.join(map(repr, self.choices))} is wanted"
        return f"{' or '.join(dict.fromkeys(_WANTED[kind] for kind in self.kinds))} is wanted"


UNKNOWN = Type(("expression",))
COMPUTED_NUMBER = Type(("int", "float", "expression"))


# --- out of the notebook ------------------------------------------------------------------------


def annotated(node: ast.expr | None) -> Type | None:
    """Return the type that an annotation says; None where it says none that is known here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return annotated(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if isinstance(node, ast.Constant) and node.value is None:
        return Type((), optional=True, annotated=True)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    if not isinstance(node, ast.Subscript):
        kind = _NAMED.get(_name(node))
        return Type((kind,), annotated=True) if kind else None
    name, inner = _name(node.value), node.slice
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Optional":
        found = annotated(inner)
        return replace(found, optional=True) if found else None
    if name == "Union":
        return _union(parts)
    if name == "Literal":
        return _choices(parts)
    if name in _WRAPPERS and parts:
        return annotated(parts[0])
    kind = _NAMED.get(name)
    return Type((kind,), annotated=True) if kind else None


def _union(parts: list[ast.expr]) -> Type | None:
    found = [annotated(part) for part in parts]
    known = [each for each in found if each is not None and each.kinds]
    if None in found or not known:
        return None
    choices = known[0].choices
    if len(known) > 1 and any(each.choices for each in known):
        return None
    kinds = {kind for each in known for kind in each.kinds}
    optional = len(known) < len(found) or any(each.optional for each in known)
    return Type(tuple(kind for kind in _ORDER if kind in kinds), optional, choices, annotated=True)


def _choices(parts: list[ast.expr]) -> Type | None:
    try:
        values = [ast.literal_eval(part) for part in parts]
    except (ValueError, TypeError):
        return None
    given = tuple(value for value in values if value is not None)
    kinds = tuple(dict.fromkeys(map(kind_of, given)))
    return Type(kinds, None in values, given, annotated=True) if given else None


def _name(node: ast.expr | None) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def of_default(value: ast.expr | None) -> tuple[Type, bool]:
    """Return the type of a default, and whether its code is what somebody would type for it."""
    if value is None:
        return UNKNOWN, False
    try:
        content = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return (COMPUTED_NUMBER if _is_number(value) else UNKNOWN), False
    if content is None or content is ...:
        return UNKNOWN, False
    kind = kind_of(content)
    return Type((kind,)), True


def kind_of(value: Any) -> ParameterType:
    """Return the type of a literal."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float"
    if isinstance(value, str):
        return "str"
    return "json" if isinstance(value, (list, dict)) and literals.is_json(value) else "literal"


def _is_number(node: ast.expr) -> bool:
    """Tell whether it is computed of numbers alone, such as 60 * 60 or math.inf; nothing is computed here."""
    if isinstance(node, ast.Constant):
        return type(node.value) in {int, float}
    if isinstance(node, ast.UnaryOp):
        return _is_number(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_number(node.left) and _is_number(node.right)
    if isinstance(node, ast.Attribute):
        return node.attr in {"inf", "nan", "pi", "e"} and _name(node.value) in {"math", "np", "numpy"}
    if isinstance(node, ast.Call) and _name(node.func) == "float" and len(node.args) == 1:
        return isinstance(node.args[0], ast.Constant)
    return False


# --- what somebody typed ------------------------------------------------------------------------


def typed(kind: Type, text: str) -> Any:
    """Read a text as a value of the type. Raises ValueError with what is wanted."""
    if kind.choices:
        return _chosen(kind, text)
    for each in kind.kinds:
        try:
            return _READ[each](text)
        except ValueError:
            continue
    # `None` is also a text: where a text is wanted it is one.
    if kind.optional and text.strip() in {*_NONE, ""}:
        return None
    raise ValueError(kind.wanted)


def _chosen(kind: Type, text: str) -> Any:
    for choice in kind.choices:
        if text == choice or text.strip() in {str(choice), repr(choice)}:
            return choice
    if kind.optional and text.strip() in {*_NONE, ""}:
        return None
    raise ValueError(kind.wanted)


def _int(text: str) -> int:
    if re.fullmatch(r"[+-]?\d+", text.strip()):
        return int(text)
    found = literals.read(text)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise ValueError


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number) and re.search(r"\d", text):
        # Beyond what a float holds.
        raise ValueError
    return number


def _bool(text: str) -> bool:
    if text.strip().lower() in _TRUE | _FALSE:
        return text.strip().lower() in _TRUE
    raise ValueError


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        found = literals.read(text)
    except RecursionError:
        raise ValueError from None
    if isinstance(found, (list, dict)) or found is None:
        return found
    raise ValueError


def _text(text: str) -> str:
    return text


_READ: dict[ParameterType, Callable[[str], Any]] = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "json": _json,
    "literal": literals.read,
    "str": _text,
    "expression": _text,
}


# --- what is a value already --------------------------------------------------------------------


def fits(kind: Type, value: Any) -> bool | None:
    """Tell whether a value is of the type; None where it is another that may do as well."""
    if kind.choices:
        return any(value == choice and type(value) is type(choice) for choice in kind.choices) or (
            value is None and kind.optional
        )
    if "expression" in kind.kinds:
        return True
    if value is None:
        return True if kind.optional else None
    found = kind_of(value)
    if found in kind.kinds or (found == "int" and "float" in kind.kinds):
        return True
    if found in _NUMBERS and set(kind.kinds) & _NUMBERS:
        return False if kind.annotated and found == "float" and not value.is_integer() else None
    containers = {"json", "literal"}
    return None if found in containers and set(kind.kinds) & containers else False
