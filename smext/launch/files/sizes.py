"""How large something is, in words."""

from __future__ import annotations

from ..limits import MB


def size(count: int) -> str:
    """`120 bytes`, `4.2 kB`, `20 MB`, `3.1 GB`: two figures, and no zero for what is merely small."""
    if count < 1000:
        return f"{count} bytes"
    value, unit = (count / 1000, "kB") if count < MB else (count / MB, "MB")
    if value >= 1000 and unit == "MB":
        value, unit = value / 1000, "GB"
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
