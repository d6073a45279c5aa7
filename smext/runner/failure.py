"""What ends a run early."""

from __future__ import annotations


class Failure(Exception):
    """The run cannot go on; the text says what failed, the variable part last, then what to do."""


class Stopped(BaseException):
    """SIGTERM came while the run was being prepared."""


def reason(error: OSError) -> str:
    """The operating system's word for it, without its number and path."""
    return error.strerror or str(error) or type(error).__name__
