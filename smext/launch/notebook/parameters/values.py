"""Values that come from Python: taken as they are, or refused with the parameter's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....api.values import Typed

_DEEPEST = 100
_SCALARS = (bool, int, float, str)
_ADVICE = {
    "date": "Write it as a text: value.isoformat().",
    "datetime": "Write it as a text: value.isoformat().",
    "set": "Write it as a list: sorted(value).",
    "frozenset": "Write it as a list: sorted(value).",
    "bytes": "Write it as a text: value.decode().",
    "ndarray": "Write it as a list: value.tolist().",
    "Series": "Write it as a list: value.tolist().",
    "DataFrame": "Write it to a file or to S3 and give its path.",
    "Decimal": "Write it as a number or a text: float(value).",
    "float16": "Give a number of Python: float(value), or the one that you mean.",
    "float32": "Give a number of Python: float(value), or the one that you mean.",
}


class Refused(ValueError):
    """A value that cannot be given; `field` is `parameters.NAME`."""

    def __init__(self, name: Any, what: str, advice: str = "") -> None:
        super().__init__(f"Parameter {name} cannot have this value: {what}")
        self.field = f"parameters.{name}"
        self.advice = advice or "Give a number, text, True, False, None, or a list or mapping of them."


def exact(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the values as plain Python, numpy's scalars among them. Raises Refused for the first that is none."""
    made = {}
    for name, value in values.items():
        if not isinstance(name, str):
            raise Refused(name, f"its name is no text but {type(name).__name__}", "Write the name in quotes.")
        try:
            made[name] = value if isinstance(value, Typed) else _plain(name, value, 0)
        except RecursionError:
            raise Refused(name, "it holds itself, or too much within each other") from None
    return made


def wrong(values: Mapping[Any, Any]) -> Refused | None:
    """Return why the first of the values cannot be given."""
    try:
        exact(values)
    except Refused as refused:
        return refused
    return None


def _plain(name: str, value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise Refused(name, f"it is nested deeper than {_DEEPEST} levels")
    kind = type(value)
    if value is None or kind in _SCALARS:
        return value
    if kind.__module__ == "numpy" and hasattr(value, "item") and not getattr(value, "shape", (1,)):
        return _of_numpy(name, value)
    for scalar in (int, float, str):
        # Of an enumeration, or another class of somebody's own.
        if isinstance(value, scalar):
            return scalar.__str__(value) if scalar is str else scalar(value)
    if isinstance(value, list):
        return [_plain(name, item, depth + 1) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(name, item, depth + 1) for item in value)
    if isinstance(value, Mapping):
        keys = [key for key in value if not isinstance(key, str)]
        if keys:
            raise Refused(name, f"it has a name that is no text: {keys[0]!r}", "Write names in quotes.")
        return {str.__str__(key): _plain(name, item, depth + 1) for key, item in value.items()}
    raise Refused(name, _shown(value), _ADVICE.get(kind.__name__, ""))


def _of_numpy(name: str, value: Any) -> Any:
    """Return a numpy scalar as a Python value. A float of another size is another number in decimals: 0.1 would become 0.10000000149011612."""
    found = value.item()
    narrow = isinstance(found, float) and value.dtype.itemsize != 8
    if type(found) in _SCALARS and not narrow:
        return found
    becomes = f", which is {found!r} in Python" if type(found) is float else ""
    raise Refused(name, _shown(value) + becomes, _ADVICE.get(type(value).__name__, ""))


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = "?"
    return f"{text if len(text) <= 60 else text[:59] + '…'} ({type(value).__name__})"
