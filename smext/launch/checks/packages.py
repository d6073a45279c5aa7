"""What the notebook's code needs: files and packages that are found by themselves, and those that are listed."""

from __future__ import annotations

from ...api import Check
from ..packages import wheels
from ..packages.install_list import summary
from .base import Offline
from .context import Context


def of_packages(context: Context) -> list[Check]:
    """Say what is installed, built or missing."""
    wanted = context.packages
    return [*wanted.checks, *summary(wanted), *wheels.checks(wanted.local)]


CHECKS = (Offline(170, lambda context: context.said_of_code), Offline(180, of_packages))
