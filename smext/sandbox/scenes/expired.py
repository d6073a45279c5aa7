"""The busy account, with a session token that has expired."""

from __future__ import annotations

from ..scene import Scene
from . import busy

#: The client gets a session token.
TOKEN = True


def build(scene: Scene) -> None:
    busy.build(scene)
    scene.control.expire()
