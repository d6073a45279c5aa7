"""Keywords of smext.run and smext.plan. Generated from smext/launch/options.py by `jlpm generate`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from ..api import JobKind


class Choices(TypedDict, total=False):
    """Keywords of smext.run and smext.plan. Times are in seconds; what is not given is as the form opens."""

    kind: JobKind | None
    instance: str | None
    max_runtime: int | None
    max_usd: float | None
    count: int | None
    volume_gb: int | None
    parameters: Mapping[str, Any] | None
    image: str | None
    role: str | None
    send_large: bool | None
    files: bool | Sequence[str] | None
    packages: Sequence[str] | None
    requirements: str | None
    send_wheels: bool | None
    inputs: Mapping[str, str | Mapping[str, str]] | None
    outputs: Sequence[str] | Mapping[str, str] | None
    spot: bool | None
    max_wait: int | None
    keep_alive: int | None
    retries: int | None
    remote_debug: bool | None
    subnets: Sequence[str] | None
    security_groups: Sequence[str] | None
    network_isolation: bool | None
    encrypt_traffic: bool | None
    kms_key: str | None
    environment: Mapping[str, str] | None
    tags: Mapping[str, str] | None
