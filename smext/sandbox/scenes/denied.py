"""Busy account, seen by a role that may not list endpoints, nor create jobs."""

from __future__ import annotations

from ..scene import Scene
from . import busy


def build(scene: Scene) -> None:
    """Add the busy account and the denials."""
    busy.build(scene)
    scene.control.fail("ListEndpoints", "AccessDeniedException")
    scene.control.fail("CreateTrainingJob", "AccessDeniedException")
    scene.control.fail("CreateProcessingJob", "AccessDeniedException")
