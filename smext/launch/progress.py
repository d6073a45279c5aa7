"""Launches under way in this process, by the job's name."""

from __future__ import annotations

from ..api import LaunchProgress


def progress(name: str) -> LaunchProgress:
    """How far it is; `waiting` where nothing of it was heard."""
    return LaunchProgress(name=name)


def cancel(name: str) -> LaunchProgress:
    """Ask it to end before the job is created."""
    return progress(name)
