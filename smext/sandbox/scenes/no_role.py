"""Laptop with the keys of an IAM user: no execution role is to be found anywhere."""

from __future__ import annotations

from ..scene import Scene

PRINCIPAL = "arn:aws:iam::{account}:user/eve"


def build(scene: Scene) -> None:
    """Take the execution role out of the metadata file."""
    scene.stand_in({})
