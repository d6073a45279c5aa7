"""What an administrator may set for launches."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    read_only: bool = False
    """Plans are shown, nothing is launched."""
    max_files: int = 2_000
    max_file_bytes: int = 100 * MB
    max_files_bytes: int = 200 * MB
    """Of all files together, before they are packed."""
    max_entries: int = 20_000
    """Files and folders looked at, sent or not."""
    patience_seconds: float = 10.0
    """How long a plan waits for AWS; what has not answered by then cannot be told."""
