"""Log of the job: markers, and the output of the cells as it comes."""

from __future__ import annotations

import contextlib
import re
import time
from typing import Callable, Sequence, TextIO

from .raw_output import Echo
from .terminal import Row, Screen
from .text import LINE_LIMIT, cut, is_plain, plain

# A progress bar or a redrawn display is shown this often, not at every step.
REDRAW_SECONDS = 10.0
MARK = "smext: "
_PIECE = 500_000
_PENDING_LIMIT = 1_000_000
_FRAME_LINES = 1000
# More of a traceback than this, from its middle, is in the notebook alone.
_TRACEBACK_LIMIT = 20_000
_TRACEBACK_HEAD = 4_000


class Console:
    """Writer of whole lines, so that a marker is always at the start of a line and nothing else looks like one."""

    def __init__(
        self, out: TextIO, redraw: float = REDRAW_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._redraw = redraw
        self._clock = clock
        self._drawn = clock()
        self._screens: dict[str, Screen] = {}
        # After a clear_output: the lines that the next one may take back.
        self._frame: list[str] | None = None
        self._echo = Echo(clock)

    def marker(self, text: str) -> None:
        """Write a line that begins with MARK."""
        self._write(cut(plain(MARK + " ".join(text.splitlines()))) + "\n")
        self._flush()

    def note(self, text: str) -> None:
        """Write a line for the reader of the log."""
        self.marker("note: " + text)

    def stream(self, name: str, text: str) -> None:
        """Show text of the cell's stdout or stderr; what follows its last newline waits."""
        screen = self._screens.get(name)
        if screen is None:
            screen = self._screens[name] = Screen(self._finish)
        for begin in range(0, len(text), _PIECE):
            # A message may have many megabytes, of which not several copies are to be made.
            screen.feed(text[begin : begin + _PIECE])
            if len(screen.bottom.text) > _PENDING_LIMIT:
                self._emit([screen.take_bottom()])
        self._flush()

    def process(self, text: str) -> None:
        """Take what the kernel's process wrote itself; shown unless a message has the same text."""
        self._echo.add_output(text)

    @property
    def behind(self) -> bool:
        """True if more of the process's output waits for its message than should be kept."""
        return self._echo.full

    def release(self, everything: bool = False) -> None:
        """Show process output that no message has repeated; with `everything`, all of it."""
        lines = self._echo.due(everything)
        if lines:
            self._emit(lines)
            self._flush()

    def block(self, text: str) -> None:
        """Show a result."""
        screen = Screen(self._emit)
        screen.feed(text + "\n")
        self._flush()

    def traceback(self, text: str) -> None:
        """Show a traceback: its beginning, and above all its end."""
        missing = len(text) - _TRACEBACK_LIMIT
        if missing > 0:
            end = text[_TRACEBACK_HEAD + missing :]
            text = (
                f"{text[:_TRACEBACK_HEAD]}\n... [{missing} more characters: they are in the notebook]\n{end}"
            )
        self.block(text)

    def clear(self) -> None:
        """Forget what the cell has shown, as clear_output does; what is in the log stays there."""
        self._frame = []
        self._screens.clear()

    def tick(self) -> None:
        """Show lines that wait, at most once in an interval."""
        if self._clock() - self._drawn < self._redraw:
            return
        self._drawn = self._clock()
        for screen in self._screens.values():
            for row in list(screen.pending()):
                self._show(row)
                if row is screen.bottom and not row.rewritten:
                    screen.take_bottom()
        self._release()
        self._flush()

    def end_cell(self) -> None:
        """Show all that waits: the cell has ended."""
        for screen in self._screens.values():
            for row in list(screen.pending()):
                self._show(row)
        self._screens.clear()
        self._release()
        self._frame = None
        self._drawn = self._clock()
        self._flush()

    def _show(self, row: Row) -> None:
        row.shown = row.text
        self._finish([row.text])

    def _finish(self, lines: list[str]) -> None:
        self._echo.add_message(*lines)
        self._emit(lines)

    def _emit(self, lines: Sequence[str]) -> None:
        if self._frame is None:
            self._print(lines)
            return
        self._frame += lines
        if len(self._frame) > _FRAME_LINES:
            self._release()

    def _release(self) -> None:
        if self._frame:
            self._print(self._frame)
            self._frame = []

    def _print(self, lines: Sequence[str]) -> None:
        """Write text that is not the runner's own."""
        text = "\n".join(lines) + "\n"
        if not is_plain(text) or max(map(len, lines)) > LINE_LIMIT:
            text = "\n".join(cut(plain(line)) for line in lines) + "\n"
        if text.startswith(MARK) or f"\n{MARK}" in text:
            # Whatever a cell prints, it is no marker.
            text = _MARKED.sub(" ", text)
        self._write(text)

    def _write(self, text: str) -> None:
        # When nobody reads the log any more, the notebook still matters.
        with contextlib.suppress(OSError):
            self._out.write(text)

    def _flush(self) -> None:
        with contextlib.suppress(OSError):
            self._out.flush()


_MARKED = re.compile(rf"^(?={MARK})", re.MULTILINE)
