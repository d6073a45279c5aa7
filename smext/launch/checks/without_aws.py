"""What can be said of a launch before AWS is asked anything."""

from __future__ import annotations

from ...api import Check
from . import registry
from .base import Offline
from .context import Context


def run(context: Context) -> list[Check]:
    """Return what all checks say that ask AWS nothing."""
    return [found for each in registry() if isinstance(each, Offline) for found in each.run(context)]


def once(found: list[Check]) -> list[Check]:
    """Without what boto3's model says against a part of the form that a check of its own refuses, too."""
    refused = {each.field for each in found if each.status == "will fail" and each.name != "request"}
    # Of many tags one check may mean another than the model does.
    refused -= {None, "tags"}
    return [each for each in found if each.name != "request" or each.field not in refused]
