"""Empty account: a bucket and a role, and nothing else."""

from __future__ import annotations

from ..scene import Scene


def build(scene: Scene) -> None:
    """Add nothing."""
