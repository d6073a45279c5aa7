"""A request against botocore's own model: members, types, lengths and patterns, before AWS sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Java's character classes, which Python's re does not know.
_JAVA_CLASS = re.compile(r"\\[pP]\{")
_NOT_SHOWN = 60


@dataclass(frozen=True)
class Violation:
    """`path` are the members that lead to the value; `key` says that a mapping's key is at fault."""

    path: tuple[str, ...]
    message: str
    key: bool = False


def violations(operation: str, request: Mapping[str, Any]) -> list[Violation]:
    """List what SageMaker's model says against the request; empty is fine."""
    from botocore.validate import ParamValidator

    shape = _model().operation_model(operation).input_shape
    found = list(_walk(shape, request, ()))
    report = ParamValidator().validate(request, shape).generate_report()
    seen = {violation.path[-1] for violation in found if violation.path}
    # botocore knows types and missing members, but no upper limits; say nothing twice.
    lines = (line.strip() for line in report.splitlines())
    found += [Violation((), line) for line in lines if line and not any(name in line for name in seen)]
    return found


def _walk(shape: Any, value: Any, path: tuple[str, ...]) -> Iterator[Violation]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from _walk(member, value[name], (*path, name))
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _size(shape, len(value), path, "entries")
        for index, item in enumerate(value):
            yield from _walk(shape.member, item, (*path, str(index)))
    elif shape.type_name == "map" and isinstance(value, dict):
        yield from _size(shape, len(value), path, "entries")
        for name, item in value.items():
            for violation in _text(shape.key, name, (*path, name)):
                yield Violation(violation.path, violation.message, key=True)
            yield from _walk(shape.value, item, (*path, name))
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _text(shape, value, path)
    elif shape.type_name in {"integer", "long"} and isinstance(value, int):
        yield from _range(shape, value, path)


def _size(shape: Any, size: int, path: tuple[str, ...], unit: str) -> Iterator[Violation]:
    most = shape.metadata.get("max")
    if most is not None and size > most:
        yield Violation(path, f"{size} {unit}, {most} are allowed")


def _range(shape: Any, value: int, path: tuple[str, ...]) -> Iterator[Violation]:
    most = shape.metadata.get("max")
    if most is not None and value > most:
        yield Violation(path, f"{value} is more than {most}")


def _text(shape: Any, value: str, path: tuple[str, ...]) -> Iterator[Violation]:
    yield from _size(shape, len(value), path, "characters")
    pattern = _pattern(shape.metadata.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        yield Violation(path, f"{_short(value)} is not written as AWS wants it ({pattern.pattern})")


@lru_cache(maxsize=64)
def _pattern(text: str | None) -> re.Pattern[str] | None:
    if not text or _JAVA_CLASS.search(text):
        return None
    try:
        return re.compile(text)
    except re.error:
        return None


def _short(text: str) -> str:
    return repr(text if len(text) <= _NOT_SHOWN else text[:_NOT_SHOWN] + "…")


@lru_cache(maxsize=1)
def _model() -> Any:
    import botocore.session  # slow: only where a plan is made

    return botocore.session.get_session().get_service_model("sagemaker")
