"""What the scripts here end with: a file that is written anew, or held against what it should be."""

from __future__ import annotations

import difflib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 40
"""Lines of a difference."""


def settle(target: Path, text: str, *, check: bool, how: str) -> int:
    """Write it, or with `check` say that it is stale and what to do: `how`. The exit status."""
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    if old == text:
        return 0
    name = target.relative_to(ROOT)
    if not check:
        target.write_text(text, encoding="utf-8")
        print(f"wrote {name}")
        return 0
    lines = difflib.unified_diff(
        old.splitlines(), text.splitlines(), "there", "as it should be", n=1, lineterm=""
    )
    print("\n".join(list(lines)[:SHOWN]))
    print(f"{name} is stale: {how}")
    return 1
