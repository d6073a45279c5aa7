"""Questions on the terminal."""

from __future__ import annotations

import sys


def agreed(question: str) -> bool:
    """Ask on the terminal; False where there is none."""
    if not sys.stdin.isatty():
        sys.stderr.write("There is nobody to ask: add --yes.\n")
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
