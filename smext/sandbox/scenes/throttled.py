"""Busy account, while every list call of SageMaker is throttled."""

from __future__ import annotations

from ..scene import Scene
from . import busy


def build(scene: Scene) -> None:
    """Add the busy account, and throttle its list calls."""
    busy.build(scene)
    scene.control.fail("sagemaker:List*", "ThrottlingException")
