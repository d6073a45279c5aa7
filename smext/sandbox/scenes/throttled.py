"""The busy account, while every list call of SageMaker is throttled."""

from __future__ import annotations

from ..scene import Scene
from . import busy


def build(scene: Scene) -> None:
    busy.build(scene)
    scene.control.fail("sagemaker:List*", "ThrottlingException")
