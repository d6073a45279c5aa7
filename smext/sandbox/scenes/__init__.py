"""Scenes: one file for each situation of an account; its `build(scene)` fills the account."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def load(name: str) -> Any:
    """Import a scene's module. Raises ValueError, which names the scenes that there are."""
    known = names()
    module = name.replace("-", "_")
    if module not in {scene.replace("-", "_") for scene in known}:
        raise ValueError(f"No such scene: {name}. Known: {', '.join(known)}.")
    return importlib.import_module(f"{__name__}.{module}")


def names() -> list[str]:
    """Return the names that `--scene` takes."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))
