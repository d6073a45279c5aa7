"""Warnings about cost."""

from __future__ import annotations

from typing import Literal

from .wire import Problem, Wire


class RowRef(Wire):
    kind: str
    key: str


class CostWarning(Wire):
    id: str
    """The same for the same thing as long as it lives, so that it can be put off."""
    level: Literal["info", "warning", "error"]
    title: str
    text: str
    rows: list[RowRef] = []
    usd: float | None = None
    """What it is about: spent, to be spent, or per hour; None where it is not known."""


class Warnings(Wire):
    """Current warnings, the gravest first."""

    warnings: list[CostWarning] = []
    kept: list[RowRef] = []
    """What is marked to be kept: not warned of, and not to be stopped with others."""
    kept_unknown: Problem | None = None
    """Why the tags are not known, so that `kept` may lack something; names of the administrator hold all the same."""
    until_monday_usd: float | None = None
    """From now until Monday 09:00 of the user if all goes on as it is; None where nothing is known of it."""
    until_monday_at_least: bool = False
    """Something is unpriced or could not be seen: it may be more."""
    unchecked: list[Problem] = []
    """What could not be looked at, so that there may be more to say."""
    ready: bool = False
    """Every kind has been read, or it was said why not."""
