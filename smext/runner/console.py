"""What the job's log shows: markers, and the output of the cells as it comes."""

from __future__ import annotations

import contextlib
import time
from typing import Callable, TextIO

from .echo import Echo
from .text import cut, plain, settled, unfinished

# A progress bar or a redrawn display is shown this often, not at every step.
REDRAW_SECONDS = 10.0
_PENDING_LIMIT = 1_000_000
_FRAME_LINES = 1000


class Console:
    """Writes whole lines only, so that a marker always stands at the start of a line."""

    def __init__(
        self, out: TextIO, redraw: float = REDRAW_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._redraw = redraw
        self._clock = clock
        self._drawn = clock()
        self._pending: dict[str, str] = {}
        self._last: dict[str, str] = {}
        # After a clear_output: the lines that the next one may take back.
        self._frame: list[str] | None = None
        self._echo = Echo(clock)

    def marker(self, text: str) -> None:
        self._write("smext: " + text)
        self._flush()

    def note(self, text: str) -> None:
        self.marker("note: " + text)

    def stream(self, name: str, text: str) -> None:
        """Text of the cell's stdout or stderr; what follows its last newline waits."""
        lines = (self._pending.pop(name, "") + text).replace("\r\n", "\n").split("\n")
        for line in lines[:-1]:
            self._finish(name, line)
        rest = unfinished(lines[-1])
        if len(rest) > _PENDING_LIMIT:
            self._emit(rest)
            rest = ""
        if rest:
            self._pending[name] = rest
        self._flush()

    def process(self, text: str) -> None:
        """What the kernel's process wrote by itself; shown where no message says the same."""
        self._echo.hear(text)

    def release(self, everything: bool = False) -> None:
        """Show what the process wrote and no message has said; all of it where no more messages come."""
        for line in self._echo.due(everything):
            self._emit(line)
        self._flush()

    def block(self, text: str) -> None:
        """A result or a traceback."""
        for line in text.split("\n"):
            self._emit(settled(line))
        self._flush()

    def clear(self) -> None:
        """The cell took back what it has shown; what is in the log stays there."""
        self._frame = []
        self._pending.clear()
        self._last.clear()

    def tick(self) -> None:
        """Show lines that wait, once in a while."""
        if self._clock() - self._drawn < self._redraw:
            return
        self._drawn = self._clock()
        for name, line in list(self._pending.items()):
            if "\r" in line:
                self._redrawn(name, line)
            else:
                self._emit(self._pending.pop(name))
        self._release()
        self._flush()

    def end_cell(self) -> None:
        """Show all that waits: the cell has ended."""
        for name, line in list(self._pending.items()):
            self._finish(name, line)
        self._pending.clear()
        self._last.clear()
        self._release()
        self._frame = None
        self._drawn = self._clock()
        self._flush()

    def _finish(self, name: str, line: str) -> None:
        text = settled(line)
        self._echo.told(text)
        erased = "\r" in line and not text.strip()
        if not erased and text != self._last.get(name):
            self._emit(text)
        self._last.pop(name, None)

    def _redrawn(self, name: str, line: str) -> None:
        text = settled(line)
        if text.strip() and text != self._last.get(name):
            self._emit(text)
            self._last[name] = text

    def _emit(self, line: str) -> None:
        if self._frame is None:
            self._write(line)
            return
        self._frame.append(line)
        if len(self._frame) > _FRAME_LINES:
            self._release()

    def _release(self) -> None:
        for line in self._frame or ():
            self._write(line)
        if self._frame:
            self._frame = []

    def _write(self, line: str) -> None:
        # When nobody reads the log any more, the notebook still matters.
        with contextlib.suppress(OSError):
            self._out.write(cut(plain(line)) + "\n")

    def _flush(self) -> None:
        with contextlib.suppress(OSError):
            self._out.flush()
