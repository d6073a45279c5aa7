"""Place and identity of the server."""

from __future__ import annotations

from typing import Literal

from .model import Problem, Wire


class Target(Wire):
    """Account and region that may be looked at."""

    id: str
    profile: str | None = None
    region: str | None = None
    label: str


Place = Literal["studio-space", "studio-classic", "unified-studio", "notebook-instance", "computer"]


class Context(Wire):
    """Place where this server runs, and its AWS identity."""

    target: Target
    targets: list[Target] = []
    place: Place
    place_label: str
    """For people: `Studio space X in domain Y`, `notebook instance Z`, `this computer`."""
    account: str | None = None
    region: str | None = None
    identity: str | None = None
    identity_label: str = ""
    role: str | None = None
    """Execution role for jobs, an ARN."""
    domain: str | None = None
    space: str | None = None
    user: str | None = None
    endpoint: str | None = None
    endpoint_label: str | None = None
    """Label of an endpoint on this machine, which costs nothing."""
    read_only: bool = False
    protected: bool = False
    """True if the administrator protects this account: no bulk stops, and single ones are confirmed twice."""
    problem: Problem | None = None
    warn_minutes: float = 15.0
    """Minutes between two looks for warnings while nobody watches; 0: never."""
    version: str
