"""Registry of resource kinds: each module of this package that has a `KIND` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from .base import Kind


@cache
def registry() -> Mapping[str, Kind]:
    """Return the kinds by name, in the order of their labels."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    found = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.label)}
