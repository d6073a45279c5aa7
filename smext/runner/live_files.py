"""Files that are uploaded while the job runs, each written atomically."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Callable, Iterable

from .failure import reason


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Replace the file in one step. Raises OSError and leaves nothing behind if that was not possible."""
    # A fixed name: whatever is synced in between is one small object, not one per write.
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


class Live:
    """Directory of live files. A failed write is noted once and tried again the next time."""

    def __init__(self, folder: Path, note: Callable[[str], None]) -> None:
        self._folder = folder
        self._note = note
        self._noted: set[str] = set()

    def write(self, name: str, content: bytes | Iterable[bytes]) -> bool:
        """Write the file; return False where that failed."""
        try:
            write_whole(self._folder / name, content)
        except OSError as error:
            text = f"could not write {self._folder / name} ({reason(error)}); the run goes on"
            if text not in self._noted:
                self._noted.add(text)
                self._note(text)
            return False
        return True
