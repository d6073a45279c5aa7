"""Process of a job: started through the supervisor, its lines read, told to stop."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_CHUNK = 65536
_LONGEST_LINE = 200_000

Lines = Callable[[list[str]], None]


class Process:
    """Supervised process; standard output and error go to `lines` together, in order."""

    def __init__(self, command: list[str], env: dict[str, str], directory: Path, lines: Lines) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SUPERVISOR), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=directory,
            bufsize=0,
        )
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()

    def wait(self, seconds: float) -> int | None:
        """Wait at most so many seconds; return the exit code, or None while it runs."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return code

    def terminate(self) -> None:
        """Send SIGTERM to the job's processes."""
        self._say("term\n")

    def kill(self) -> None:
        """Send SIGKILL to the job's processes."""
        self._say("kill\n")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(word.encode())

    def _read(self, lines: Lines) -> None:
        assert self._process.stdout is not None
        descriptor, rest = self._process.stdout.fileno(), b""
        while chunk := os.read(descriptor, _CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                whole, rest = [*whole, rest], b""
            if whole:
                lines([_text(line) for line in whole])
        if rest:
            lines([_text(rest)])
        self._process.stdout.close()


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
