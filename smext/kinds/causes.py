"""Kinds that start jobs and endpoints and have no bill of their own: shown as a cause, never counted beside them."""

from __future__ import annotations

from ..api import Column
from .base import Status

COLUMNS = (
    Column(name="name", label="Name"),
    Column(name="status", label="Status"),
    Column(name="created", label="Created", format="time"),
    Column(name="duration", label="Duration", format="duration"),
)


ENDED = {"Completed": Status("ok"), "Failed": Status("bad"), "Stopped": Status("off")}
