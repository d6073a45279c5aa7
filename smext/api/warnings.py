"""Warnings about cost."""

from __future__ import annotations

from typing import Literal

from .model import Problem, Wire


class RowRef(Wire):
    kind: str
    key: str


class CostWarning(Wire):
    id: str
    """Id that stays the same while the resource lives, so that it can be snoozed."""
    level: Literal["info", "warning", "error"]
    title: str
    text: str
    rows: list[RowRef] = []
    usd: float | None = None
    """Amount: spent, to be spent, or per hour; None where it is not known."""


class Warnings(Wire):
    """Current warnings, the gravest first."""

    warnings: list[CostWarning] = []
    kept: list[RowRef] = []
    """Rows exempt from warnings and bulk stops."""
    kept_unknown: Problem | None = None
    """Reason why the tags are not known and `kept` may be incomplete; the administrator's names are in it all the same."""
    until_monday_usd: float | None = None
    """Cost from now until Monday 09:00 of the user if nothing changes; None where nothing is known."""
    until_monday_at_least: bool = False
    """True if it may be more: something is unpriced or could not be seen."""
    unchecked: list[Problem] = []
    """Problems because of which warnings may be missing."""
    ready: bool = False
    """True if every kind has been read, or failed with a problem."""
