"""Members of the launch form as somebody wrote them down: which are valid, and which go with which job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..api import InputChannel, JobKind, LaunchForm, Problem
from . import options
from .notebook.parameters.values import Refused, exact
from .request import APIS

NETWORK = options.group("network")
ADDED = tuple(option.member for option in options.OPTIONS if option.merged)
"""Mappings that are added to, where everything else is replaced."""


def read(values: Any, where: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return the valid members, and a problem for each other one; `where` is for people: `in the notebook's metadata`."""
    if not isinstance(values, Mapping):
        return {}, [_problem(f"It is not a mapping of the form's members: {where}")]
    found: dict[str, Any] = {}
    problems = []
    for name, value in values.items():
        if name not in LaunchForm.model_fields:
            problems.append(_problem(f"The launch form has no such member, {where}: {name}"))
            continue
        try:
            found[name] = getattr(LaunchForm.model_validate({name: value}), name)
            if name == "parameters":
                found[name] = exact(found[name])
        except Refused as refused:
            del found[name]
            problems.append(_refused(refused, where))
        except ValidationError as error:
            why = error.errors()[0]["msg"]
            problems.append(_problem(f"{why}, {where}: {name} = {_short(value)}", name))
    return found, problems


def of_kind(values: Mapping[str, Any], kind: JobKind) -> dict[str, Any]:
    """Leave out what this kind of job cannot take."""
    return {name: value for name, value in values.items() if suits(name, value, kind)}


def suits(name: str, value: Any, kind: JobKind) -> bool:
    """Tell whether this kind of job can take the member."""
    if name == "inputs" and kind == "processing":
        return all(_is_plain(each) for each in value)
    if name == "max_runtime_seconds":
        return bool(value <= APIS[kind].longest_run)
    return kind in options.by_member()[name].kinds


def decided(name: str) -> set[str]:
    """Return the member and those that are decided on with it."""
    row = options.by_member()[name]
    return options.group(row.together) if row.together else {name}


def _is_plain(channel: InputChannel) -> bool:
    return channel.mode != "FastFile" and channel.uri.startswith("s3://")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _refused(refused: Refused, where: str) -> Problem:
    return Problem(code="invalid", message=f"{refused}, {where}", advice=refused.advice, field=refused.field)


def _problem(message: str, field: str | None = None) -> Problem:
    return Problem(
        code="invalid",
        message=message,
        advice="Correct it or take it away; until then it is not used.",
        field=field,
    )
