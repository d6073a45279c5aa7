"""The notebook's parameters: which values are not taken."""

from __future__ import annotations

from .base import Offline

CHECKS = (Offline(110, lambda context: context.said_of_parameters),)
