"""pip, run by this server's Python in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

SECONDS = 900.0
"""After so long without an end it is given up."""
_LOOK_SECONDS = 0.05
_OPTIONS = ("--disable-pip-version-check", "--no-input")


def run(
    arguments: Sequence[str], watch: Callable[[], None] = lambda: None, seconds: float = SECONDS
) -> list[str] | None:
    """None where all went well, else the lines that it said.

    `watch` is called while it works; when that raises, pip is ended.
    """
    command = [sys.executable, "-m", "pip", *_OPTIONS, *arguments]
    # What it says goes to a file: nobody has to read while it works.
    with tempfile.TemporaryFile() as said:
        try:
            # A session of its own: what it starts ends with it.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return [str(error)]
        code = _wait(process, watch, seconds)
        if code == 0:
            return None
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return [*lines, *(["it took too long"] if code is None else [])] or ["pip failed"]


def last_word(said: Sequence[str]) -> str:
    """Return the line that tells most: the last error, else the last line."""
    wrong = [line for line in said if line.lstrip().lower().startswith("error")]
    return " ".join((wrong or list(said) or ["pip failed"])[-1].split())


def _wait(process: subprocess.Popen[bytes], watch: Callable[[], None], seconds: float) -> int | None:
    """Its exit code; None where it had to be ended."""
    end = time.monotonic() + seconds
    try:
        while True:
            watch()
            try:
                return process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    return None
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, 9)
            else:  # Windows
                process.kill()
            process.wait()
