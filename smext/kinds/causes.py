"""What starts jobs and endpoints without a bill of its own: shown as their cause, never counted beside them."""

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
