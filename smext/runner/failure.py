"""Exceptions that end a run early."""

from __future__ import annotations


class Failure(Exception):
    """Error that ends the run; the text says what failed, the variable part last, then what to do."""


class Stopped(BaseException):
    """SIGTERM while the run was being prepared."""


def reason(error: OSError) -> str:
    """Return the operating system's text for an error, without its number and path."""
    return error.strerror or str(error) or type(error).__name__
