"""Busy account, with a session token that has expired."""

from __future__ import annotations

from ..scene import Scene
from . import busy

#: The client gets a session token.
TOKEN = True


def build(scene: Scene) -> None:
    """Add the busy account, and expire its token."""
    busy.build(scene)
    scene.control.expire()
