"""The SDK's configuration files: what of them could not be read."""

from __future__ import annotations

from ...api import Check, check
from .base import Offline
from .context import Context


def of_config(context: Context) -> list[Check]:
    """Warn of what is wrong in the SDK's config files."""
    return [
        check("SDK config", "warning", each.message, each.advice) for each in context.around.config.problems
    ]


CHECKS = (Offline(100, of_config),)
