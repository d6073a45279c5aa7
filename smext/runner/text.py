"""Terminal text made fit for a log and for a notebook: no colours, no endless lines."""

from __future__ import annotations

import re
from typing import Any, Mapping

LINE_LIMIT = 4000
BLOCK_LIMIT = 20000
LABEL_LIMIT = 80

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029]")
_PICTURE = re.compile(r"^(image|audio|video)/|^application/pdf$")


def is_plain(text: str) -> bool:
    """Return True if a text surely has no codes and control characters; it may be False for one without."""
    # Much faster than any pattern.
    return text.replace("\n", "").replace("\t", "").isprintable()


def plain(text: str) -> str:
    """Return the text without colours and control characters; tabs and newlines stay."""
    return _CONTROL.sub("", _ANSI.sub("", text))


def cut(line: str, limit: int = LINE_LIMIT) -> str:
    """Return the line, or its beginning with a note of how much is missing."""
    if len(line) <= limit:
        return line
    return f"{line[:limit]} ... [{len(line) - limit} more characters]"


def label(source: str) -> str:
    """Return the first line of a cell that says what it does, at most 80 characters."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    chosen = next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")
    chosen = plain(chosen)
    return chosen if len(chosen) <= LABEL_LIMIT else chosen[: LABEL_LIMIT - 3] + "..."


def first_line(text: str, limit: int = 300) -> str:
    """Return the first line that is not blank."""
    lines = plain(text).strip().splitlines()
    return lines[0][:limit] if lines else ""


def shown(data: Mapping[str, Any]) -> str:
    """Return a result for the log: its text, and the types of what a log cannot show."""
    pictures = " ".join(f"[{mime}]" for mime in data if _PICTURE.match(mime))
    words = data.get("text/plain") or data.get("text/markdown") or data.get("text/latex") or ""
    if isinstance(words, list):
        words = "".join(words)
    if not pictures and not words:
        return " ".join(f"[{mime}]" for mime in data)
    return cut((f"{pictures} {words}" if pictures else words).rstrip(), BLOCK_LIMIT)


def tail(lines: list[str], limit: int) -> list[str]:
    """Return as many of the last lines as fit into `limit` bytes of UTF-8."""
    kept: list[str] = []
    for line in reversed(lines):
        limit -= len(line.encode("utf-8", "replace")) + 1
        if limit < 0:
            break
        kept.insert(0, line)
    return kept


def clipped(text: str, limit: int) -> str:
    """Return the beginning of the text that fits into `limit` bytes of UTF-8."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
