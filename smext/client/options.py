"""What a launch from code or from a terminal may choose, and the member of the form that each choice is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from ..api import JobKind


class Choices(TypedDict, total=False):
    """Keywords of smext.run and smext.plan. Times are in seconds; what is not given is as the form opens."""

    kind: JobKind | None
    instance: str | None
    count: int | None
    volume_gb: int | None
    max_runtime: int | None
    max_usd: float | None
    parameters: Mapping[str, Any] | None
    environment: Mapping[str, str] | None
    image: str | None
    role: str | None
    files: bool | Sequence[str] | None
    send_large: bool | None
    packages: Sequence[str] | None
    requirements: str | None
    send_wheels: bool | None
    inputs: Mapping[str, str | Mapping[str, str]] | None
    outputs: Sequence[str] | Mapping[str, str] | None
    tags: Mapping[str, str] | None
    spot: bool | None
    max_wait: int | None
    keep_alive: int | None
    retries: int | None
    subnets: Sequence[str] | None
    security_groups: Sequence[str] | None
    network_isolation: bool | None
    kms_key: str | None


_MEMBERS = {
    "kind": "job_kind",
    "instance": "instance_type",
    "count": "instance_count",
    "max_runtime": "max_runtime_seconds",
    "max_wait": "max_wait_seconds",
    "keep_alive": "keep_alive_seconds",
}


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
            found[_MEMBERS.get(name, name)] = _plain(value)
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
