"""Busy account, where every call takes 300 ms longer (`control.delay` changes that)."""

from __future__ import annotations

from ..scene import Scene
from . import busy

MILLISECONDS = 300


def build(scene: Scene) -> None:
    """Add the busy account, and delay every call."""
    busy.build(scene)
    scene.control.delay(MILLISECONDS)
