"""The checks before a launch: a module of this folder that has `CHECKS` brings some.

A new check is a new module: a function of one `context.Context`, and its place among the others.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import Offline, Online


@cache
def registry() -> tuple[Offline | Online, ...]:
    """Return all checks in the order in which a plan shows them."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    found = [check for module in modules for check in getattr(module, "CHECKS", ())]
    return tuple(sorted(found, key=lambda check: check.order))
