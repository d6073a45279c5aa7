"""What a launch from code or from a terminal may choose, and the member of the form that each choice is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..launch.options import OPTIONS
from .keywords import Choices as Choices

_MEMBERS = {option.python_name: option.member for option in OPTIONS if option.python_name}


def members(choices: Choices) -> dict[str, Any]:
    """Members of the form, not validated. Raises TypeError for a choice that there is not."""
    unknown = [name for name in choices if name not in Choices.__annotations__]
    if unknown:
        raise TypeError(f"There is no such keyword: {', '.join(unknown)}")
    found: dict[str, Any] = {}
    for name, value in choices.items():
        if value is None:
            continue
        if name == "files" and isinstance(value, bool):
            found["include_files"] = value
        elif name == "inputs":
            found[name] = [_input(*each) for each in dict(value).items()]  # type: ignore[call-overload]
        elif name == "outputs":
            found[name] = _outputs(value)
        else:
            found[_MEMBERS[name]] = _plain(value)
    return found


def _input(name: str, value: str | Mapping[str, str]) -> dict[str, str]:
    return {"name": name, **({"uri": value} if isinstance(value, str) else value)}


def _outputs(value: Any) -> list[dict[str, str]]:
    pairs = value.items() if isinstance(value, Mapping) else ((name, "") for name in value)
    return [{"name": name, "uri": uri} for name, uri in pairs]


def _plain(value: Any) -> Any:
    """Return lists and mappings as pydantic takes them; a text is no list."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
