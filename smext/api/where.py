"""Place and identity of the server."""

from __future__ import annotations

from typing import Literal

from .wire import Problem, Wire


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
    """Set when calls go to an endpoint on this machine, which costs nothing."""
    read_only: bool = False
    protected: bool = False
    """The administrator protects this account: nothing is stopped with others, one thing only when it is asked twice."""
    problem: Problem | None = None
    warn_minutes: float = 15.0
    """How often the server looks for what deserves a warning while nobody does; 0: never."""
    version: str
